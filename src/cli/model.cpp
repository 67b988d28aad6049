#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/replaceable.h"
#include "core/checksum.h"
#include "core/config.h"
#include "core/text.h"
#include "model/convert.h"
#include "model/model_file.h"
#include "throng/error.h"
#include "weights/finite.h"
#include "weights/name_map.h"
#include "weights/tensor_file.h"

namespace throng {

namespace {

constexpr char kUnknownNames[] = "unknown";

struct InfoArguments {
  std::string file;
  bool json = false;
};

struct ConvertArguments {
  std::string from;
  std::string to;
  std::string name;
  bool half = false;
};

std::int64_t count_values(const TensorFile& file) {
  std::int64_t values = 0;
  for (const auto& [name, tensor] : file.tensors) values += tensor.numel();
  return values;
}

Json describe_card(const ModelCard& card) {
  return {{"name", card.name},
          {"encoder", card.model.encoder},
          {"density_scale", card.density_scale},
          {"model", config_tree(card.model)},
          {"calibrated_on", card.calibration ? card.calibration->images : 0},
          {"intervals_calibrated_on", card.intervals ? card.intervals->scores.size() : 0},
          {"provenance", card.provenance}};
}

/// What a weight file holds, and why it is no model to count with although it should be one.
struct Description {
  Json facts;
  std::string problem;
};

void describe_model(const std::string& path, Description& description) {
  try {
    LoadedModel model = load_model(path);
    description.facts["parameters"] = model.net.parameters();
    description.facts.update(describe_card(model.card));
  } catch (const Error& error) {
    description.problem = error.what();
    description.facts["problem"] = description.problem;
  }
}

// Of a file that cannot be loaded, as far as that can be read.
void describe_bad_model(const std::string& path, Description& description) {
  try {
    description.facts.update(describe_card(read_card(path)));
  } catch (const Error&) {
    return;  // the problem is known already
  }
}

Description describe(const std::string& path) {
  TensorFile file = read_tensor_file(path);
  Description description{.facts = {{"file", path},
                                    {"sha256", sha256_of_file(path)},
                                    {"recognised", kUnknownNames},
                                    {"tensors", static_cast<std::int64_t>(file.tensors.size())},
                                    {"values", count_values(file)},
                                    {"finite", all_finite(file)}},
                          .problem = {}};
  std::string recognised;
  try {
    recognised = rename_to_ours(file, path);
  } catch (const Error&) {
    // Names that nobody knows are no fault of a file that is only looked at.
    return description;
  }
  description.facts["recognised"] = recognised;
  if (is_model(file, recognised)) describe_model(path, description);
  if (!description.problem.empty()) describe_bad_model(path, description);
  return description;
}

void run_info(const InfoArguments& arguments, CommandContext& context) {
  const Description description = describe(arguments.file);
  if (arguments.json) {
    context.print(description.facts.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  } else {
    std::string lines;
    for (const auto& [key, value] : description.facts.items()) {
      lines += text(key, "\t", value.is_string() ? value.get<std::string>() : value.dump(), "\n");
    }
    context.print(lines);
  }
  if (!description.problem.empty()) throw Error(ErrorKind::model, description.problem);
}

void run_convert(const ConvertArguments& arguments, CommandContext& context) {
  check_output(arguments.to, OutputKind::model);
  const TensorFile file =
      converted_weights(arguments.from, arguments.name, arguments.half ? StoredPrecision::fp16 : StoredPrecision::fp32);
  write_safetensors(file, arguments.to);
  context.print(text(arguments.to, "\t", quantity(static_cast<std::int64_t>(file.tensors.size()), "tensor"), "\t",
                     sha256_of_file(arguments.to), "\n"));
}

}  // namespace

void add_model_command(CLI::App& app, CommandContext& context) {
  CLI::App* command =
      app.add_subcommand("model", "Look at model files; convert, quantise, calibrate, widen and average them");
  command->require_subcommand(1);

  CLI::App* info = command->add_subcommand("info", "What a weight file holds: safetensors, .pth");
  auto looked_at = std::make_shared<InfoArguments>();
  info->add_option("FILE", looked_at->file, "weight file")->required();
  info->add_flag("--json", looked_at->json, "one JSON document instead of lines");
  info->callback([looked_at, &context] { run_info(*looked_at, context); });

  CLI::App* convert = command->add_subcommand("convert", "Write a model, or an encoder's weights, as safetensors");
  auto arguments = std::make_shared<ConvertArguments>();
  convert
      ->add_option("IN", arguments->from, "safetensors or .pth, with our names, torchvision's or the released HMoDE's")
      ->required();
  convert->add_option("OUT", arguments->to, "safetensors file to write")->required();
  convert->add_flag("--half", arguments->half, "store fp16 (normalisation stays fp32)");
  convert->add_option("--name", arguments->name, "name of the model");
  convert->callback([arguments, &context] { run_convert(*arguments, context); });

  add_quantize_command(*command, context);
  add_calibrate_command(*command, context);
  add_widen_command(*command, context);
  add_average_command(*command, context);
}

}  // namespace throng
