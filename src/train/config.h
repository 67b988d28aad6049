#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/config.h"
#include "data/density.h"
#include "data/sample.h"
#include "loss/config.h"
#include "model/config.h"

namespace throng {

struct DataConfig {
  std::string manifest;
  std::string split = "train";
  std::int64_t limit = 0;
  double validation = 0.1;
  double synthetic = 0.0;
  double empties = 0.0;
  std::int64_t workers = 1;
  std::int64_t cache_mib = 2048;
  DensityConfig density;

  template <class Visitor>
  void visit(Visitor&& field) {
    field("manifest", manifest, "the annotated data set (throng data import makes one)");
    field("split", split, "the manifest's split to train on");
    field("limit", limit, "use only the first N images by seeded order, before the validation cut; 0 = all",
          at_least(0));
    field("validation", validation,
          "share of the images held out to choose the best model; a split named val is used instead", between(0, 0.9));
    field("synthetic", synthetic, "share of rendered scenes among the training pictures", between(0, 0.99));
    field("empties", empties, "share of those that are drawn pictures without people: textures, documents, screenshots",
          between(0, 1));
    field("workers", workers, "threads that prepare batches", between(0, 64));
    field("cache_mib", cache_mib, "memory for decoded images, MiB; the same again for rendered scenes", at_least(0));
    field("density", density, "the true density maps");
  }
};

struct TrainConfig {
  std::int64_t epochs = 200;
  std::int64_t batch = 8;
  std::int64_t crops_per_image = 1;
  AugmentConfig augment;
  double lr = 2e-5;
  double encoder_lr = 1.0;
  std::string schedule = "halve";
  std::int64_t warmup_steps = 0;
  double weight_decay = 0.0;
  double clip = 0.0;
  double ema = 0.0;
  std::vector<std::string> frozen;
  double freeze_norm_from = 1.0;
  std::int64_t seed = 1;
  std::string init;
  std::int64_t validate_every = 1;
  std::int64_t checkpoint_steps = 200;
  std::int64_t threads = 0;
  std::string device = "auto";
  std::string precision = "fp32";
  std::string moments = "auto";
  std::string graph = "auto";

  template <class Visitor>
  void visit(Visitor&& field) {
    field("epochs", epochs, "passes over the training pictures", at_least(1));
    field("batch", batch, "crops per step", between(1, 4096));
    field("crops_per_image", crops_per_image, "crops that an epoch takes from each picture", between(1, 1024));
    augment.visit(field);
    field("lr", lr, "learning rate of Adam", between(0, 1));
    field("encoder_lr", encoder_lr, "factor on it for the encoder", between(0, 10));
    field("schedule", schedule,
          "halve = half of it after half of the epochs (the paper's); cosine = down to zero; constant",
          Choices{"halve", "cosine", "constant"});
    field("warmup_steps", warmup_steps, "steps over which the learning rate rises from zero", at_least(0));
    field("weight_decay", weight_decay, "decoupled weight decay (AdamW)", between(0, 1));
    field("clip", clip, "gradients are scaled down to this norm; 0 = never", at_least(0));
    field("ema", ema, "decay of the averaged weights that are validated and saved; 0 = the weights themselves",
          between(0, 0.999999));
    field("frozen", frozen, "name prefixes of blocks that are not trained, like \"encoder.stem\"");
    field("freeze_norm_from", freeze_norm_from,
          "share of the epochs after which the encoder's batch normalisation uses its running statistics; 1 = never",
          between(0, 1));
    field("seed", seed, "decides every draw", at_least(0));
    field("init", init, "a model file to start from; its architecture replaces [model]");
    field("validate_every", validate_every, "epochs between validations", at_least(1));
    field("checkpoint_steps", checkpoint_steps, "steps between checkpoints inside an epoch; 0 = only at its end",
          at_least(0));
    field("threads", threads, "of the computation; 0 = all cores", between(0, 1024));
    field("device", device, "auto, cpu, cuda or cuda:N");
    field("precision", precision, "of the convolutions: fp32, bf16, or auto = bf16 where the device has it",
          Choices{"auto", "fp32", "bf16"});
    field("moments", moments, "type of Adam's moments: fp32, or bf16 in half the memory; auto = bf16 with it on a CPU",
          Choices{"auto", "fp32", "bf16"});
    field("graph", graph, "a GPU's steps are recorded as graphs and replayed: auto = where they can be; off",
          Choices{"auto", "off"});
  }
};

/// One experiment: everything that decides the trained weights. The defaults are the paper's.
struct ExperimentConfig {
  std::string name;
  DataConfig data;
  ModelConfig model;
  LossConfig loss;
  TrainConfig train;

  template <class Visitor>
  void visit(Visitor&& field) {
    field("name", name, "what the model is called; empty = the file's name");
    field("data", data, "");
    field("model", model, "");
    field("loss", loss, "");
    field("train", train, "");
  }
};

/// Reads a TOML file (with its `extends`) and "key=value" changes. Throws Error(usage).
ExperimentConfig read_experiment(const std::filesystem::path& path, const std::vector<std::string>& changes = {});

}  // namespace throng
