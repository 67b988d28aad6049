#include "train/checkpoint.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {
namespace {

struct SmallRun {
  explicit SmallRun(double width = 0.02) : net(model(width)), optimiser(net, options()) {
    initialise(net, 3);
    card.model = net.config();
    card.name = "small";
  }
  static ModelConfig model(double width) {
    ModelConfig config;
    config.encoder = "resnet18";
    config.width = width;
    return config;
  }
  static TrainConfig options() {
    TrainConfig config;
    config.ema = 0.5;
    return config;
  }

  DensityNet net;
  Optimiser optimiser;
  ModelCard card;
};

Fingerprint some_fingerprint() {
  Fingerprint fingerprint;
  fingerprint.threads = 3;
  fingerprint.config_sha256 = "abc";
  return fingerprint;
}

TEST(Checkpoint, ComesBackAsItWas) {
  const TemporaryFolder folder;
  SmallRun run;
  for (const auto& [name, tensor] : run.optimiser.state()) at::Tensor(tensor).fill_(2);
  const TrainPosition position{12, 3, 4, 70.25, 9, Json{{"total", 1.5}}};
  run.card.provenance["step"] = 12;
  save_checkpoint(folder / "s", run.net, run.optimiser, position, some_fingerprint(), run.card);

  const Checkpoint back = read_checkpoint(folder / "s");
  EXPECT_EQ(back.path, folder / "s");
  EXPECT_EQ(back.position.step, 12);
  EXPECT_EQ(back.position.epoch, 3);
  EXPECT_EQ(back.position.batch, 4);
  EXPECT_EQ(back.position.best_mae, 70.25);
  EXPECT_EQ(back.position.best_step, 9);
  EXPECT_EQ(back.position.sums, (Json{{"total", 1.5}}));
  EXPECT_EQ(back.fingerprint, to_json(some_fingerprint()));
  ASSERT_TRUE(back.card);
  EXPECT_EQ(back.card->name, "small");
  EXPECT_TRUE(back.card->provenance.empty()) << "that of the model files is made anew";

  SmallRun other;
  initialise(other.net, 4);
  restore(back, other.net, other.optimiser);
  const auto before = run.net.tensors(), after = other.net.tensors();
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(at::equal(*before[i].tensor, *after[i].tensor));
  for (const auto& [name, tensor] : other.optimiser.state()) EXPECT_TRUE(tensor.eq(2).all().item<bool>()) << name;
}

TEST(Checkpoint, OfAnotherExperimentIsNotRestored) {
  const TemporaryFolder folder;
  SmallRun run, wider(0.05);
  save_checkpoint(folder / "s", run.net, run.optimiser, {}, some_fingerprint(), run.card);
  expect_error(ErrorKind::failure, {(folder / "s").string(), "another experiment", "does not fit"},
               [&] { restore(read_checkpoint(folder / "s"), wider.net, wider.optimiser); });
}

TEST(Checkpoint, DamageIsAFailureThatNamesTheFile) {
  const TemporaryFolder folder;
  const auto path = folder / "s";
  SmallRun run;
  save_checkpoint(path, run.net, run.optimiser, {}, some_fingerprint(), run.card);
  const std::string whole = read_text_file(path);
  const auto damaged = [&](const std::string& bytes) {
    write_file(path, bytes);
    expect_error(ErrorKind::failure, {path.string(), "cannot be read or is damaged"}, [&] { read_checkpoint(path); });
  };
  damaged("");
  damaged(whole.substr(0, whole.size() - 1));
  damaged(whole.substr(0, 100));
  TensorFile file;
  file.metadata["position"] = "{}";
  write_safetensors(file, path);
  damaged(read_text_file(path));
  file.metadata["position"] = R"({"step": "many"})";
  write_safetensors(file, path);
  damaged(read_text_file(path));
  std::filesystem::remove(path);
  expect_error(ErrorKind::failure, {path.string()}, [&] { read_checkpoint(path); });
}

}  // namespace
}  // namespace throng
