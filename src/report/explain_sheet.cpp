#include "report/explain_sheet.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "image/draw.h"
#include "image/resize.h"
#include "report/explain_colours.h"
#include "report/panel_layout.h"
#include "throng/error.h"

namespace throng {
namespace {

constexpr Colour kPaper = {18, 20, 26};
constexpr Colour kInk = {240, 242, 246};
constexpr Colour kSoftInk = {160, 167, 180};
constexpr Colour kAccent = {110, 190, 255};
constexpr Colour kRule = {58, 63, 75};

// Pixels.
constexpr int kPanelWidth = 400;
constexpr int kUprightPanel = 360;  ///< width of one that is higher than wide, which leaves room for its title
constexpr int kHighestPanel = 640;
constexpr int kLeastCell = 190;  ///< a narrower panel is centred in a cell of that width
constexpr int kSheetMargin = 28;
constexpr int kGap = 18;
constexpr int kHead = 90;
constexpr int kHeading = 40;  ///< above a row in which sections begin
constexpr int kTitle = 24;
constexpr int kFoot = 92;
constexpr int kLegendGap = 48;
constexpr int kLegendBar = 300;
constexpr int kSwatch = 14;
constexpr int kFontHeight = 7;

std::string cut_to(std::string_view words, int letters) {
  if (static_cast<int>(words.size()) <= letters) return std::string(words);
  return text(words.substr(0, static_cast<std::size_t>(std::max(letters - 3, 0))), "...");
}

/// Draws everything; measures are in pixels.
class Sheet {
 public:
  Sheet(const Explanation& explanation, const Image& picture) : explanation_(explanation) {
    if (picture.width < 1 || picture.height < 1)
      throw Error(ErrorKind::failure, "a picture without pixels cannot be explained");
    const double width = picture.height > picture.width ? kUprightPanel : kPanelWidth;
    const double factor = std::min(width / picture.width, static_cast<double>(kHighestPanel) / picture.height);
    const auto side = [&](int pixels) { return std::max(1, static_cast<int>(std::lround(pixels * factor))); };
    photo_ = resize_image(picture, side(picture.width), side(picture.height));
    cell_width_ = std::max(photo_.width, kLeastCell) + kGap;
    const int cell_height = kTitle + photo_.height + kGap;
    layout_ = lay_out(blocks(), cell_width_, kHeading + cell_height);
    row_tops_ = {kHead};
    for (int row = 0; row < layout_.rows; ++row)
      row_tops_.push_back(row_tops_.back() + (has_heading(row) ? kHeading : 0) + cell_height);
  }

  Image draw(std::string_view name, std::string_view model) {
    // A sheet of a few narrow panels is widened so that head and foot can be read.
    const int panels = layout_.columns * cell_width_ - kGap;
    const int width = std::max(panels, kLegendBar + kLegendBar + kLegendGap) + 2 * kSheetMargin;
    const std::vector<Legend> legends = wanted_legends();
    const int lines = legend_lines(legends, width);
    image_ = filled_image(width, row_tops_.back() + lines * kFoot + kSheetMargin, kPaper);
    draw_head(name, model);
    for (std::size_t i = 0; i < layout_.blocks.size(); ++i) draw_section(explanation_.sections[i], layout_.blocks[i]);
    draw_legends(legends);
    return std::move(image_);
  }

 private:
  enum class LegendKind { density, weight, experts };
  struct Legend {
    LegendKind kind;
    int width;
  };

  /// The picture stands before the first section's layers.
  std::vector<PanelBlock> blocks() const {
    std::vector<PanelBlock> blocks;
    for (const ExplainedSection& section : explanation_.sections) {
      PanelBlock block;
      for (const ExplainedLayer& layer : section.layers) {
        block.columns = std::max(block.columns, layer.column + 1);
        block.rows = std::max(block.rows, layer.row + 1);
      }
      if (blocks.empty()) ++block.columns;
      blocks.push_back(block);
    }
    return blocks;
  }

  bool has(LayerKind kind) const {
    return std::ranges::any_of(explanation_.sections, [&](const ExplainedSection& section) {
      return std::ranges::any_of(section.layers, [&](const ExplainedLayer& layer) { return layer.kind == kind; });
    });
  }

