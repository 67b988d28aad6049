#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "image/image_size.h"
#include "infer/predict.h"
#include "infer/prepare.h"
#include "infer/torch_errors.h"
#include "model/model_file.h"
#include "throng/counter.h"

namespace throng {

/// Bytes that a pass needs besides what its network takes.
struct MemoryBeside {
  std::int64_t in_use = 0;   ///< count against a limit; the machine's available memory lacks them already
  std::int64_t to_come = 0;  ///< count against both
};

/// A model file's network made ready to count, with the memory and the threads that it may take: what Counter and
/// Inspector share. Not thread-safe.
class CountingNetwork {
 public:
  /// Throws as Counter::load.
  static CountingNetwork load(const std::filesystem::path& model, const CounterOptions& options);

  /// Throws Error(failure) where an image of that size would need more memory than it may take, its pixels included. A
  /// GPU says so itself.
  void check_memory(int width, int height) const;
  /// Likewise where its pixels are part of `beside`.
  void check_memory(ImageSize size, const MemoryBeside& beside) const;
  /// What of a prediction stays for an image of that size, bytes: of memory that a CPU has.
  std::int64_t prediction_bytes(ImageSize size) const { return net_.whole_maps(size.width, size.height); }

  /// One forward pass, memory checked; `beside` bytes are in use for other things than the image. Throws as
  /// Counter::count.
  Prediction predict(const Image& image, Profile* profile = nullptr, std::int64_t beside = 0) const;
  /// Likewise for many images, in any order: `use` is called with each image's index and prediction. On a GPU those of
  /// one size are computed together.
  void predict_each(std::span<const Image> images,
                    const std::function<void(std::size_t index, const Prediction& prediction)>& use) const;
  /// People in one of its maps. Throws Error(failure) where that is no finite number.
  GridCount people(const at::Tensor& map, const Image& image) const;
  /// Runs what torch has to do for counting an image; what it throws there becomes Error(failure).
  template <class Work>
  auto counting(const Image& image, const Work& work) const {
    return in_our_words(counting_of(image), work);
  }
  /// As PreparedNet::watch_activations().
  void watch_activations(RowEngine::Watch watch) { net_.watch_activations(std::move(watch)); }

  const PreparedNet& net() const { return net_; }
  const ModelCard& card() const { return card_; }
  const ModelInfo& info() const { return info_; }
  int threads() const { return threads_; }

 private:
  TorchWork counting_of(const Image& image) const;
  std::vector<Prediction> predict_batch(std::span<const Image* const> images) const;
  // How much to compute at once of an image of that size, so that it fits into the memory. Throws as check_memory().
  RowBudget budget_for(ImageSize size, const MemoryBeside& beside) const;

  CountingNetwork(PreparedNet net, ModelCard card, ModelInfo info, std::int64_t memory_limit, int threads)
      : net_(std::move(net)),
        card_(std::move(card)),
        info_(std::move(info)),
        memory_limit_(memory_limit),
        threads_(threads) {}

  PreparedNet net_;
  ModelCard card_;
  ModelInfo info_;
  std::int64_t memory_limit_;
  int threads_;
};

}  // namespace throng
