#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "infer/inspect.h"
#include "infer/picture_queue.h"
#include "infer/profile.h"
#include "throng/counter.h"
#include "throng/image.h"

namespace CLI {
class App;
}

namespace throng {

/// The options that every command with a model shares.
struct ModelOptions {
  std::string model;  ///< a file or the name of a model that comes with Throng; "" = the default one
  CounterOptions counter;
};

/// Declares --device, --precision, --threads and --memory. `options` must outlive the parsing.
void add_counter_options(CLI::App& command, CounterOptions& options);

/// Declares --model, --device, --precision, --threads and --memory. `options` must outlive the parsing.
void add_model_options(CLI::App& command, ModelOptions& options);

/// Declares --interval.
void add_interval_option(CLI::App& command, CounterOptions& options);

/// Declares --scale and --mirror.
void add_scale_options(CLI::App& command, CounterOptions& options);

Counter load_counter(const ModelOptions& options);
Inspector load_inspector(const ModelOptions& options);

/// Looks at a picture's header: `check_memory` may refuse its size, and what that throws gets the picture's name.
/// Throws Error(input) as probe_image does. What is no file is not looked at.
PictureQueue::Announced announce_picture(const std::string& path, const DecodeLimits& limits,
                                         const std::function<void(int width, int height)>& check_memory);

/// Reads a picture, announced first.
Image load_picture(const std::string& path, const DecodeLimits& limits,
                   const std::function<void(int width, int height)>& check_memory);

/// How pictures are decoded ahead of a counter; `memory_limit` is that of one picture in bytes, 0 for none.
PictureQueue::Options decoding_for(const Counter& counter, std::int64_t memory_limit);

struct CountedImage {
  CountResult result;
  double seconds = 0;  ///< that counting took
  Profile profile;     ///< empty unless it was wanted
};

/// Counts one picture; errors get its name.
CountedImage count_image(const Counter& counter, const Image& image, const std::string& path, bool profiled);

}  // namespace throng
