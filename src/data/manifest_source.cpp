#include <mutex>
#include <utility>

#include "core/text.h"
#include "data/picture_check.h"
#include "data/sample.h"
#include "throng/error.h"

namespace throng {
namespace {

class ManifestSource final : public SampleSource {
 public:
  ManifestSource(std::vector<ManifestEntry> entries, std::int64_t cache_bytes)
      : entries_(std::move(entries)), slots_(entries_.size()) {
    for (const ManifestEntry& entry : entries_) {
      if (!entry.annotated) {
        throw Error(ErrorKind::usage, text("nothing can be learned from ", entry.image.string(), " (", entry.split,
                                           "): its heads are not marked; choose another split"));
      }
    }
    // Which pictures stay in memory is settled beforehand, from the sizes in the manifest.
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const std::int64_t bytes = std::int64_t{3} * entries_[i].width * entries_[i].height;
      slots_[i].kept = bytes <= cache_bytes;
      if (slots_[i].kept) cache_bytes -= bytes;
    }
  }

  std::int64_t size() const override { return static_cast<std::int64_t>(entries_.size()); }

  LabelledImage load(std::int64_t id) const override {
    const ManifestEntry& entry = entries_.at(static_cast<std::size_t>(id));
    Slot& slot = slots_[static_cast<std::size_t>(id)];
    if (!slot.kept) return {decode(entry), entry.points};
    const std::lock_guard lock(slot.mutex);
    if (!slot.image) slot.image = decode(entry);
    return {slot.image, entry.points};
  }

 private:
  struct Slot {
    bool kept = false;
    std::mutex mutex;
    std::shared_ptr<const Image> image;
  };

  static std::shared_ptr<const Image> decode(const ManifestEntry& entry) {
    auto image = std::make_shared<Image>(load_image(entry.image));
    check_size(entry, image->width, image->height);
    return image;
  }

  std::vector<ManifestEntry> entries_;
  mutable std::vector<Slot> slots_;
};

}  // namespace

std::unique_ptr<SampleSource> make_manifest_source(std::vector<ManifestEntry> entries, std::int64_t cache_bytes) {
  return std::make_unique<ManifestSource>(std::move(entries), cache_bytes);
}

}  // namespace throng
