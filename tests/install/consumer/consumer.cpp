// A program of somebody who uses the installed library and has no libtorch header.
#include <throng/throng.h>

#include <iostream>
#include <string>

#if __has_include(<torch/torch.h>) || __has_include(<core/config.h>)
#error "the installed library must not bring the headers that it was built with"
#endif

namespace {

bool fails_with(throng::ErrorKind kind, const std::string& part, void (*action)()) {
  try {
    action();
  } catch (const throng::Error& error) {
    std::cout << error.what() << '\n';
    return error.kind() == kind && std::string(error.what()).find(part) != std::string::npos;
  }
  return false;
}

}  // namespace

int main() {
  const bool image = fails_with(throng::ErrorKind::input, "/no/such.jpg", [] { throng::load_image("/no/such.jpg"); });
  const bool model = fails_with(throng::ErrorKind::model, "/no/such.safetensors",
                                [] { throng::Counter::load("/no/such.safetensors"); });
  throng::CountResult result;
  result.width = 8;
  result.height = 8;
  result.grid = {2, 2, {1.0f, 2.0f, 3.0f, 4.0f}};
  double sum = 0;
  for (const float value : result.per_pixel().values) sum += value;
  return image && model && sum > 9.999 && sum < 10.001 ? 0 : 1;
}
