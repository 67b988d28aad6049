#include "synth/empties.h"

#include <array>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "core/text.h"
#include "synth/chance.h"
#include "synth/empties/canvas.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr std::string_view kAny = "any";

constexpr std::array kKinds = {
    EmptyKind{"landscape", "sky, hills, houses, meadow or water, trees, flowers", synth::draw_landscape},
    EmptyKind{"texture", "bricks, stones, dots, balls, cloth, wood, scales, grass, leaves", synth::draw_texture},
    EmptyKind{"document", "pages of text with tables and figures", synth::draw_document},
    EmptyKind{"screenshot", "windows, icons, code, sheets, charts", synth::draw_screenshot},
    EmptyKind{"noise", "noise, clouds, gradients, plain colours", synth::draw_noise},
};

}  // namespace

std::span<const EmptyKind> empty_kinds() { return kKinds; }

const EmptyKind& find_empty_kind(std::string_view name) {
  std::vector<std::string> names;
  for (const EmptyKind& kind : kKinds) {
    if (kind.name == name) return kind;
    names.emplace_back(kind.name);
  }
  throw Error(ErrorKind::usage,
              text("there are no empty pictures of the kind '", name, "'; there are: ", join(names, ", "), ", any"));
}

const EmptyKind& some_empty_kind(std::uint64_t seed) {
  synth::Chance chance(seed, "empty kind");
  return kKinds[static_cast<std::size_t>(chance.pick(kKinds.size()))];
}

LabelledImage draw_empty(std::string_view kind, const SceneOptions& options) {
  if (options.people != 0) {
    throw Error(ErrorKind::usage, text("pictures of the kind '", kind, "' show nobody, so --people ", options.people,
                                       " is not possible; rendered scenes have people"));
  }
  check_sides(options);
  if (kind == kAny) {
    synth::Chance chance(options.seed, "any empty picture");
    if (chance.pick(std::ssize(kKinds) + 1) == 0) return render_scene(options);
  }
  const EmptyKind& chosen = kind == kAny ? some_empty_kind(options.seed) : find_empty_kind(kind);
  return {std::make_shared<Image>(chosen.draw(options.width, options.height, options.seed)), {}};
}

}  // namespace throng
