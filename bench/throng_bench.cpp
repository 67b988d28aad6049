// Throng as an engine of the bench: a process that stays alive and speaks the protocol of bench/README.md.
//   throng_bench MODEL PICTURE PRECISION THREADS [DEVICE]
// It counts through the public interface. A run is Counter::count on a decoded picture, so its normalisation is in the
// measured time; the peers are given the normalised tensor.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "core/freed_memory.h"
#include "throng/throng.h"

namespace {

using Json = nlohmann::json;

void answer(const Json& fields) {
  std::cout << fields.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

void serve(const throng::Counter& counter, const throng::Image& image) {
  std::string line;
  while (std::getline(std::cin, line) && line == "run") {
    const auto begin = std::chrono::steady_clock::now();
    const double count = counter.count(image).count;
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    answer({{"seconds", taken.count()}, {"count", count}});
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 && argc != 6) {
    std::cerr << "usage: throng_bench MODEL PICTURE PRECISION THREADS [DEVICE]\n";
    return 2;
  }
  throng::keep_freed_memory();  // as the program does
  try {
    throng::CounterOptions options;
    options.device = argc == 6 ? argv[5] : "cpu";
    options.precision = argv[3];
    options.threads = std::atoi(argv[4]);
    const throng::Counter counter = throng::Counter::load(argv[1], options);
    const throng::Image image = throng::load_image(argv[2]);
    answer({{"ready", true}, {"version", counter.precision() + ", " + counter.kernels()}});
    serve(counter, image);
  } catch (const std::exception& error) {
    answer({{"unavailable", error.what()}});
  }
  return 0;
}
