#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/program.h"
#include "data/importers.h"
#include "data/manifest.h"
#include "image/codec.h"
#include "image/draw.h"
#include "image/resize.h"
#include "temporary_folder.h"

namespace throng {

namespace {

using testing::AllOf;
using testing::HasSubstr;

/// A folder with pictures that differ, each with its annotation beside it.
class DataCommand : public testing::Test {
 protected:
  void SetUp() override {
    make_folder(folder_ / "crowd");
    for (int i = 0; i < 10; ++i) {
      save_image(picture(i), folder_ / "crowd" / text_of(i, ".png"));
      write_file(folder_ / "crowd" / text_of(i, ".csv"), "x,y\n3,4\n20.5,10\n");
    }
  }

  static std::string text_of(int number, const std::string& ending) { return std::to_string(number) + ending; }

  static Image picture(int number) {
    Image image = filled_image(64, 48, {120, 130, 140});
    for (int i = 0; i < 12; ++i) {
      const int place = (number * 31 + i * 17) % 48;
      fill_rectangle(image, (number * 13 + i * 29) % 60, place, 6, 5, {static_cast<std::uint8_t>(20 * i), 10, 10});
    }
    return image;
  }

  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  ProgramResult import_crowd() const {
    return run_throng({"data", "import", "points", at("crowd"), "--out", at("m.jsonl")});
  }

