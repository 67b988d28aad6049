#include "cli/counting.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <system_error>

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

namespace {

std::filesystem::path model_path(const ModelOptions& options) {
  return options.model.empty() ? default_model_path() : std::filesystem::path(options.model);
}

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

/// Whether its header can be read, however many pixels it promises.
bool has_a_size(const std::string& path) {
  try {
    probe_image(path, {.max_pixels = std::numeric_limits<std::int64_t>::max()});
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// As probe_image, but names the option where nothing but the limit stands in the way.
ImageSize probe_within(const std::string& path, const DecodeLimits& limits) {
  try {
    return probe_image(path, limits);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input || !has_a_size(path)) throw;
    throw Error(error.kind(), text(error.what(), " Or allow more with --max-pixels."));
  }
}

}  // namespace

Counter load_counter(const ModelOptions& options) { return Counter::load(model_path(options), options.counter); }

Inspector load_inspector(const ModelOptions& options) { return Inspector::load(model_path(options), options.counter); }

Image load_picture(const std::string& path, const DecodeLimits& limits,
                   const std::function<void(int width, int height)>& check_memory) {
  std::error_code error;
  // A pipe can be read only once.
  if (std::filesystem::is_regular_file(path, error)) {
    const ImageSize size = probe_within(path, limits);
    naming(path, [&] { check_memory(size.width, size.height); });
  }
  return load_image(path, limits);
}

CountedImage count_file(const Counter& counter, const std::string& path, const DecodeLimits& limits) {
  const auto start = std::chrono::steady_clock::now();
  CountedImage counted;
  counted.image = load_picture(path, limits, [&](int width, int height) { counter.check_memory(width, height); });
  counted.result = naming(path, [&] { return counter.count(counted.image); });
  counted.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return counted;
}

}  // namespace throng
