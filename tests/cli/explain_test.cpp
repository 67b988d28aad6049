#include <gmock/gmock.h>

#include "cli/tiny_workplace.h"
#include "data/manifest.h"
#include "throng/counter.h"

namespace throng {

namespace {

using testing::HasSubstr;

class ExplainTest : public TinyWorkplace {
 protected:
  /// A manifest that lists the picture with two heads.
  std::string manifest(const std::string& picture, int width = 64, int height = 48) const {
    Manifest data{.name = "two", .entries = {}};
    ManifestEntry& entry = data.entries.emplace_back();
    entry.image = picture;
    entry.width = width;
    entry.height = height;
    entry.points = {{10, 10}, {40, 30}};
    entry.split = "test";
    write_manifest(data, folder_ / "data.jsonl");
    return at("data.jsonl");
  }
};

TEST_F(ExplainTest, PrintsEveryMapsCountAndWhereItDrewThem) {
  const std::string path = picture("photo.jpg");
  const ProgramResult result = run({"explain", path, "--out", at("seen")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::vector<std::string> found = lines(result.out);
  ASSERT_EQ(found.size(), 9U) << result.out;
  const char* names[] = {"expert1", "expert2", "expert3", "group12", "group13", "group23", "final"};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_THAT(found[i], testing::StartsWith(text(names[i], "\t")));
  EXPECT_EQ(found[6], "final\t" + fixed(Counter::load(model_).count(load_image(path)).count, 1));
  EXPECT_EQ(found[7], "sheet\t" + at("seen/photo.png"));
  EXPECT_EQ(found[8], "page\t" + at("seen/photo.html"));
  EXPECT_GT(load_image(at("seen/photo.png")).width, 1000);
  EXPECT_THAT(read_text_file(at("seen/photo.html")), HasSubstr("layer-gate1-group13-expert3"));
}

TEST_F(ExplainTest, WithTruthDrawsItAndTheBestExpert) {
  const std::string path = picture("photo.jpg");
  const ProgramResult result = run({"explain", path, "--truth", manifest(path), "--out", at("seen")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("truth\t2.0\n"));
  const std::string page = read_text_file(at("seen/photo.html"));
  EXPECT_THAT(page, HasSubstr("layer-truth"));
  EXPECT_THAT(page, HasSubstr("layer-best-expert"));
}

TEST_F(ExplainTest, NeverReplacesThePicture) {
  const std::string path = picture("photo.png");
  const std::string before = read_text_file(path);
  const ProgramResult result = run({"explain", path, "--out", folder_.path().string()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(read_text_file(path), before);
  EXPECT_THAT(result.out, HasSubstr("sheet\t" + at("photo-2.png")));
  EXPECT_TRUE(std::filesystem::exists(at("photo-2.html")));
}

TEST_F(ExplainTest, ReplacesItsOwnFilesAndNobodyElses) {
  const std::string path = picture("photo.jpg");
  std::filesystem::create_directories(at("seen"));
  file("seen/photo.html", "<p>somebody's page</p>");
  for (int time = 0; time < 2; ++time) {
    const ProgramResult result = run({"explain", path, "--out", at("seen")});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("page\t" + at("seen/photo-2.html")));
    EXPECT_THAT(result.err, HasSubstr(at("seen/photo.html") + "' was not made by throng"));
  }
  EXPECT_EQ(read_text_file(at("seen/photo.html")), "<p>somebody's page</p>");
  EXPECT_FALSE(std::filesystem::exists(at("seen/photo-3.html")));
  EXPECT_FALSE(std::filesystem::exists(at("seen/photo.png")));
}

TEST_F(ExplainTest, SaysWhatIsWrong) {
  const std::string path = picture("photo.jpg"), other = picture("other.jpg");
  const ProgramResult missing = run({"explain", at("missing.jpg")});
  EXPECT_EQ(missing.exit_code, 3);
  EXPECT_THAT(missing.err, HasSubstr("missing.jpg"));
  const ProgramResult unlisted = run({"explain", path, "--truth", manifest(other)});
  EXPECT_EQ(unlisted.exit_code, 2);
  EXPECT_THAT(unlisted.err, HasSubstr("does not list"));
  EXPECT_THAT(unlisted.err, HasSubstr("(it lists 1 picture)"));
  const ProgramResult neither = run({"explain", at("missing.jpg"), "--truth", manifest(other)});
  EXPECT_EQ(neither.exit_code, 3);
  EXPECT_THAT(neither.err, HasSubstr("missing.jpg does not exist"));
  const ProgramResult size = run({"explain", path, "--truth", manifest(path, 65, 48), "--out", at("seen")});
  EXPECT_EQ(size.exit_code, 3);
  EXPECT_THAT(size.err, HasSubstr("65 x 48"));
  const ProgramResult memory = run({"explain", picture("large.png", 1000, 800), "--memory", "70M"});
  EXPECT_EQ(memory.exit_code, 1);
  EXPECT_THAT(memory.err, HasSubstr("large.png: an image of 1000 x 800"));
  EXPECT_EQ(run({"explain"}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(at("seen")));
}

TEST_F(ExplainTest, TheNumbersAreNotLostWithAFileThatCannotBeWritten) {
  const std::string path = picture("photo.jpg");
  const ProgramResult result = run({"explain", path, "--out", file("occupied", "x")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("final\t"));
  EXPECT_THAT(result.err, HasSubstr("occupied"));
}

}  // namespace

}  // namespace throng
