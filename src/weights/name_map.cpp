#include "weights/name_map.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "throng/error.h"
#include "weights/input_file.h"

namespace throng {

namespace {

using Parts = std::vector<std::string>;

/// Our name of a tensor; "" where the tensor has no place in our nets and is left out.
using Renamed = std::optional<std::string>;
const std::string kLeftOut;

constexpr int kStages = 5;

/// The number behind a prefix: indexed("layer3", "layer") = 3.
std::optional<std::int64_t> indexed(std::string_view word, std::string_view prefix) {
  std::int64_t index = 0;
  if (!word.starts_with(prefix) || !parse_number(word.substr(prefix.size()), index) || index < 0) return {};
  return index;
}

bool is_conv_parameter(std::string_view word) { return word == "weight" || word == "bias"; }

bool is_norm_parameter(std::string_view word) {
  return is_conv_parameter(word) || word == "running_mean" || word == "running_var";
}

// --- VGG ---

/// A stage of torchvision's `features` is [pool,] then (conv, norm, ReLU) per convolution; stage 1 has no pool.
/// `index` counts from the stage's first module.
Renamed vgg_stage(std::int64_t stage, std::int64_t index, std::string_view parameter) {
  constexpr std::array<std::int64_t, kStages> kConvs{2, 2, 3, 3, 3};
  if (stage < 1 || stage > kStages) return {};
  const std::int64_t module = index - (stage == 1 ? 0 : 1);
  if (module < 0 || module / 3 >= kConvs[static_cast<std::size_t>(stage - 1)]) return {};
  const std::string conv = text("encoder.stage", stage, ".", module / 3, ".");
  if (module % 3 == 0 && is_conv_parameter(parameter)) return text(conv, parameter);
  if (module % 3 == 1 && is_norm_parameter(parameter)) return text(conv, "norm.", parameter);
  return {};
}

/// features.I.PARAMETER; the stages begin at modules 0, 6, 13, 23, 33.
Renamed torchvision_vgg(const Parts& parts) {
  constexpr std::array<std::int64_t, kStages> kStarts{0, 6, 13, 23, 33};
  if (parts[0] == "classifier") return kLeftOut;
  const auto index = parts.size() == 3 && parts[0] == "features" ? indexed(parts[1], "") : std::nullopt;
  if (!index) return {};
  const auto stage = std::ranges::upper_bound(kStarts, *index) - kStarts.begin();
  return vgg_stage(stage, *index - kStarts[static_cast<std::size_t>(stage - 1)], parts[2]);
}

/// features.I.PARAMETER of a network without norms: a stage is (conv, ReLU) per convolution, then a pool.
Renamed plain_vgg(const Parts& parts, const std::array<std::int64_t, kStages>& convs) {
  if (parts[0] == "classifier") return kLeftOut;
  const auto index = parts.size() == 3 && parts[0] == "features" ? indexed(parts[1], "") : std::nullopt;
  if (!index || !is_conv_parameter(parts[2])) return {};
  std::int64_t start = 0;
  for (int stage = 0; stage < kStages; ++stage) {
    const std::int64_t count = convs[static_cast<std::size_t>(stage)], module = *index - start;
    if (module >= 0 && module < 2 * count && module % 2 == 0)
      return text("encoder.stage", stage + 1, ".", module / 2, ".", parts[2]);
    start += 2 * count + 1;
  }
  return {};
}

Renamed torchvision_vgg16(const Parts& parts) { return plain_vgg(parts, {2, 2, 3, 3, 3}); }
Renamed torchvision_vgg19(const Parts& parts) { return plain_vgg(parts, {2, 2, 4, 4, 4}); }

/// features.convS_N.PARAMETER: the first convolutions of a VGG-16 without norms.
Renamed vgg_start(const Parts& parts) {
  if (parts.size() != 3 || parts[0] != "features" || !is_conv_parameter(parts[2])) return {};
  const std::size_t bar = parts[1].find('_');
  if (bar == std::string::npos) return {};
  const auto stage = indexed(parts[1].substr(0, bar), "conv");
  const auto conv = indexed(parts[1].substr(bar + 1), "");
  if (!stage || !conv || *stage < 1 || *stage > 2 || *conv < 1 || *conv > 2) return {};
  return text("encoder.stage", *stage, ".", *conv - 1, ".", parts[2]);
}

// --- ResNet ---

/// conv1, bn1, and layerL.B.{convC, bnC, downsample.0, downsample.1}; a file with folded norms has biases instead.
Renamed torchvision_resnet(const Parts& parts) {
  const std::string& parameter = parts.back();
  if (parts[0] == "fc" || parts[0] == "layer4") return kLeftOut;
  if (parts.size() == 2 && parts[0] == "conv1" && is_conv_parameter(parameter)) return text("encoder.stem.", parameter);
  if (parts.size() == 2 && parts[0] == "bn1" && is_norm_parameter(parameter))
    return text("encoder.stem.norm.", parameter);

  const auto layer = indexed(parts[0], "layer");
  if (!layer || *layer < 1 || *layer > 3 || parts.size() < 4 || !indexed(parts[1], "")) return {};
  const std::string block = text("encoder.", parts[0], ".", parts[1], ".");
  if (parts.size() == 5 && parts[2] == "downsample") {
    if (parts[3] == "0" && is_conv_parameter(parameter)) return text(block, "downsample.", parameter);
    if (parts[3] == "1" && is_norm_parameter(parameter)) return text(block, "downsample.norm.", parameter);
    return {};
  }
  if (parts.size() != 4) return {};
  if (indexed(parts[2], "conv") && is_conv_parameter(parameter)) return text(block, parts[2], ".", parameter);
  const auto norm = indexed(parts[2], "bn");
  if (norm && is_norm_parameter(parameter)) return text(block, "conv", *norm, ".norm.", parameter);
  return {};
}

// --- the released HMoDE ---

/// de_predB.I.conv, headK.I.conv, gatingG.convN.conv, mask.{conv1, conv2, output}.conv: all but the encoder.
Renamed released_conv(const Parts& parts) {
  if (parts.size() != 4 || parts[2] != "conv" || !is_conv_parameter(parts[3])) return {};
  const std::string& parameter = parts[3];
  const auto module = indexed(parts[1], "");
  if (const auto block = indexed(parts[0], "de_pred"); block && module) {
    return text("decoder.block", *block, ".", *module, ".", parameter);
  }
  if (const auto head = indexed(parts[0], "head"); head && module) {
    return text("head", *head, ".", *module, ".", parameter);
  }
  const auto conv = indexed(parts[1], "conv");
  if (const auto gate = indexed(parts[0], "gating"); gate && conv && *conv >= 1) {
    return text("gate", *gate, ".", *conv - 1, ".", parameter);
  }
  if (parts[0] != "mask") return {};
  if (parts[1] == "output") return text("attention.2.", parameter);
  if (conv && (*conv == 1 || *conv == 2)) return text("attention.", *conv - 1, ".", parameter);
  return {};
}

Renamed released_hmode(const Parts& parts) {
  const auto stage = indexed(parts[0], "features");
  if (!stage) return released_conv(parts);
  const auto index = parts.size() == 3 ? indexed(parts[1], "") : std::nullopt;
  return index ? vgg_stage(*stage, *index, parts[2]) : std::nullopt;
}

Renamed ours(const Parts& parts) { return join(parts, "."); }

// --- recognising ---

struct Scheme {
  std::string_view name;
  std::vector<std::string_view> signs;  ///< beginnings of names that all must occur
  Renamed (*rename)(const Parts&);
};

const Scheme* recognise(const TensorFile& file) {
  static const std::vector<Scheme> kSchemes{
      {"throng", {"encoder.stage"}, ours},
      {"throng", {"encoder.layer"}, ours},
      {"released hmode", {"features1.", "de_pred"}, released_hmode},
      {"vgg16 start", {"features.conv1_1."}, vgg_start},
      {"torchvision vgg16_bn", {"features.0.weight", "features.1.running_mean"}, torchvision_vgg},
      {"torchvision vgg19", {"features.0.weight", "features.34.weight"}, torchvision_vgg19},
      {"torchvision vgg16", {"features.0.weight", "features.28.weight"}, torchvision_vgg16},
      {"torchvision resnet", {"conv1.weight", "layer1.0.conv1."}, torchvision_resnet},
  };
  const auto occurs = [&](std::string_view sign) {
    const auto first = file.tensors.lower_bound(std::string(sign));
    return first != file.tensors.end() && first->first.starts_with(sign);
  };
  const auto found =
      std::ranges::find_if(kSchemes, [&](const Scheme& scheme) { return std::ranges::all_of(scheme.signs, occurs); });
  return found == kSchemes.end() ? nullptr : &*found;
}

std::string some_names(const TensorFile& file) {
  constexpr std::size_t kSome = 4;
  std::vector<std::string> names;
  for (const auto& [name, tensor] : file.tensors) {
    if (names.size() < kSome) names.push_back(quoted_name(name));
  }
  return names.empty() ? "none at all" : join(names, ", ") + (file.tensors.size() > kSome ? ", ..." : "");
}

}  // namespace

std::string rename_to_ours(TensorFile& file, const std::string& where) {
  const Scheme* scheme = recognise(file);
  if (scheme == nullptr) {
    throw Error(
        ErrorKind::model,
        text(where, ": the tensors' names are of no known network (", some_names(file),
             "); known are Throng's own, torchvision's vgg16_bn, vgg16, vgg19 and resnet, and the released HMoDE"));
  }
  std::map<std::string, at::Tensor> renamed;
  for (const auto& [name, tensor] : file.tensors) {
    const Parts parts = split(name, '.');
    if (parts.back() == "num_batches_tracked") continue;
    const Renamed to = scheme->rename(parts);
    if (!to)
      throw Error(ErrorKind::model,
                  text(where, ": tensor ", quoted_name(name), " has no place in a ", scheme->name, " network"));
    if (*to == kLeftOut) continue;
    if (!renamed.emplace(*to, tensor).second) {
      throw Error(ErrorKind::model,
                  text(where, ": two of its tensors are both ", quoted_name(*to), " in Throng's naming"));
    }
  }
  file.tensors = std::move(renamed);
  return std::string(scheme->name);
}

}  // namespace throng
