#pragma once

#include <string>

#include "weights/tensor_file.h"

namespace throng {

/// Renames the tensors of another project's file to ours (docs/architecture.md lists the scheme): torchvision's
/// vgg16_bn, resnet18 and resnet50 (classifier layers are dropped, as are stages beyond the ones used), and the
/// released HMoDE. A file that has our names already passes unchanged. num_batches_tracked is dropped. Returns what the
/// names were recognised as: "throng", "torchvision vgg16_bn", "torchvision resnet", "released hmode",
/// "vgg16 start" (the first four convolutions of a VGG-16 without norms). Throws
/// Error(model) with a few of the names when they are not known; `where` names the file in it.
std::string rename_to_ours(TensorFile& file, const std::string& where);

}  // namespace throng
