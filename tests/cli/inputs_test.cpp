#include "cli/inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "core/file.h"
#include "image/codec.h"
#include "image/own_mark.h"
#include "temporary_folder.h"

namespace throng {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class InputsTest : public testing::Test {
 protected:
  std::string make(const std::string& name) {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << "x";
    return path.string();
  }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  static std::vector<std::string> paths(const std::vector<std::string>& arguments, const std::string& list = "",
                                        const std::vector<std::string>& outputs = {}) {
    std::vector<std::string> found;
    for (const CountInput& input : collect_inputs(
             arguments, [&] { return list; }, outputs)) {
      found.push_back(input.problem.empty() ? input.path : "problem: " + input.problem);
    }
    return found;
  }

  /// What is said about them.
  static std::vector<std::string> notes(const std::vector<std::string>& arguments) {
    struct Listener final : MessageSink {
      void message(Level level, std::string_view sentence) override {
        EXPECT_EQ(level, Level::note);
        heard.emplace_back(sentence);
      }
      std::vector<std::string> heard;
    } listener;
    collect_inputs(
        arguments, [] { return ""; }, {}, Reporter{.messages = &listener});
    return listener.heard;
  }

  TemporaryFolder folder_;
};

TEST_F(InputsTest, FilesAreThemselvesInTheirOrder) {
  const std::string picture = make("b.jpg"), text_file = make("a.txt");
  EXPECT_THAT(paths({picture, text_file, "missing.jpg", picture}),
              ElementsAre(picture, text_file, "missing.jpg", picture));
}

TEST_F(InputsTest, FoldersGiveTheirPicturesSorted) {
  make("f/b.JPG");
  make("f/a.png");
  make("f/notes.txt");
  make("f/.hidden.jpg");
  make("f/.cache/x.jpg");
  make("f/sub folder/ü.webp");
  std::filesystem::create_directories(at("f/looks-like.jpg"));
  const std::string f = at("f");
  EXPECT_THAT(paths({f}), ElementsAre(f + "/a.png", f + "/b.JPG", f + "/sub folder/ü.webp"));
  EXPECT_THAT(paths({f + "/"}), ElementsAre(f + "/a.png", f + "/b.JPG", f + "/sub folder/ü.webp"));
}

TEST_F(InputsTest, AHiddenFolderThatWasNamedIsRead) {
  const std::string picture = make(".photos/a.jpg");
  EXPECT_THAT(paths({at(".photos")}), ElementsAre(picture));
}

TEST_F(InputsTest, LinkedFilesCountAndLinkedFoldersAreNotFollowed) {
  const std::string picture = make("real/a.jpg");
  make("f/b.jpg");
  std::filesystem::create_symlink(picture, at("f/link.jpg"));
  std::filesystem::create_directory_symlink(at("f"), at("f/circle"));
  EXPECT_THAT(paths({at("f")}), ElementsAre(at("f/b.jpg"), at("f/link.jpg")));
  std::filesystem::create_directory_symlink(at("real"), at("named"));
  EXPECT_THAT(paths({at("named")}), ElementsAre(at("named/a.jpg")));
}

TEST_F(InputsTest, LinkedFoldersArePassedOverWithANote) {
  make("real/a.jpg");
  make("f/b.jpg");
  std::filesystem::create_directory_symlink(at("real"), at("f/two"));
  EXPECT_THAT(notes({at("f")}),
              ElementsAre("passed over 1 linked folder, '" + at("f/two") + "'; name them to count what is in them"));
  std::filesystem::create_directory_symlink(at("real"), at("f/one"));
  EXPECT_THAT(notes({at("f")}), ElementsAre("passed over 2 linked folders, such as '" + at("f/one") +
                                            "'; name them to count what is in them"));
  EXPECT_THAT(notes({at("f/one"), at("f/b.jpg"), at("real")}), ElementsAre());
}

TEST_F(InputsTest, FormatsThatAreNotBuiltInArePassedOverWithANoteUnlessNamed) {
  const std::string jpg = make("f/a.jpg"), heic = make("f/b.heic");
  make("f/deep/c.HEIC");
  make("f/d.gif");
  make("f/e.txt");
  for (const std::string& argument : {at("f"), at("f*"), at("f/*")}) {
    EXPECT_THAT(paths({argument}), ElementsAre(jpg)) << argument;
    EXPECT_THAT(notes({argument}),
                ElementsAre("passed over 3 pictures of formats that are not built in (1 gif, 2 heic), such as '" +
                            at("f/d.gif") + "'; convert them to JPEG or PNG to count them"))
        << argument;
  }
  EXPECT_THAT(paths({heic, jpg}), ElementsAre(heic, jpg));
  EXPECT_THAT(notes({heic, jpg}), ElementsAre());
}

TEST_F(InputsTest, WhatThrongDrewIsPassedOverWithANoteUnlessNamed) {
  const std::string photo = make("f/a.jpg"), map = make("f/a.png"), other = make("f/b.png");
  const std::vector<std::uint8_t> plain = encode_png(Image{1, 1, {1, 2, 3}});
  write_file(other, plain);
  write_file(map, with_mark(plain));
  for (const std::string& argument : {at("f"), at("f*"), at("f/*")}) {
    EXPECT_THAT(paths({argument}), ElementsAre(photo, other)) << argument;
    EXPECT_THAT(notes({argument}), ElementsAre("passed over 1 drawing, '" + map +
                                               "', which Throng made of other pictures; name them to count them"))
        << argument;
  }
  EXPECT_THAT(paths({map, photo}), ElementsAre(map, photo));
  EXPECT_THAT(notes({map, photo}), ElementsAre());
  std::filesystem::create_directories(at("f/deep"));
  write_file(at("f/deep/c.png"), with_mark(plain));
  EXPECT_THAT(notes({at("f")}), ElementsAre(HasSubstr("passed over 2 drawings, such as '" + map + "', which")));
  EXPECT_THAT(paths({at("f/deep")}), ElementsAre(HasSubstr("no pictures")));
}

TEST_F(InputsTest, PipesArePassedOverUnlessNamed) {
  const std::string picture = make("d/a.jpg"), pipe = at("d/b.png");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(paths({at("d")}), ElementsAre(picture));
  EXPECT_THAT(paths({at("d/*")}), ElementsAre(picture));
  EXPECT_THAT(paths({pipe}), ElementsAre(pipe));
}

TEST_F(InputsTest, PatternsPassOverWhatIsNoPicture) {
  const std::string one = make("set/img1.jpg"), text_file = make("set/img1.txt");
  make("set/img1.mat");
  make("set/img2");
  EXPECT_THAT(paths({at("set/*")}), ElementsAre(one));
  EXPECT_THAT(paths({at("set/img*")}), ElementsAre(one));
  EXPECT_THAT(paths({text_file}), ElementsAre(text_file));
  EXPECT_THAT(paths({at("set/*.txt")}), ElementsAre(HasSubstr("no picture (jpg, png, webp) matches")));
  EXPECT_THAT(notes({at("set/*")}), ElementsAre());
}

TEST_F(InputsTest, AFolderWithoutPicturesIsAProblem) {
  make("f/notes.txt");
  EXPECT_THAT(paths({at("f")}), ElementsAre(HasSubstr("no pictures")));
}

TEST_F(InputsTest, PatternsGiveWhatMatches) {
  const std::string one = make("img1.jpg"), two = make("img2.jpg");
  make("other.jpg");
  const std::string below = make("imgs/deep.png");
  EXPECT_THAT(paths({at("img?.jpg")}), ElementsAre(one, two));
  EXPECT_THAT(paths({at("img[2-9].jpg")}), ElementsAre(two));
  EXPECT_THAT(paths({at("imgs*")}), ElementsAre(below));
  EXPECT_THAT(paths({at("*.webp")}), ElementsAre(HasSubstr("no file matches")));
}

TEST_F(InputsTest, OutputFoldersArePassedOverUnlessNamed) {
  const std::string one = make("f/a.jpg"), two = make("f/sub/b.jpg"), map = make("f/sub/maps/a.png");
  const std::vector<std::string> outputs = {"", at("f/x/../sub/maps/"), at("not there")};
  std::filesystem::create_directories(at("f/x"));
  EXPECT_THAT(paths({at("f")}, "", outputs), ElementsAre(one, two));
  EXPECT_THAT(paths({at("f/s*")}, "", outputs), ElementsAre(two));
  EXPECT_THAT(paths({at("f/sub/m*")}, "", outputs), ElementsAre(HasSubstr("no file matches")));
  EXPECT_THAT(paths({at("f/sub/maps")}, "", outputs), ElementsAre(map));
  EXPECT_THAT(paths({at("f")}), ElementsAre(one, two, map));
}

TEST_F(InputsTest, AnExistingNameIsNoPattern) {
  make("1.jpg");
  const std::string odd = make("[1].jpg"), star = make("*.png");
  make("x.png");
  EXPECT_THAT(paths({odd, star}), ElementsAre(odd, star));
}

TEST_F(InputsTest, ADashReadsAList) {
  const std::string one = make("one two.jpg"), deep = make("f/deep.png");
  EXPECT_THAT(paths({"-"}, one + "\n\n" + at("f") + "\r\nmissing.jpg"), ElementsAre(one, deep, "missing.jpg"));
  EXPECT_THAT(paths({"a.jpg", "-", "b.jpg"}, one + "\n"), ElementsAre("a.jpg", one, "b.jpg"));
  EXPECT_THAT(paths({"-"}, ""), ElementsAre());
}

}  // namespace

}  // namespace throng
