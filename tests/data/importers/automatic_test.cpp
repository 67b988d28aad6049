#include <gmock/gmock.h>

#include "data/importers/data_set_folder.h"
#include "data/importers/mat_bytes.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ImportAuto : public DataSetFolder {
 protected:
  std::string recognised(const std::filesystem::path& below) {
    import("auto", below);
    return messages.notes.empty() ? "" : messages.notes[0].substr(messages.notes[0].find("looks like"));
  }
};

// The other layouts are imported by `auto` in their own tests.
TEST_F(ImportAuto, TellsWhichLayoutItIs) {
  picture("a/train_data/images/IMG_1.jpg");
  write("a/train_data/ground_truth/GT_IMG_1.mat", mat::annotation(1, {1, 2}));
  EXPECT_THAT(recognised("a"), HasSubstr("looks like shanghaitech (part A or B"));
  picture("b/1.jpg");
  write("b/1.txt", "1 2\n");
  EXPECT_THAT(recognised("b"), HasSubstr("looks like points"));
  picture("c/train/images/1.jpg");
  write("c/train/gt/1.txt", "1 2 3 4 1 0\n");
  EXPECT_THAT(recognised("c"), HasSubstr("looks like jhu"));
}

TEST_F(ImportAuto, NamesOtherPossibilities) {
  picture("1.jpg");
  write("1.txt", "0 0.5 0.5 0.1 0.1\n");
  EXPECT_THAT(recognised(""), AllOf(HasSubstr("looks like yolo"), HasSubstr("name another: points")));
}

TEST_F(ImportAuto, ListsWhatItLookedForAndHintsBelow) {
  write("readme.md", "hello");
  const std::string nothing = problem("auto");
  EXPECT_THAT(nothing, AllOf(HasSubstr("no data set that is known"), HasSubstr("\n  shanghaitech: "),
                             HasSubstr("\n  label_studio: "), HasSubstr("\n  points: "), Not(HasSubstr("\n  auto"))));
  picture("inner/1.jpg");
  write("inner/1_ann.mat", mat::points_file("annPoints", 1, 2, {1, 2}));
  EXPECT_THAT(problem("auto"), HasSubstr("inner looks like ucf_cc_50"));
  EXPECT_THAT(problem("auto", "none"), HasSubstr("cannot be read"));
}

TEST_F(ImportAuto, BrokenFilesDoNotStopTheSearch) {
  write("a.json", "{");
  write("b.xml", "<");
  write("c.csv", "filename,region_shape_attributes\n1\n");
  picture("1.jpg");
  write("1.txt", "1 2\n");
  EXPECT_THAT(recognised(""), HasSubstr("looks like points"));
}

TEST_F(ImportAuto, ClassesNeedALayoutThatHasThem) {
  picture("1.jpg");
  write("1.txt", "1 2\n");
  EXPECT_THAT(problem("auto", "", {"person"}), AllOf(HasSubstr("'points'"), HasSubstr("no classes")));
  EXPECT_THAT(problem("points", "", {"person"}), HasSubstr("no classes"));
}

}  // namespace
}  // namespace throng
