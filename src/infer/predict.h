#pragma once

#include <ATen/core/Tensor.h>

#include "infer/grid_size.h"
#include "infer/image_rows.h"
#include "infer/smallest_side.h"
#include "model/density_net.h"
#include "model/model_file.h"
#include "throng/counter.h"

namespace throng {

/// Throws Error(input) for an image without pixels or with a wrong number of them.
void check_image(const Image& image);

/// An image as networks take it: [1, 3, max(height, 16), max(width, 16)], fp32, channels-last,
/// (value / 255 - mean) / deviation. Throws Error(input) for an image without pixels or with a wrong number of them.
at::Tensor image_tensor(const Image& image, const Normalisation& normalisation);

/// The rows of image_tensor(), of fp32 or bf16, or of u8 as they are, made when they are asked for. Both must outlive
/// it. Throws likewise.
ImageRows image_rows(const Image& image, const Normalisation& normalisation);
/// The size of image_tensor().
GridSize network_size(int width, int height);

/// A count and where it comes from: grid cells hold people and sum to the count.
struct GridCount {
  double count = 0;
  DensityMap grid;
};

/// People in each cell of a final map [1, 1, h, w] (people x density_scale per full-resolution pixel), which stands for
/// an image of height x width pixels. The full-size map repeats cell (r, c) n_r x n_c times, so the cell holds
/// n_r n_c p / density_scale people, and the sum is that of the full-size map without making it.
GridCount count_final_map(const at::Tensor& map, double density_scale, int height, int width);

/// Counts one image with a net in evaluation mode (DensityNet::train(false)) that lies on `device`, without gradients.
GridCount count_on_grid(const DensityNet& net, const ModelCard& card, const Image& image,
                        const at::Device& device = at::kCPU);

}  // namespace throng
