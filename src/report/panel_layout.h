#pragma once

#include <vector>

namespace throng {

/// Panels that stay together, and where they stand on a sheet: all in panels.
struct PanelBlock {
  int columns = 0;
  int rows = 0;
  int column = 0;  ///< set by the layout, as is `row`
  int row = 0;
};

struct PanelLayout {
  std::vector<PanelBlock> blocks;  ///< in the order in which they were given
  int columns = 0;                 ///< of the whole sheet
  int rows = 0;
};

/// Puts each block, in turn, at the first free place of a sheet of that many columns, which is as wide as any of them.
PanelLayout pack(std::vector<PanelBlock> blocks, int columns);

/// The packing whose sheet has about a screen's shape and few holes. `panel_width` and `panel_height` are in pixels.
PanelLayout lay_out(const std::vector<PanelBlock>& blocks, int panel_width, int panel_height);

}  // namespace throng