  void words(int x, int y, std::string_view words, Colour colour, int scale) {
    draw_text(image_, x, y, words, colour, scale);
  }

  void draw_head(std::string_view name, std::string_view model) {
    const int room = image_.width - 2 * kSheetMargin;
    std::string title = text(name, "   ", fixed(explanation_.count(), 1), " counted");
    if (explanation_.truth) title += text(", ", fixed(*explanation_.truth, 0), " true");
    const int scale = text_width(title, 3) <= room ? 3 : 2;
    words(kSheetMargin, kSheetMargin, cut_to(title, room / text_width("x", scale)), kInk, scale);
    const std::string note = text(explanation_.width, " x ", explanation_.height, " pixels   model ", model);
    words(kSheetMargin, kSheetMargin + kFontHeight * 3 + 9, cut_to(note, room / text_width("x", 2)), kSoftInk, 2);
  }

  int cell_left(int column) const { return kSheetMargin + column * cell_width_; }
  bool has_heading(int row) const {
    return std::ranges::any_of(layout_.blocks, [row](const PanelBlock& block) { return block.row == row; });
  }
  int row_top(int row) const { return row_tops_[static_cast<std::size_t>(row)]; }
  int panel_top(int row) const { return row_top(row) + (has_heading(row) ? kHeading : 0); }

  void draw_section(const ExplainedSection& section, const PanelBlock& block) {
    const int left = cell_left(block.column), top = row_top(block.row);
    const int width = block.columns * cell_width_ - kGap;
    words(left, top + 14, cut_to(section.title, width / text_width("x", 2)), kAccent, 2);
    fill_rectangle(image_, left, top + kHeading - 8, width, 1, kRule);
    int column = block.column;
    if (&block == layout_.blocks.data()) {
      draw_panel(column++, block.row, "Picture", text(explanation_.width, " x ", explanation_.height), photo_);
    }
    for (const ExplainedLayer& layer : section.layers) {
      draw_panel(column + layer.column, block.row + layer.row, layer.title, layer.value, panel_of(layer));
    }
  }

  Image panel_of(const ExplainedLayer& layer) const {
    Image panel = paint_layer(explanation_, layer, photo_.width, photo_.height);
    if (layer.kind == LayerKind::best_expert) put_on_photo(panel);
    return panel;
  }

  /// Where there is no crowd the picture shines through, dark and grey.
  void put_on_photo(Image& panel) const {
    for (std::size_t i = 0; i < panel.rgb.size(); i += 3) {
      if (!std::equal(kNoCrowdColour.begin(), kNoCrowdColour.end(), panel.rgb.data() + i)) continue;
      const std::uint8_t* photo = photo_.rgb.data() + i;
      const double grey = 0.35 * (0.299 * photo[0] + 0.587 * photo[1] + 0.114 * photo[2]);
      for (std::size_t c = 0; c < 3; ++c)
        panel.rgb[i + c] = static_cast<std::uint8_t>(std::lround(0.5 * kNoCrowdColour[c] + grey));
    }
  }

  void draw_panel(int column, int row, const std::string& title, const std::string& value, const Image& panel) {
    const int room = cell_width_ - kGap;
    const int left = cell_left(column), top = panel_top(row);
    const std::string both = value.empty() ? title : text(title, "  ", value);
    const int scale = text_width(both, 2) <= room ? 2 : 1;
    const int baseline = top + (kTitle - 6 - kFontHeight * scale);
    const int letters = room / text_width("x", scale);
    words(left, baseline, cut_to(title, std::max(letters - static_cast<int>(value.size()) - 1, 1)), kInk, scale);
    // The last letter's gap does not count.
    words(left + room - text_width(value, scale) + scale, baseline, value, kSoftInk, scale);
    const int inset = (room - panel.width) / 2;
    for (int y = 0; y < panel.height; ++y) {
      std::copy_n(panel.pixel(0, y), 3 * static_cast<std::size_t>(panel.width),
                  image_.pixel(left + inset, top + kTitle + y));
    }
  }

  int experts_width() const {
    int width = 0;
    for (std::size_t i = 0; i < explanation_.experts.size(); ++i)
      width += kSwatch + 8 + text_width(expert_words(i), 2) + 22;
    return std::max(width, text_width(kBestTitle, 2));
  }

