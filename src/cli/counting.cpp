#include "cli/counting.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <system_error>
#include <thread>

#include "cli/option_values.h"
#include "core/text.h"
#include "image/codec.h"
#include "infer/available_memory.h"
#include "infer/shipped_model.h"
#include "throng/error.h"

namespace throng {

void add_counter_options(CLI::App& command, CounterOptions& options) {
  command.add_option("--device", options.device, "auto, cpu, cuda or cuda:N")->capture_default_str();
  command
      .add_option(
          "--precision", options.precision,
          "fp32 gives the same number on every machine; bf16 is faster where the hardware multiplies it, int8 "
          "where it adds its products and the model is calibrated; auto is the fastest of them. GPUs also have fp16")
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
                     "model file, or the name of one that comes with Throng, such as throng-small-sha; without it "
                     "THRONG_MODEL, then throng-small");
  add_counter_options(command, options.counter);
}

void add_interval_option(CLI::App& command, CounterOptions& options) {
  command
      .add_option("--interval", options.interval,
                  "also between which numbers the truth lies so often: --interval 0.9 for nine of ten pictures; takes "
                  "half as long again")
      ->check(CLI::Range(1e-6, 1.0));
}

void add_scale_options(CLI::App& command, CounterOptions& options) {
  command
      .add_option("--scale", options.scale,
                  "count at so many times the picture's size, 0.1 to 4; at several, such as 1,0.71, and take the mean; "
                  "or auto: where heads seem too small or too large for the model, at a size that suits it")
      ->capture_default_str();
  command.add_flag("--mirror", options.mirror, "also count the mirrored picture, and take the mean");
}

namespace {

std::filesystem::path model_path(const ModelOptions& options) {
  if (options.model.empty()) return default_model_path();
  const std::filesystem::path path(options.model);
  // A name and no file: one of the models that come with Throng.
  const bool is_name = path.filename() == path && !path.has_extension() && options.model.starts_with("throng-");
  std::error_code error;
  return is_name && !std::filesystem::exists(path, error) ? shipped_model_path(options.model) : path;
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

PictureQueue::Announced announce_picture(const std::string& path, const DecodeLimits& limits,
                                         const std::function<void(int width, int height)>& check_memory) {
  std::error_code error;
  // A pipe can be read only once, and may have nothing to give yet.
  if (!std::filesystem::is_regular_file(path, error)) return {.ahead = false};
  const ImageSize size = probe_within(path, limits);
  naming(path, [&] { check_memory(size.width, size.height); });
  return {.bytes = std::int64_t{3} * size.width * size.height};
}

Image load_picture(const std::string& path, const DecodeLimits& limits,
                   const std::function<void(int width, int height)>& check_memory) {
  announce_picture(path, limits, check_memory);
  return load_image(path, limits);
}

PictureQueue::Options decoding_for(const Counter& counter, std::int64_t memory_limit) {
  // While a processor's cores count, one thread decodes many times what they can take. A GPU takes more.
  constexpr int kThreadsForGpu = 4, kPicturesPerThread = 4;
  constexpr std::int64_t kMostBytes = std::int64_t{128} << 20, kPartOfMemory = 8;
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const int threads = counter.device() == "cpu" ? 1 : std::min(cores, kThreadsForGpu);
  const std::int64_t memory = memory_limit > 0 ? memory_limit : available_memory();
  return {.threads = threads,
          .bytes = std::min(kMostBytes, memory / kPartOfMemory),
          .pictures = static_cast<std::size_t>(threads * kPicturesPerThread)};
}

CountedImage count_image(const Counter& counter, const Image& image, const std::string& path, bool profiled) {
  CountedImage counted;
  const auto start = std::chrono::steady_clock::now();
  counted.result =
      naming(path, [&] { return profiled ? count_profiled(counter, image, counted.profile) : counter.count(image); });
  counted.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return counted;
}

}  // namespace throng
