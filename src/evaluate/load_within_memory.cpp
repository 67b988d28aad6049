#include "evaluate/load_within_memory.h"

#include "core/text.h"
#include "data/picture_check.h"
#include "image/codec.h"
#include "throng/error.h"

namespace throng {

Image load_within_memory(const ManifestEntry& entry, const std::function<void(ImageSize)>& check_memory) {
  const ImageSize size = probe_image(entry.image);
  try {
    check_memory(size);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failure) throw;
    throw Error(error.kind(), text(entry.image.string(), ": ", error.what()));
  }
  Image image = load_image(entry.image);
  check_size(entry, image.width, image.height);
  return image;
}

}  // namespace throng
