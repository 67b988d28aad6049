#include "cli/counting_together.h"

#include <chrono>
#include <new>
#include <utility>
#include <vector>

#include "throng/error.h"

namespace throng {

namespace {

void count_alone(const Counter& counter, PictureToCount& picture, bool profiled) {
  try {
    picture.counted = count_image(counter, picture.image, picture.path, profiled);
  } catch (...) {
    picture.problem = std::current_exception();
  }
}

/// Whether all could be counted.
bool count_at_once(const Counter& counter, const std::vector<PictureToCount*>& pictures) {
  std::vector<Image> images;
  for (PictureToCount* picture : pictures) images.push_back(std::move(picture->image));
  std::vector<CountResult> results;
  const auto start = std::chrono::steady_clock::now();
  try {
    results = counter.count(images);
  } catch (const Error&) {  // whose it is shows when they are counted one by one
  } catch (const std::bad_alloc&) {
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    pictures[i]->image = std::move(images[i]);
    if (results.empty()) continue;
    pictures[i]->counted = {.result = std::move(results[i]),
                            .seconds = taken.count() / static_cast<double>(pictures.size()),
                            .profile = {}};
  }
  return !results.empty();
}

}  // namespace

std::size_t pictures_at_once(const Counter& counter) {
  constexpr std::size_t kForGpu = 8;
  return counter.device() == "cpu" ? 1 : kForGpu;
}

void count_together(const Counter& counter, std::span<PictureToCount> pictures, bool profiled) {
  std::vector<PictureToCount*> loaded;
  for (PictureToCount& picture : pictures) {
    if (!picture.problem) loaded.push_back(&picture);
  }
  if (loaded.size() > 1 && !profiled && count_at_once(counter, loaded)) return;
  for (PictureToCount* picture : loaded) count_alone(counter, *picture, profiled);
}

}  // namespace throng
