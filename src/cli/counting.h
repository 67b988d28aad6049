#pragma once

#include <functional>
#include <string>

#include "infer/inspect.h"
#include "throng/counter.h"
#include "throng/image.h"

namespace CLI {
class App;
}

namespace throng {

/// The options that every command with a model shares.
struct ModelOptions {
  std::string model;  ///< a file; "" = the one that comes with Throng
  CounterOptions counter;
};

/// Declares --device, --precision, --threads and --memory. `options` must outlive the parsing.
void add_counter_options(CLI::App& command, CounterOptions& options);

/// Declares --model, --device, --precision, --threads and --memory. `options` must outlive the parsing.
void add_model_options(CLI::App& command, ModelOptions& options);

Counter load_counter(const ModelOptions& options);
Inspector load_inspector(const ModelOptions& options);

/// Reads a picture. Before it is decoded `check_memory` may refuse its size; what that throws gets the picture's name.
Image load_picture(const std::string& path, const DecodeLimits& limits,
                   const std::function<void(int width, int height)>& check_memory);

/// An image and what was counted in it.
struct CountedImage {
  Image image;
  CountResult result;
  double seconds = 0;  ///< decoding and counting
};

/// Reads and counts one picture; one that is too large for the memory is refused before it is decoded.
CountedImage count_file(const Counter& counter, const std::string& path, const DecodeLimits& limits = {});

}  // namespace throng
