#include "cli/counting.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>

#include "cli/option_values.h"
#include "core/text.h"
#include "image/codec.h"
#include "throng/error.h"

namespace throng {

void add_counter_options(CLI::App& command, CounterOptions& options) {
  command.add_option("--device", options.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  command
      .add_option("--precision", options.precision,
                  "fp32 gives the same number on every machine; bf16 is faster where the hardware multiplies it; auto "
                  "is bf16 there and fp32 elsewhere")
      ->capture_default_str();
  command.add_option("--threads", options.threads, "threads to compute with; 0 = all cores")->capture_default_str();
  command
      .add_option("--memory", options.memory_limit,
                  "memory that one image may take, such as 8G; 0 = what the machine has available")
      ->transform(memory_size())
      ->capture_default_str();
}

void add_model_options(CLI::App& command, ModelOptions& options) {
  command.add_option("--model", options.model,
                     "model file; without it THRONG_MODEL, then the one that comes with Throng");
  add_counter_options(command, options.counter);
}

Counter load_counter(const ModelOptions& options) {
  return options.model.empty() ? Counter::load_default(options.counter) : Counter::load(options.model, options.counter);
}

namespace {

// Errors about a picture's size do not know its name.
template <class Work>
auto naming(const std::string& path, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failure) throw;
    throw Error(error.kind(), text(path, ": ", error.what()));
  }
}

}  // namespace

CountedImage count_file(const Counter& counter, const std::string& path, const DecodeLimits& limits) {
  const auto start = std::chrono::steady_clock::now();
  std::error_code error;
  // A pipe can be read only once.
  if (std::filesystem::is_regular_file(path, error)) {
    const ImageSize size = probe_image(path, limits);
    naming(path, [&] { counter.check_memory(size.width, size.height); });
  }
  CountedImage counted;
  counted.image = load_image(path, limits);
  counted.result = naming(path, [&] { return counter.count(counted.image); });
  counted.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return counted;
}

}  // namespace throng
