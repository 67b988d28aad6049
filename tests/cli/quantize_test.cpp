#include <gmock/gmock.h>

#include "cli/tiny_workplace.h"
#include "data/manifest.h"

namespace throng {

namespace {

using testing::HasSubstr;

class QuantizeTest : public TinyWorkplace {
 protected:
  ProgramResult quantize(int width) const {
    Manifest manifest{.name = "pictures", .entries = {}};
    manifest.entries.push_back(
        {.image = picture("a.png", 40, 36), .width = width, .height = 36, .points = {}, .split = "train", .group = {}});
    write_manifest(manifest, at("m.jsonl"));
    return run({"model", "quantize", model_, at("bytes.safetensors"), "--calibrate", at("m.jsonl")});
  }
};

TEST_F(QuantizeTest, TheModelKnowsTheRangesOfItsActivations) {
  const ProgramResult made = quantize(40);
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("calibrated on 1 picture\t"));
  EXPECT_EQ(run_json({"model", "info", at("bytes.safetensors"), "--json"})["calibrated_on"], 1);
}

TEST_F(QuantizeTest, APictureOfAnotherSizeThanItsManifestSaysIsRefused) {
  const ProgramResult made = quantize(41);
  EXPECT_EQ(made.exit_code, 3);
  EXPECT_THAT(made.err, HasSubstr("a.png"));
  EXPECT_FALSE(std::filesystem::exists(at("bytes.safetensors")));
}

}  // namespace

}  // namespace throng
