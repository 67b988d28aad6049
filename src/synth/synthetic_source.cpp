#include <mutex>

#include "synth/chance.h"
#include "synth/empties.h"
#include "synth/scene.h"

namespace throng {

namespace {

constexpr int kMostPeople = 1500;
constexpr std::int64_t kTrainingPixelsPerPerson =
    220;  ///< so that heads stay as large as those of real training pictures
constexpr double kEmptyShare = 0.06;
constexpr double kNearlyEmptyShare = 0.06;

/// What scene `id` shows: 512 to 1024 pixels wide in a usual shape of photos, the number of people mostly log-uniform
/// from 10 up.
SceneOptions scene_options(std::uint64_t seed, std::int64_t id) {
  synth::Chance chance(seed, "synthetic source", static_cast<std::uint64_t>(id));
  static constexpr double kShapes[] = {0.75, 0.667, 0.5625, 1.0, 1.33};
  SceneOptions options;
  options.width = static_cast<int>(16 * (32 + chance.pick(33)));
  options.height = static_cast<int>(16 * std::floor(options.width * kShapes[chance.weighted({4, 3, 2, 1, 1})] / 16));
  const std::int64_t room = static_cast<std::int64_t>(options.width) * options.height / kTrainingPixelsPerPerson;
  if (chance.happens(kEmptyShare)) {
    options.people = 0;
  } else {
    const bool few = chance.happens(kNearlyEmptyShare);
    const auto people =
        static_cast<std::int64_t>(few ? chance.log_uniform(1, 10) : chance.log_uniform(10, kMostPeople + 1));
    options.people = std::min(people, room);
  }
  options.seed = static_cast<std::uint64_t>(chance.bits()) << 32;
  options.seed |= chance.bits();
  return options;
}

/// Whether scene `id` is drawn without people instead; of its own draws, so that the other scenes stay as they are.
bool is_drawn(std::uint64_t seed, std::int64_t id, double empties) {
  return synth::Chance(seed, "synthetic source empties", static_cast<std::uint64_t>(id)).happens(empties);
}

class SyntheticSource final : public SampleSource {
 public:
  SyntheticSource(std::int64_t scenes, std::uint64_t seed, std::int64_t cache_bytes, double empties)
      : seed_(seed), empties_(empties), slots_(static_cast<std::size_t>(std::max<std::int64_t>(0, scenes))) {
    // Which scenes stay in memory is settled beforehand, from their sizes, so that no order of asking changes it.
    for (std::size_t id = 0; id < slots_.size(); ++id) {
      const SceneOptions options = scene_options(seed_, static_cast<std::int64_t>(id));
      const std::int64_t bytes = std::int64_t{3} * options.width * options.height;
      slots_[id].kept = bytes <= cache_bytes;
      if (slots_[id].kept) cache_bytes -= bytes;
    }
  }

  std::int64_t size() const override { return static_cast<std::int64_t>(slots_.size()); }

  LabelledImage load(std::int64_t id) const override {
    Slot& slot = slots_.at(static_cast<std::size_t>(id));
    if (!slot.kept) return make(id);
    std::call_once(slot.once, [&] { slot.scene = make(id); });
    return slot.scene;
  }

 private:
  struct Slot {
    bool kept = false;
    std::once_flag once;
    LabelledImage scene;
  };

  LabelledImage make(std::int64_t id) const {
    SceneOptions options = scene_options(seed_, id);
    if (!is_drawn(seed_, id, empties_)) return render_scene(options);
    options.people = 0;
    return draw_empty(some_empty_kind(options.seed).name, options);
  }

  std::uint64_t seed_;
  double empties_;
  mutable std::vector<Slot> slots_;
};

}  // namespace

std::unique_ptr<SampleSource> make_synthetic_source(std::int64_t scenes, std::uint64_t seed, std::int64_t cache_bytes,
                                                    double empties) {
  return std::make_unique<SyntheticSource>(scenes, seed, cache_bytes, empties);
}

}  // namespace throng
