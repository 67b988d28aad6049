// A program of somebody who uses the installed library and has no libtorch header.
#include <throng/throng.h>

#include <cmath>
#include <iostream>
#include <string>

#if __has_include(<torch/torch.h>) || __has_include(<core/config.h>)
#error "the installed library must not bring the headers that it was built with"
#endif

namespace {

bool expect(bool holds, const std::string& what) {
  if (!holds) std::cerr << "FAILED: " << what << '\n';
  return holds;
}

bool fails_with(throng::ErrorKind kind, const std::string& part, void (*action)()) {
  try {
    action();
  } catch (const throng::Error& error) {
    const std::string sentence = error.what();
    return expect(error.kind() == kind && sentence.find(part) != std::string::npos, sentence);
  }
  return expect(false, "no error about " + part);
}

/// 4x4 cells with 1 to 16 people: 136 in all, whatever the picture's size.
bool density_keeps_the_count() {
  throng::CountResult result;
  result.width = 16;
  result.height = 16;
  result.grid = {4, 4, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
  double sum = 0;
  for (const float value : result.per_pixel().values) sum += value;
  return expect(std::abs(sum - 136) < 1e-3, "the density per pixel sums to " + std::to_string(sum));
}

}  // namespace

int main() {
  const bool image = fails_with(throng::ErrorKind::input, "/no/such.jpg", [] { throng::load_image("/no/such.jpg"); });
  const bool model = fails_with(throng::ErrorKind::model, "/no/such.safetensors",
                                [] { throng::Counter::load("/no/such.safetensors"); });
  return density_keeps_the_count() && image && model ? 0 : 1;
}
