#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <limits>

#include "cli/tiny_workplace.h"
#include "core/checksum.h"

namespace throng {

namespace {

using testing::HasSubstr;

class ModelTest : public TinyWorkplace {
 protected:
  /// Two layers as torchvision names them.
  std::string foreign_encoder() const {
    TensorFile weights;
    weights.tensors["conv1.weight"] = at::ones({64, 3, 7, 7});
    for (const char* name : {"weight", "bias", "running_mean", "running_var"}) {
      weights.tensors[std::string("bn1.") + name] = at::full({64}, 1e6);
    }
    weights.tensors["bn1.num_batches_tracked"] = at::zeros({}, at::kLong);
    weights.tensors["layer1.0.conv1.weight"] = at::ones({64, 64, 3, 3});
    weights.metadata["bn_eps"] = "1.001e-05";
    write_safetensors(weights, folder_ / "foreign.safetensors");
    return at("foreign.safetensors");
  }
};

TEST_F(ModelTest, InfoTellsWhatAModelIs) {
  const nlohmann::json json = run_json({"model", "info", model_, "--json"});
  EXPECT_EQ(json["name"], "tiny-resnet18");
  EXPECT_EQ(json["encoder"], "resnet18");
  EXPECT_EQ(json["recognised"], "throng");
  EXPECT_EQ(json["sha256"], sha256_of_file(model_));
  EXPECT_EQ(json["tensors"], read_safetensors(model_).tensors.size());
  EXPECT_GT(json["parameters"], 1'000'000);
  EXPECT_EQ(json["finite"], true);
  EXPECT_FALSE(json.contains("problem"));
  EXPECT_TRUE(json["provenance"].is_object());
  const ProgramResult text = run({"model", "info", model_});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_THAT(text.out, HasSubstr("name\ttiny-resnet18\n"));
  EXPECT_THAT(text.out, HasSubstr("encoder\tresnet18\n"));
}

TEST_F(ModelTest, InfoKnowsForeignFiles) {
  const nlohmann::json json = run_json({"model", "info", foreign_encoder(), "--json"});
  EXPECT_EQ(json["recognised"], "torchvision resnet");
  EXPECT_EQ(json["tensors"], 7);
  EXPECT_FALSE(json.contains("encoder"));

  TensorFile odd;
  odd.tensors["something"] = at::ones({2, 3});
  write_safetensors(odd, folder_ / "odd.safetensors");
  const nlohmann::json unknown = run_json({"model", "info", at("odd.safetensors"), "--json"});
  EXPECT_EQ(unknown["recognised"], "unknown");
  EXPECT_EQ(unknown["tensors"], 1);
  EXPECT_EQ(unknown["values"], 6);
}

TEST_F(ModelTest, InfoTellsWhatItCanOfAModelThatCannotCount) {
  TensorFile broken = read_safetensors(model_);
  auto& [name, tensor] = *broken.tensors.begin();
  tensor = tensor.clone();
  tensor.view(-1)[0] = std::numeric_limits<double>::quiet_NaN();
  write_safetensors(broken, folder_ / "nan.safetensors");
  const nlohmann::json json = run_json({"model", "info", at("nan.safetensors"), "--json"}, 4);
  EXPECT_EQ(json["name"], "tiny-resnet18");
  EXPECT_EQ(json["encoder"], "resnet18");
  EXPECT_EQ(json["finite"], false);
  EXPECT_THAT(json["problem"].get<std::string>(), HasSubstr(name + " holds NaN or infinite values"));
  const ProgramResult lines = run({"model", "info", at("nan.safetensors")});
  EXPECT_EQ(lines.exit_code, 4);
  EXPECT_THAT(lines.out, HasSubstr("name\ttiny-resnet18\n"));
  EXPECT_THAT(lines.out, HasSubstr("finite\tfalse\n"));
  EXPECT_THAT(lines.err, HasSubstr("nan.safetensors: " + name + " holds NaN"));

  broken = read_safetensors(model_);
  broken.tensors.erase(broken.tensors.begin());
  write_safetensors(broken, folder_ / "lacking.safetensors");
  const nlohmann::json lacking = run_json({"model", "info", at("lacking.safetensors"), "--json"}, 4);
  EXPECT_EQ(lacking["name"], "tiny-resnet18");
  EXPECT_EQ(lacking["finite"], true);
  EXPECT_THAT(lacking["problem"].get<std::string>(), HasSubstr("lacks the tensor"));
}

TEST_F(ModelTest, BadFilesAreFour) {
  for (const std::string& path :
       {file("text.safetensors", "hello hello hello"), file("empty.pth", ""), at("missing.pth")}) {
    const ProgramResult info = run({"model", "info", path});
    EXPECT_EQ(info.exit_code, 4) << path;
    EXPECT_THAT(info.err, HasSubstr(path));
    EXPECT_EQ(run({"model", "convert", path, at("out.safetensors")}).exit_code, 4) << path;
    EXPECT_FALSE(std::filesystem::exists(at("out.safetensors")));
  }
}

TEST_F(ModelTest, ConvertKeepsCounts) {
  const std::string path = picture("photo.png");
  const ProgramResult converted = run({"model", "convert", model_, at("full.safetensors"), "--name", "renamed"});
  EXPECT_EQ(converted.exit_code, 0) << converted.err;
  EXPECT_THAT(converted.out, HasSubstr(sha256_of_file(at("full.safetensors"))));
  // The tiny model is stored in fp16: the way to fp32 and back changes nothing.
  EXPECT_EQ(run({"model", "convert", at("full.safetensors"), at("half.safetensors"), "--half"}).exit_code, 0);
  EXPECT_LT(std::filesystem::file_size(at("half.safetensors")),
            std::filesystem::file_size(at("full.safetensors")) * 6 / 10);
  const std::string expected = run({"count", path}).out;
  EXPECT_EQ(run({"count", path, "--model", at("full.safetensors")}).out, expected);
  EXPECT_EQ(run({"count", path, "--model", at("half.safetensors")}).out, expected);
  EXPECT_EQ(run_json({"model", "info", at("half.safetensors"), "--json"})["name"], "renamed");
}

TEST_F(ModelTest, WidenedModelsCountTheSame) {
  const std::string like = file("wide.toml", "name = \"wide\"\n[model]\nencoder = \"resnet18\"\ninit = \"kaiming\"\n");
  const ProgramResult widened =
      run({"model", "widen", model_, at("wide.safetensors"), "--like", like, "--set", "model.width=0.12"});
  EXPECT_EQ(widened.exit_code, 0) << widened.err;
  EXPECT_THAT(widened.out, HasSubstr(sha256_of_file(at("wide.safetensors"))));
  const std::string path = picture("photo.png");
  EXPECT_EQ(run({"count", path, "--model", at("wide.safetensors")}).out, run({"count", path}).out);
  const nlohmann::json info = run_json({"model", "info", at("wide.safetensors"), "--json"});
  EXPECT_EQ(info["name"], "wide");
  EXPECT_EQ(info["provenance"]["widened"]["sha256"], sha256_of_file(model_));
  const ProgramResult narrower =
      run({"model", "widen", model_, at("narrow.safetensors"), "--like", like, "--set", "model.width=0.03"});
  EXPECT_EQ(narrower.exit_code, 2);
  EXPECT_THAT(narrower.err, HasSubstr("fewer channels"));
  EXPECT_FALSE(std::filesystem::exists(at("narrow.safetensors")));
  // More than any model file may hold: refused before memory is asked for.
  for (const char* channels : {"model.decoder.head=16385", "model.decoder.head=100000000"}) {
    const ProgramResult huge = run({"model", "widen", model_, at("huge.safetensors"), "--like", like, "--set",
                                    "model.width=0.12", "--set", channels});
    EXPECT_EQ(huge.exit_code, 2);
    EXPECT_THAT(huge.err, HasSubstr("16384"));
    EXPECT_FALSE(std::filesystem::exists(at("huge.safetensors")));
  }
  ASSERT_EQ(run({"model", "widen", model_, at("named.safetensors"), "--like", like, "--set", "model.width=0.12",
                 "--name", "mine"})
                .exit_code,
            0);
  EXPECT_EQ(run_json({"model", "info", at("named.safetensors"), "--json"})["name"], "mine");
  const std::string before = sha256_of_file(at("wide.safetensors"));
  const ProgramResult over = run({"model", "widen", at("wide.safetensors"), at("./wide.safetensors"), "--like", like});
  EXPECT_EQ(over.exit_code, 2);
  EXPECT_THAT(over.err, HasSubstr("OUT and IN name the same file"));
  EXPECT_EQ(sha256_of_file(at("wide.safetensors")), before);
}

TEST_F(ModelTest, AveragesAreOfSeveralModels) {
  const std::string second = save_tiny_model(folder_ / "second.safetensors", 2).string(), out = at("mean.safetensors");
  const ProgramResult averaged = run({"model", "average", model_, second, "--out", out});
  EXPECT_EQ(averaged.exit_code, 0) << averaged.err;
  EXPECT_EQ(averaged.out, text(out, "\t2 models averaged\t", sha256_of_file(out), "\n"));
  const TensorFile a = read_safetensors(model_), b = read_safetensors(second), mean = read_safetensors(out);
  ASSERT_EQ(mean.tensors.size(), a.tensors.size());
  for (const auto& [name, tensor] : mean.tensors) {
    ASSERT_EQ(tensor.scalar_type(), at::kFloat) << name;
    const at::Tensor expected = (a.tensors.at(name).to(at::kFloat) + b.tensors.at(name).to(at::kFloat)) / 2;
    EXPECT_TRUE(at::allclose(tensor, expected, 1e-6, 1e-7)) << name;
  }
  const nlohmann::json info = run_json({"model", "info", out, "--json"});
  EXPECT_EQ(info["name"], "mean of 2 models");
  EXPECT_EQ(info["provenance"]["averaged"][0]["sha256"], sha256_of_file(model_));
  EXPECT_EQ(info["provenance"]["averaged"][1]["sha256"], sha256_of_file(second));

  // Of itself alone it counts what it counted.
  const std::string soup = at("soup.safetensors"), path = picture("photo.png");
  EXPECT_EQ(run({"model", "average", "--name", "soup", second, second, second, "--out", soup}).exit_code, 0);
  EXPECT_EQ(run_json({"model", "info", soup, "--json"})["name"], "soup");
  EXPECT_EQ(run({"count", path, "--model", soup}).out, run({"count", path, "--model", second}).out);
}

TEST_F(ModelTest, AveragesThatCannotBeAreTwo) {
  LoadedModel other = tiny_model("resnet50");
  write_safetensors(model_to_file(other.net, other.card), folder_ / "other.safetensors");
  const auto refuses = [&](std::vector<std::string> arguments, const std::string& why) {
    arguments.insert(arguments.begin(), {"model", "average"});
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 2) << why;
    EXPECT_THAT(result.err, HasSubstr(why));
    EXPECT_FALSE(std::filesystem::exists(at("mean.safetensors")));
  };
  refuses({model_, "--out", at("mean.safetensors")}, "two models or more");
  refuses({model_, at("other.safetensors"), "--out", at("mean.safetensors")},
          at("other.safetensors") +
              " has another architecture (model.encoder is \"resnet50\", not \"resnet18\") than " + model_);
  refuses({model_, model_, "--out", at("mean.pth")}, ".safetensors");
  refuses({model_, model_}, "--out is required");
  const std::string before = sha256_of_file(model_);
  refuses({at("other.safetensors"), model_, "--out", model_}, "--out and IN name the same file");
  EXPECT_EQ(sha256_of_file(model_), before);
}

TEST_F(ModelTest, ConvertGivesEncodersOurNames) {
  EXPECT_EQ(run({"model", "convert", foreign_encoder(), at("ours.safetensors"), "--half"}).exit_code, 0);
  const TensorFile ours = read_safetensors(at("ours.safetensors"));
  EXPECT_EQ(ours.metadata.at("bn_eps"), "1.001e-05");
  bool has_norm = false, has_weight = false;
  for (const auto& [name, tensor] : ours.tensors) {
    EXPECT_THAT(name, testing::StartsWith("encoder."));
    const bool norm = name.find(".norm.") != std::string::npos;
    // A variance of a million does not fit into fp16.
    EXPECT_EQ(tensor.scalar_type(), norm ? at::kFloat : at::kHalf) << name;
    has_norm = has_norm || norm;
    has_weight = has_weight || !norm;
  }
  EXPECT_TRUE(has_norm);
  EXPECT_TRUE(has_weight);
  EXPECT_EQ(run_json({"model", "info", at("ours.safetensors"), "--json"})["recognised"], "throng");
}

TEST_F(ModelTest, ConvertWritesOnlySafetensors) {
  const ProgramResult result = run({"model", "convert", model_, at("m.pth")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr(".safetensors"));
}

}  // namespace

}  // namespace throng
