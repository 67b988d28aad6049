#include "infer/pass_memory.h"

#include "core/text.h"
#include "image/resize.h"
#include "infer/evidence.h"
#include "throng/error.h"

namespace throng {

std::string describe(const PassKind& kind) {
  if (kind.for_interval) return "for its interval";
  const std::string size = kind.factor == 1 ? "" : text("at ", kind.factor, " times its size");
  if (!kind.mirrored) return size;
  return size.empty() ? "mirrored" : text("mirrored and ", size);
}

void telling_the_pass(const PassKind& kind, const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failure || !kind.copies()) throw;
    const std::string remedy = kind.factor > 1 ? ", or use a smaller --scale"
                               : kind.mirrored ? ", or do without --mirror"
                                               : "";
    throw Error(ErrorKind::failure, text(describe(kind), ", beside the original: ", error.what(), remedy));
  }
}

void PassMemory::check(const PassKind& kind) const {
  ImageSize seen = scaled_size(picture_, kind.factor);
  if (kind.for_interval) seen = scaled_size(seen, kSecondLook);
  constexpr std::int64_t kMillion = 1'000'000;
  const std::int64_t most = DecodeLimits().max_pixels;
  if (kind.factor > 1 && seen.pixels() > most) {
    throw Error(ErrorKind::failure,
                text(describe(kind), ", ", seen.width, " x ", seen.height, " pixels, it has more than ",
                     most / kMillion, " million pixels, which is the most: use a smaller --scale"));
  }
  const std::int64_t others = beside(kind), pixels = picture_bytes(seen);
  MemoryBeside memory{.in_use = others, .to_come = pixels};
  if (state_ == Picture::to_come) memory = {.in_use = 0, .to_come = others + pixels};
  if (state_ == Picture::in_use && !kind.copies()) memory = {.in_use = others + pixels, .to_come = 0};
  telling_the_pass(kind, [&] { network_.check_memory(seen, memory); });
}

void PassMemory::check_first(double factor, const OtherLooks& looks) const {
  PassMemory memory = *this;
  memory.check({factor});
  memory.keep(factor);
  if (looks.mirrored) memory.check({.factor = factor, .mirrored = true});
  if (looks.for_interval) memory.check({.factor = factor, .for_interval = true});
}

void PassMemory::keep(double factor) {
  const ImageSize seen = scaled_size(picture_, factor);
  kept_[factor] = network_.prediction_bytes(seen) + (factor == 1 ? 0 : picture_bytes(seen));
}

std::int64_t PassMemory::beside(const PassKind& kind) const {
  std::int64_t bytes = kind.copies() ? picture_bytes(picture_) : 0;
  for (const auto& [factor, kept] : kept_) bytes += kept;
  return bytes;
}

}  // namespace throng