  std::string expert_words(std::size_t expert) const {
    return text(explanation_.experts[expert], " ", fixed(100 * explanation_.best->shares[expert], 0), " %");
  }

  std::vector<Legend> wanted_legends() const {
    std::vector<Legend> legends = {{LegendKind::density, std::max(kLegendBar, text_width(kDensityTitle, 2))}};
    if (has(LayerKind::weight) || has(LayerKind::attention))
      legends.push_back({LegendKind::weight, std::max(kLegendBar, text_width(weight_title(), 2))});
    if (explanation_.best) legends.push_back({LegendKind::experts, experts_width()});
    return legends;
  }

  /// Calls receive(legend, x, line) for each, from left to right, then in the next line; gives the number of lines.
  template <class Receive>
  static int flow(const std::vector<Legend>& legends, int width, const Receive& receive) {
    int x = kSheetMargin, line = 0;
    for (const Legend& legend : legends) {
      if (x > kSheetMargin && x + legend.width > width - kSheetMargin) {
        x = kSheetMargin;
        ++line;
      }
      receive(legend, x, line);
      x += legend.width + kLegendGap;
    }
    return line + 1;
  }

  static int legend_lines(const std::vector<Legend>& legends, int width) {
    return flow(legends, width, [](const Legend&, int, int) {});
  }

  void draw_legends(const std::vector<Legend>& legends) {
    const int first = row_tops_.back();
    fill_rectangle(image_, kSheetMargin, first, image_.width - 2 * kSheetMargin, 1, kRule);
    flow(legends, image_.width, [&](const Legend& legend, int x, int line) {
      const int top = first + kGap + line * kFoot;
      switch (legend.kind) {
        case LegendKind::density:
          draw_bar(x, top, kDensityTitle, density_colour, explanation_.scale.labels());
          break;
        case LegendKind::weight:
          draw_bar(x, top, weight_title(), weight_colour, {"0", "0.5", "1"});
          break;
        case LegendKind::experts:
          draw_experts(x, top);
          break;
      }
    });
  }

  void draw_bar(int left, int top, std::string_view title, Colour (*colour)(double),
                const std::vector<std::string>& labels) {
    words(left, top, title, kSoftInk, 2);
    for (int x = 0; x < kLegendBar; ++x)
      fill_rectangle(image_, left + x, top + 24, 1, kSwatch, colour((x + 0.5) / kLegendBar));
    const int intervals = static_cast<int>(labels.size()) - 1;
    for (int i = 0; i <= intervals; ++i) {
      const int at = left + i * kLegendBar / intervals;
      const std::string& label = labels[static_cast<std::size_t>(i)];
      const int width = text_width(label, 2) - 2;
      const int start = i == 0 ? at : i == intervals ? at - width : at - width / 2;
      words(start, top + 24 + kSwatch + 6, label, kInk, 2);
    }
  }

  void draw_experts(int left, int top) {
    words(left, top, kBestTitle, kSoftInk, 2);
    for (std::size_t i = 0; i < explanation_.experts.size(); ++i) {
      fill_rectangle(image_, left, top + 24, kSwatch, kSwatch, expert_colour(i));
      words(left + kSwatch + 8, top + 24, expert_words(i), kInk, 2);
      left += kSwatch + 8 + text_width(expert_words(i), 2) + 22;
    }
  }

  std::string_view weight_title() const {
    if (!has(LayerKind::attention)) return "gate weights";
    return has(LayerKind::weight) ? "gate weights and attention" : "attention";
  }

  static constexpr std::string_view kDensityTitle = "people per 100 x 100 pixels";
  static constexpr std::string_view kBestTitle = "best expert: nearest to the truth";

  const Explanation& explanation_;
  Image photo_;
  int cell_width_ = 0;
  PanelLayout layout_;
  std::vector<int> row_tops_;  ///< one more than rows: the last is the foot's
  Image image_;
};

}  // namespace

Image explanation_sheet(const Explanation& explanation, const Image& picture, std::string_view name,
                        std::string_view model) {
  return Sheet(explanation, picture).draw(name, model);
}

}  // namespace throng
