#include "data/join.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/folder.h"
#include "data/messages.h"
#include "data/scene_picture.h"
#include "expect_error.h"
#include "image/codec.h"

namespace throng {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Joining : public TestFolder {
 protected:
  ManifestEntry picture(const std::string& name, std::uint64_t seed, const std::string& split,
                        const std::string& group = "") const {
    fs::create_directories((folder() / name).parent_path());
    save_image(scene_picture(seed), folder() / name);
    return {folder() / name, 320, 240, {{5, 6}}, split, group};
  }

  static std::vector<std::string> names(const Manifest& manifest) {
    std::vector<std::string> all;
    for (const ManifestEntry& entry : manifest.entries) all.push_back(entry.image.stem().string() + " " + entry.split);
    return all;
  }

  Manifest joined(const JoinOptions& options) { return join_manifests(sets_, options, {&messages_, nullptr}); }

  std::vector<Manifest> sets_;
  KeptMessages messages_;
};

TEST_F(Joining, KeepsOrderSplitsAndGroupsApart) {
  sets_ = {{"a", {picture("a/1.png", 1, "train", "similar_1"), picture("a/2.png", 2, "train", "similar_1")}},
           {"b", {picture("b/1.png", 3, "fold1", "similar_1"), picture("b/2.png", 4, "fold2", "similar_1")}},
           {"b", {picture("c/1.png", 5, "test", "similar_1"), picture("c/2.png", 6, "test")}}};
  const Manifest all = joined({});
  EXPECT_EQ(all.name, "a+b+b-2");
  EXPECT_THAT(names(all), ElementsAre("1 train", "2 train", "1 fold1", "2 fold2", "1 test", "2 test"));
  EXPECT_EQ(all.entries[0].group, "similar_1");
  EXPECT_EQ(all.entries[2].group, "b/similar_1");
  EXPECT_EQ(all.entries[3].group, "b/similar_1");
  EXPECT_EQ(all.entries[4].group, "b-2/similar_1");
  EXPECT_EQ(all.entries[5].group, "");
  EXPECT_EQ(all.entries[1].labels.at("set"), "a");
  EXPECT_EQ(all.entries[5].labels.at("set"), "b-2");
}

TEST_F(Joining, RenamesSplits) {
  sets_ = {{"a", {picture("1.png", 1, "train")}}, {"b", {picture("2.png", 2, "fold1"), picture("3.png", 3, "fold2")}}};
  EXPECT_THAT(names(joined({"all", {{"fold1", "train"}, {"fold2", "val"}}, {}, {}, true})),
              ElementsAre("1 train", "2 train", "3 val"));
  expect_error(ErrorKind::usage, {"fold9", "fold1, fold2, train"}, [&] {
    joined({"", {{"fold9", "val"}}, {}, {}, true});
  });
}

TEST_F(Joining, TwinsAcrossTheSetsGetAGroup) {
  sets_ = {{"a", {picture("1.png", 1, "train"), picture("2.png", 2, "train")}},
           {"b", {picture("3.png", 1, "train"), picture("4.png", 4, "train")}}};
  const Manifest all = joined({});
  EXPECT_EQ(all.entries[0].group, "similar_1");
  EXPECT_EQ(all.entries[1].group, "");
  EXPECT_EQ(all.entries[2].group, "similar_1");
  EXPECT_EQ(all.entries[3].group, "");
  EXPECT_EQ(joined({"", {}, {}, {}, false}).entries[0].group, "");
}

TEST_F(Joining, LeavesOutTwinsOfProtectedSplits) {
  sets_ = {{"a", {picture("1.png", 1, "train"), picture("2.png", 2, "val"), picture("3.png", 3, "test")}},
           {"b",
            {picture("4.png", 3, "train"), picture("5.png", 2, "train"), picture("6.png", 3, "val"),
             picture("7.png", 1, "train"), picture("8.png", 3, "test")}}};
  const Manifest all = joined({"", {}, {}, {"test", "val"}, true});
  EXPECT_THAT(names(all), ElementsAre("1 train", "2 val", "3 test", "7 train", "8 test"));
  EXPECT_THAT(messages_.notes, ElementsAre(AllOf(HasSubstr("4.png (train)"), HasSubstr("3.png (test)")),
                                           AllOf(HasSubstr("6.png (val)"), HasSubstr("3.png (test)")),
                                           AllOf(HasSubstr("5.png (train)"), HasSubstr("2.png (val)"))));
  EXPECT_EQ(all.entries[0].group, all.entries[3].group);  // two of one split stay, together
  // The one named first keeps its pictures, and the test set always does.
  EXPECT_THAT(names(joined({"", {}, {}, {"val", "test"}, true})),
              ElementsAre("1 train", "2 val", "3 test", "6 val", "7 train", "8 test"));
  expect_error(ErrorKind::usage, {"'dev'"}, [&] { joined({"", {}, {}, {"dev"}, true}); });
  expect_error(ErrorKind::usage, {"--no-groups"}, [&] { joined({"", {}, {}, {"test"}, false}); });
}

TEST_F(Joining, LeavesOutPicturesByName) {
  sets_ = {{"a", {picture("1.png", 1, "train"), picture("2.png", 2, "train")}}};
  EXPECT_THAT(names(joined({"", {}, {folder() / "x/../2.png"}, {}, true})), ElementsAre("1 train"));
  EXPECT_THAT(messages_.notes, ElementsAre(HasSubstr("2.png")));
  expect_error(ErrorKind::usage, {"9.png"}, [&] { joined({"", {}, {folder() / "9.png"}, {}, true}); });
}

TEST_F(Joining, APictureListedAgainIsTakenOnceOrAnError) {
  sets_ = {{"a", {picture("1.png", 1, "train")}}, {"b", {picture("1.png", 1, "train"), picture("2.png", 2, "train")}}};
  sets_[1].entries[0].image = folder() / "x" / ".." / "1.png";
  EXPECT_THAT(names(joined({})), ElementsAre("1 train", "2 train"));
  EXPECT_THAT(messages_.notes, ElementsAre(HasSubstr("1 picture")));
  sets_[1].entries[0].split = "val";
  expect_error(ErrorKind::usage, {"different splits", "(val)", "(train)"}, [&] { joined({}); });
  sets_[1].entries[0].split = "train";
  sets_[1].entries[0].points.clear();
  expect_error(ErrorKind::usage, {"different annotations"}, [&] { joined({}); });
}

TEST_F(Joining, PathsFollowTheNewManifest) {
  write_manifest({"a", {picture("one/pictures/1.png", 1, "train")}}, folder() / "one/m.jsonl");
  write_manifest({"b", {picture("two/1.png", 2, "train")}}, folder() / "two/m.jsonl");
  sets_ = {read_manifest(folder() / "one/m.jsonl"), read_manifest(folder() / "two/m.jsonl")};
  write_manifest(joined({}), folder() / "one/all.jsonl");
  const Manifest all = read_manifest(folder() / "one/all.jsonl");
  EXPECT_TRUE(fs::exists(all.entries[0].image));
  EXPECT_TRUE(fs::exists(all.entries[1].image));
  std::ifstream file(folder() / "one/all.jsonl");
  const std::string content((std::istreambuf_iterator<char>(file)), {});
  EXPECT_THAT(content, AllOf(HasSubstr("\"pictures/1.png\""), HasSubstr((folder() / "two/1.png").string())));
}

TEST_F(Joining, FieldsOfOthersAreKeptAsFarAsTheSetsAgree) {
  sets_ = {{"a", {picture("1.png", 1, "train")}, {{"by", "\"x\""}, {"year", "1"}}},
           {"b",
            {picture("2.png", 2, "train")},
            {{"by", "\"y\""}, {"place", "2"}, {"altered", "\"grey\""}, {"predicted", "true"}}}};
  const Manifest all = joined({});
  using Fields = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(all.other_fields, (Fields{{"by", "\"x\""}, {"year", "1"}, {"place", "2"}}));
  EXPECT_THAT(messages_.warnings, ElementsAre(HasSubstr("\"by\"")));
}

}  // namespace
}  // namespace throng
