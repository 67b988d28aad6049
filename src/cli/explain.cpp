#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "cli/commands.h"
#include "cli/counting.h"
#include "cli/output_names.h"
#include "core/file.h"
#include "core/text.h"
#include "data/manifest.h"
#include "infer/inspect.h"
#include "report/explain_page.h"
#include "report/explain_sheet.h"
#include "report/explanation.h"
#include "report/mark.h"
#include "throng/error.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

struct ExplainArguments {
  std::string image;
  std::string truth;
  std::string out = "explain";
  ModelOptions model;
  DecodeLimits limits;
};

/// The picture's entry in a manifest, however either names it.
ManifestEntry entry_of(const std::string& image, const std::string& manifest) {
  const Manifest data = read_manifest(manifest);
  const auto entry = std::ranges::find_if(data.entries, [&](const ManifestEntry& candidate) {
    std::error_code error;
    return fs::equivalent(candidate.image, image, error);
  });
  if (entry != data.entries.end()) return *entry;
  throw Error(ErrorKind::usage, text(manifest, " does not list ", image, " (it lists ",
                                     quantity(static_cast<std::int64_t>(data.entries.size()), "picture"),
                                     "): give a picture that it names, or leave --truth out"));
}

/// Where the two files go: of one name, in place of none but those of an earlier run.
struct ExplainOutputs {
  fs::path sheet;
  fs::path page;
};

ExplainOutputs choose_outputs(const ExplainArguments& arguments, const CommandContext& context) {
  const std::vector<CountInput> inputs = {{arguments.image, ""}};
  OutputNames names(arguments.out, ".png", inputs);
  for (;;) {
    const fs::path sheet = names.next(arguments.image);
    const fs::path page = fs::path(sheet).replace_extension(".html");
    std::error_code error;
    const bool foreign = fs::is_regular_file(page, error) && !is_explanation_page(page);
    const fs::path kept = foreign ? page : names.kept();
    if (!kept.empty())
      context.reporter.note(text("'", kept.string(), "' was not made by throng and stays: another name is taken"));
    if (!foreign) return {sheet, page};
  }
}

void run_explain(const ExplainArguments& arguments, CommandContext& context) {
  const Inspector inspector = load_inspector(arguments.model);
  const Image image = load_picture(arguments.image, arguments.limits,
                                   [&](int width, int height) { inspector.check_memory(width, height); });
  std::optional<ManifestEntry> truth;
  if (!arguments.truth.empty()) truth = entry_of(arguments.image, arguments.truth);
  if (truth && !truth->annotated)
    context.reporter.warning(text("nobody marked heads in ", arguments.image, ": its true map is not shown"));
  const Explanation explanation = explain(inspector.inspect(image), truth ? &*truth : nullptr);

  std::string lines;
  for (const ExplainedCount& map : explanation.counts) lines += text(map.id, "\t", fixed(map.count, 1), "\n");
  if (explanation.truth) lines += text("truth\t", fixed(*explanation.truth, 1), "\n");
  // The numbers first: a full disk must not cost them.
  context.print(lines);

  make_folder(arguments.out);
  const ExplainOutputs outputs = choose_outputs(arguments, context);
  const std::string name = fs::path(arguments.image).filename().string();
  save_marked_png(explanation_sheet(explanation, image, name, inspector.model().name), outputs.sheet);
  write_file(outputs.page, explanation_page(explanation, image, name, inspector.model()));
  context.print(text("sheet\t", outputs.sheet.string(), "\npage\t", outputs.page.string(), "\n"));
}

}  // namespace

void add_explain_command(CLI::App& app, CommandContext& context) {
  CLI::App* command = app.add_subcommand("explain", "Draw every expert, group, gate and the attention for a picture");
  auto arguments = std::make_shared<ExplainArguments>();
  command->add_option("IMAGE", arguments->image, "picture to look into")->required();
  command->add_option("--truth", arguments->truth,
                      "manifest that lists the picture: also draws the true map and the best expert of each cell");
  command->add_option("--out", arguments->out, "folder for the sheet NAME.png and the page NAME.html")
      ->capture_default_str();
  add_model_options(*command, arguments->model);
  command->add_option("--max-pixels", arguments->limits.max_pixels, "refuse pictures with more pixels")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->callback([arguments, &context] { run_explain(*arguments, context); });
}

}  // namespace throng
