#include "synth/scene.h"

#include "core/text.h"
#include "synth/crowd.h"
#include "synth/lens.h"
#include "synth/shade.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr int kSmallestSide = 32;
constexpr int kLargestSide = 4096;
constexpr std::int64_t kPixelsPerPerson = 150;  ///< heads of about 4 pixels, each at least half visible
constexpr std::int64_t kRim = 5;                ///< pixels along the edges where no head's middle lies

void check(const SceneOptions& options) {
  check_sides(options);
  if (options.people < 0)
    throw Error(ErrorKind::usage, text("a scene cannot have ", options.people, " people; give 0 or more"));
  const std::int64_t room = (options.width - 2 * kRim) * (options.height - 2 * kRim) / kPixelsPerPerson;
  if (options.people > room) {
    throw Error(ErrorKind::usage,
                text(options.people, " people do not fit into a picture of ", options.width, "x", options.height,
                     ": heads would be too small to see; at most ", room, " fit, or choose a larger size"));
  }
}

}  // namespace

void check_sides(const SceneOptions& options) {
  if (std::min(options.width, options.height) < kSmallestSide ||
      std::max(options.width, options.height) > kLargestSide) {
    throw Error(ErrorKind::usage,
                text("a scene of ", options.width, "x", options.height, " cannot be rendered: sides are between ",
                     kSmallestSide, " and ", kLargestSide, " pixels"));
  }
}

LabelledImage render_scene(const SceneOptions& options) {
  check(options);
  const synth::Setting setting = synth::choose_setting(options.seed);
  synth::Crowd crowd = synth::place_crowd(options, setting);
  const synth::Light light(setting, crowd.terrain, std::move(crowd.occluders));
  synth::Picture picture = synth::shade(crowd.model, setting, crowd.terrain, crowd.camera, crowd.buffer, light);
  auto image = std::make_shared<Image>(synth::photograph(std::move(picture), setting, options.seed));
  return {std::move(image), std::move(crowd.heads)};
}

}  // namespace throng