  TemporaryFolder folder_;
};

TEST_F(DataCommand, ImportWritesAManifestAndPrintsItsSummary) {
  save_image(resize_image(picture(7), 90, 70), folder_ / "crowd/copy.png");
  write_file(folder_ / "crowd/copy.txt", "");
  const ProgramResult result = import_crowd();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "crowd\ttrain 11 images 20 points\n");
  const Manifest manifest = read_manifest(at("m.jsonl"));
  ASSERT_EQ(manifest.entries.size(), 11U);
  EXPECT_EQ(manifest.entries[7].group, "similar_1");
  EXPECT_EQ(manifest.entries[10].group, "similar_1");
  EXPECT_EQ(manifest.entries[3].group, "");
}

TEST_F(DataCommand, ImportFindsTheLayoutAndListsThemAll) {
  const ProgramResult result = run_throng({"data", "import", "auto", at("crowd"), "--out", at("m.jsonl")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "crowd\ttrain 10 images 20 points\n");
  EXPECT_THAT(result.err, HasSubstr("looks like points"));
  EXPECT_FALSE(std::filesystem::exists(at("m_masks")));
  const ProgramResult help = run_throng({"data", "import", "--help"});
  for (const Importer& importer : importers())
    EXPECT_THAT(help.out, HasSubstr("\n  " + std::string(importer.name) + " "));
}

TEST_F(DataCommand, ImportCountsTheClassesThatAreAskedFor) {
  make_folder(folder_ / "yolo");
  save_image(picture(0), folder_ / "yolo/a.png");
  write_file(folder_ / "yolo/a.txt", "0 0.5 0.5 0.1 0.1\n1 0.2 0.5 0.1 0.1\n2 0.3 0.5 0.1 0.1\n");
  write_file(folder_ / "yolo/classes.txt", "person\ncar\nbus\n");
  const auto count = [&](const std::string& classes) {
    return run_throng({"data", "import", "yolo", at("yolo"), "--classes", classes, "--out", at("m.jsonl")});
  };
  EXPECT_EQ(count("car, bus").out, "yolo\ttrain 1 images 2 points\n");
  const ProgramResult none = count("tram");
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("'tram'"));
}

TEST_F(DataCommand, ImportSaysWhatIsNotAnnotated) {
  make_folder(folder_ / "nwpu/images");
  make_folder(folder_ / "nwpu/jsons");
  for (int i = 1; i <= 2; ++i) save_image(picture(i), folder_ / "nwpu/images" / text_of(i, ".png"));
  write_file(folder_ / "nwpu/jsons/0001.json", "{\"points\": [[1, 2]]}");
  write_file(folder_ / "nwpu/train.txt", "1\n");
  write_file(folder_ / "nwpu/test.txt", "2\n");
  const ProgramResult result = run_throng({"data", "import", "auto", at("nwpu"), "--out", at("m.jsonl")});
  EXPECT_EQ(result.out, "nwpu_crowd\ttest 1 images 0 points 1 not annotated\ttrain 1 images 1 points\n") << result.err;
  EXPECT_FALSE(read_manifest(at("m.jsonl")).split("test").at(0).annotated);
}

TEST_F(DataCommand, WrongNamesAndFoldersAreErrors) {
  const ProgramResult name = run_throng({"data", "import", "point", at("crowd"), "--out", at("m.jsonl")});
  EXPECT_EQ(name.exit_code, 2);
  EXPECT_THAT(name.err, HasSubstr("did you mean 'points'"));
  const ProgramResult folder = run_throng({"data", "import", "shanghaitech", at("crowd"), "--out", at("m.jsonl")});
  EXPECT_EQ(folder.exit_code, 3);
  EXPECT_THAT(folder.err, HasSubstr("train_data"));
  EXPECT_EQ(run_throng({"data"}).exit_code, 2);
  EXPECT_EQ(run_throng({"data", "check", at("none.jsonl")}).exit_code, 3);
}

TEST_F(DataCommand, ImportReportsBrokenPicturesAndTakesTheOthers) {
  const std::vector<std::uint8_t> whole = encode_jpeg(picture(3));
  write_file(folder_ / "crowd/3.png", std::span(whole).first(whole.size() / 2));
  write_file(folder_ / "crowd/5.png", "");
  for (const bool groups : {true, false}) {
    std::vector<std::string> command{"data", "import", "points", at("crowd"), "--out", at("m.jsonl")};
    if (!groups) command.emplace_back("--no-groups");
    const ProgramResult result = run_throng(command);
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_EQ(result.out, "crowd\ttrain 8 images 16 points\n");
    EXPECT_THAT(result.err, AllOf(HasSubstr("crowd/3.png"), HasSubstr("crowd/5.png")));
    EXPECT_EQ(read_manifest(at("m.jsonl")).entries.size(), 8U);
  }
}

TEST_F(DataCommand, AnOutputThatCannotBeWrittenIsSaidFirst) {
  const ProgramResult result = run_throng({"data", "import", "points", at("none"), "--out", at("no/folder/m.jsonl")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("m.jsonl"));
}

TEST_F(DataCommand, CheckCountsErrorsAndNotes) {
  import_crowd();
  const ProgramResult good = run_throng({"data", "check", at("m.jsonl")});
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_EQ(good.out, "crowd\ttrain 10 images 20 points\n0 errors, 0 notes\n");
  std::filesystem::remove(folder_ / "crowd/4.png");
  const ProgramResult bad = run_throng({"data", "check", at("m.jsonl")});
  EXPECT_EQ(bad.exit_code, 3);
  EXPECT_THAT(bad.out, AllOf(HasSubstr("error\t"), HasSubstr("4.png"), HasSubstr("1 error, 0 notes")));
}

TEST_F(DataCommand, ShowDrawsEachPicture) {
  import_crowd();
  const ProgramResult result = run_throng({"data", "show", at("m.jsonl"), "--out", at("drawn"), "--limit", "2"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, at("drawn/0.png") + "\t2\n" + at("drawn/1.png") + "\t2\n");
  EXPECT_NE(load_image(at("drawn/0.png")).rgb, picture(0).rgb);
  EXPECT_FALSE(std::filesystem::exists(at("drawn/2.png")));
}

TEST_F(DataCommand, ShowRefusesAPictureOfAnotherSize) {
  import_crowd();
  save_image(resize_image(picture(0), 32, 24), folder_ / "crowd/0.png");
  const ProgramResult result = run_throng({"data", "show", at("m.jsonl"), "--out", at("drawn"), "--limit", "2"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, at("drawn/1.png") + "\t2\n");
  EXPECT_THAT(result.err, AllOf(HasSubstr("0.png"), HasSubstr("32x24"), HasSubstr("64x48")));
}

TEST_F(DataCommand, ShowNeverReplacesThePictures) {
  import_crowd();
  const ProgramResult result = run_throng({"data", "show", at("m.jsonl"), "--out", at("crowd"), "--limit", "1"});
  EXPECT_EQ(result.out, at("crowd/0-2.png") + "\t2\n");
  EXPECT_EQ(load_image(at("crowd/0.png")).rgb, picture(0).rgb);
}

TEST_F(DataCommand, SplitMovesAShareOnce) {
  import_crowd();
  const ProgramResult other =
      run_throng({"data", "split", at("m.jsonl"), "--val", "0.3", "--seed", "5", "--out", at("s.jsonl")});
  EXPECT_EQ(other.exit_code, 0) << other.err;
  EXPECT_EQ(other.out, "crowd\ttrain 7 images 14 points\tval 3 images 6 points\n");
  EXPECT_EQ(read_manifest(at("m.jsonl")).split("train").size(), 10U);
  EXPECT_EQ(read_manifest(at("s.jsonl")).split("val").size(), 3U);
  const ProgramResult again = run_throng({"data", "split", at("s.jsonl"), "--val", "0.3"});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("already"));
  EXPECT_EQ(run_throng({"data", "split", at("m.jsonl"), "--val", "1.5"}).exit_code, 2);
}

TEST_F(DataCommand, JoinRenamesSplitsAndLeavesOutTwins) {
  import_crowd();
  make_folder(folder_ / "more");
  save_image(resize_image(picture(7), 90, 70), folder_ / "more/twin.png");
  save_image(picture(11), folder_ / "more/other.png");
  write_manifest({"more",
                  {{at("more/twin.png"), 90, 70, {{1, 2}}, "fold1", ""},
                   {at("more/other.png"), 64, 48, {{1, 2}, {3, 4}, {5, 6}}, "fold2", ""}}},
                 at("more.jsonl"));
  const ProgramResult all = run_throng({"data", "join", "--rename-split", "fold1=val,fold2=test", at("m.jsonl"),
                                        at("more.jsonl"), "--out", at("all.jsonl"), "--name", "all"});
  EXPECT_EQ(all.exit_code, 0) << all.err;
  EXPECT_EQ(all.out, "all\ttest 1 images 3 points\ttrain 10 images 20 points\tval 1 images 1 points\n");
  EXPECT_EQ(read_manifest(at("all.jsonl")).entries[7].group, read_manifest(at("all.jsonl")).entries[10].group);

  const ProgramResult fewer = run_throng({"data", "join", at("m.jsonl"), at("more.jsonl"), "--without-twins", "fold1",
                                          "--without", at("crowd/3.png"), "--out", at("all.jsonl")});
  EXPECT_EQ(fewer.exit_code, 0) << fewer.err;
  EXPECT_EQ(fewer.out, "crowd+more\tfold1 1 images 1 points\tfold2 1 images 3 points\ttrain 8 images 16 points\n");
  EXPECT_THAT(fewer.err, AllOf(HasSubstr("crowd/3.png"), HasSubstr("crowd/7.png"), HasSubstr("twin.png")));

  for (const char* renaming : {"fold1", "=val", "fold1=", "a=b=c", "fold1=val,fold1=test"}) {
    const ProgramResult bad = run_throng(
        {"data", "join", at("m.jsonl"), at("more.jsonl"), "--rename-split", renaming, "--out", at("bad.jsonl")});
    EXPECT_EQ(bad.exit_code, 2) << renaming;
  }
  EXPECT_FALSE(std::filesystem::exists(at("bad.jsonl")));
}

TEST_F(DataCommand, AlterWritesPicturesAndMovesPoints) {
  import_crowd();
  const ProgramResult result = run_throng({"data", "alter", at("m.jsonl"), "--split", "train", "--limit", "2",
                                           "--resize", "0.5", "--grey", "--out", at("altered")});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "crowd, resize 0.5, grey\ttrain 2 images 4 points\n");
  const Manifest altered = read_manifest(at("altered/manifest.jsonl"));
  EXPECT_EQ(altered.entries.at(1).points, (std::vector<Point>{{1.5, 2}, {10.25, 5}}));
  EXPECT_EQ(load_image(altered.entries[1].image).width, 32);
  EXPECT_EQ(run_throng({"data", "check", at("altered/manifest.jsonl")}).exit_code, 0);
  EXPECT_EQ(run_throng({"data", "alter", at("m.jsonl"), "--resize", "0", "--out", at("none")}).exit_code, 2);
  EXPECT_EQ(run_throng({"data", "alter", at("m.jsonl"), "--jpeg", "101", "--out", at("none")}).exit_code, 2);
  EXPECT_EQ(run_throng({"data", "alter", at("m.jsonl"), "--grey", "--out", at("crowd")}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(at("none")));
}

}  // namespace

}  // namespace throng
