#include "train/dataset.h"

#include <cmath>

#include "core/draw.h"
#include "core/text.h"
#include "data/picture_check.h"
#include "synth/scene.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr char kHeldOut[] = "val";

// Two sources one after the other.
class JoinedSource final : public SampleSource {
 public:
  JoinedSource(std::unique_ptr<SampleSource> first, std::unique_ptr<SampleSource> second)
      : first_(std::move(first)), second_(std::move(second)) {}

  std::int64_t size() const override { return first_->size() + second_->size(); }
  LabelledImage load(std::int64_t id) const override {
    return id < first_->size() ? first_->load(id) : second_->load(id - first_->size());
  }

 private:
  std::unique_ptr<SampleSource> first_, second_;
};

Manifest limited(const Manifest& manifest, const DataConfig& config, std::uint64_t seed) {
  std::vector<ManifestEntry> entries = manifest.split(config.split);
  Manifest chosen{manifest.name, {}};
  const auto count = static_cast<std::int64_t>(entries.size());
  const std::int64_t wanted = config.limit > 0 ? std::min(config.limit, count) : count;
  const std::vector<std::int64_t> order = Draw(seed, "limit").permutation(count);
  for (std::int64_t i = 0; i < wanted; ++i) {
    chosen.entries.push_back(entries[config.limit > 0 ? order[i] : i]);
  }
  return chosen;
}

// What to do where one image is all there is and it would be held out.
void need_two_images(const Manifest& chosen, const DataConfig& config) {
  if (chosen.entries.size() > 1) return;
  throw Error(ErrorKind::usage,
              text(config.manifest, ": data.validation = ", config.validation,
                   " holds images out, and there is only one", config.limit > 0 ? " (data.limit = 1)" : "",
                   ": set data.validation = 0 to train without judging, or give it more images"));
}

void need_known_counts(const std::vector<ManifestEntry>& validation) {
  for (const ManifestEntry& entry : validation) {
    if (entry.people()) continue;
    throw Error(ErrorKind::usage, text("nothing can be judged by ", entry.image.string(), " (", entry.split,
                                       "): nobody knows how many people it shows; take it out of the split"));
  }
}

bool has_split(const Manifest& manifest, const std::string& split) {
  for (const ManifestEntry& entry : manifest.entries) {
    if (entry.split == split) return true;
  }
  return false;
}

}  // namespace

Dataset make_dataset(const DataConfig& config, std::uint64_t seed) {
  if (config.manifest.empty()) {
    throw Error(ErrorKind::usage,
                "data.manifest is not set: name an annotated data set, as 'throng data import' makes it");
  }
  if (config.split == kHeldOut) {
    throw Error(ErrorKind::usage, text("data.split = \"", kHeldOut,
                                       "\": the pictures of that split judge a training and are not trained ",
                                       "on; name another split of ", config.manifest));
  }
  const Manifest manifest = read_manifest(config.manifest);
  Manifest chosen = limited(manifest, config, seed);
  Dataset data;
  data.name = manifest.name;
  data.sha256 = manifest_sha256(config.manifest);
  if (has_split(manifest, kHeldOut)) {
    data.validation = manifest.split(kHeldOut);
  } else if (config.validation > 0) {
    need_two_images(chosen, config);
    split_manifest(chosen, config.split, kHeldOut, config.validation, seed);
  }
  std::vector<ManifestEntry> training;
  for (ManifestEntry& entry : chosen.entries)
    (entry.split == kHeldOut ? data.validation : training).push_back(std::move(entry));
  if (training.empty()) {
    throw Error(
        ErrorKind::usage,
        text(config.manifest, ": the validation cut leaves no image to train on: lower data.validation, or set ",
             "data.validation = 0 to train without judging"));
  }
  need_known_counts(data.validation);

  data.images = static_cast<std::int64_t>(training.size());
  data.scenes = std::llround(static_cast<double>(data.images) * config.synthetic / (1.0 - config.synthetic));
  data.annotated = training;
  auto images = make_manifest_source(std::move(training), config.cache_mib << 20);
  if (data.scenes == 0) {
    data.training = std::move(images);
  } else {
    data.training = std::make_shared<JoinedSource>(
        std::move(images), make_synthetic_source(data.scenes, seed, config.cache_mib << 20, config.empties));
  }
  return data;
}

void check_pictures(const Dataset& data, const std::stop_token& stop) {
  check_pictures(data.annotated, "training pictures", CheckDepth::header, stop);
  // All of them are decoded after the first epoch, and only then; a training picture that is cut off ends that epoch.
  check_pictures(data.validation, "validation pictures", CheckDepth::pixels, stop);
}

}  // namespace throng
