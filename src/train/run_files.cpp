#include "train/run_files.h"

#include <torch/version.h>

#include "core/file.h"
#include "core/text.h"
#include "throng/error.h"
#include "weights/tensor_file.h"

namespace throng {

namespace {

/// The step that a model of this run was saved at; -1 where there is none.
std::int64_t step_of_model(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return -1;
  const Json provenance = read_card(path).provenance;
  return provenance.is_object() ? provenance.value("step", std::int64_t{-1}) : -1;
}

}  // namespace

std::optional<Checkpoint> checkpoint_to_continue(const RunFolder& folder, bool resume) {
  if (!resume) return {};
  if (!std::filesystem::exists(folder.state())) {
    if (!folder.has_models()) return {};
    throw Error(ErrorKind::failure, text(folder.state().string(), " is gone, though there are models beside it: ",
                                         "the run cannot be continued; ", folder.way_out()));
  }
  try {
    return read_checkpoint(folder.state());
  } catch (const Error& error) {
    throw Error(error.kind(), text(error.what(), ": the run cannot be continued; ", folder.way_out()));
  }
}

void RunFiles::write_description() const {
  write_file(parts_.folder.config(), to_toml(config_tree(parts_.config)));
  write_file(parts_.folder.provenance(), provenance().dump(2) + "\n");
}

Json RunFiles::provenance() const {
  return Json{{"data", parts_.data.name},
              {"data_sha256", parts_.data.sha256},
              {"training_images", parts_.data.images},
              {"rendered_scenes", parts_.data.scenes},
              {"validation_images", parts_.data.validation.size()},
              {"seed", parts_.config.train.seed},
              {"recipe_sha256", parts_.fingerprint.config_sha256},
              {"precision", parts_.fingerprint.precision},
              {"torch", TORCH_VERSION}};
}

void RunFiles::save_state(const TrainPosition& position) const {
  save_checkpoint(parts_.folder.state(), parts_.model.net, parts_.optimiser, position, parts_.fingerprint,
                  parts_.model.card);
}

void RunFiles::save_models(const TrainPosition& position) const {
  parts_.optimiser.with_averages([&] {
    parts_.model.card.provenance = provenance();
    parts_.model.card.provenance["step"] = position.step;
    const TensorFile file = model_to_file(parts_.model.net, parts_.model.card);
    write_safetensors(file, parts_.folder.last());
    if (position.best_step == position.step) write_safetensors(file, parts_.folder.best());
  });
}

bool RunFiles::models_are_current(const TrainPosition& position) const {
  const bool best = position.best_step == position.step;
  return step_of_model(parts_.folder.last()) == position.step &&
         (!best || step_of_model(parts_.folder.best()) == position.step);
}

}  // namespace throng
