#include "data/importers/data_set_folder.h"
#include "data/importers/mat_bytes.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ImportUcfQnrf : public DataSetFolder {
 protected:
  void image(const std::string& name, const std::vector<double>& by_column) const {
    picture(name + ".jpg");
    write(name + "_ann.mat", mat::points_file("annPoints", static_cast<int>(by_column.size() / 2), 2, by_column));
  }
};

TEST_F(ImportUcfQnrf, TakesBothHalves) {
  image("Train/img_0002", {1, 2, 3, 4});
  image("Train/img_0010", {});
  image("Test/img_0001", {-3, 400});
  const Manifest manifest = import("ucf_qnrf");
  EXPECT_EQ(manifest.name, "ucf_qnrf");
  ASSERT_EQ(manifest.entries.size(), 3U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{1, 3}, {2, 4}}));
  EXPECT_EQ(manifest.entries[0].split, "train");
  EXPECT_TRUE(manifest.entries[1].points.empty());
  EXPECT_EQ(manifest.entries[2].points, (Points{{-3, 400}}));
  EXPECT_EQ(manifest.entries[2].split, "test");
}

TEST_F(ImportUcfQnrf, OneHalfUnderASmallNameWillDo) {
  image("test/img_0001", {1, 2});
  EXPECT_EQ(import("auto").split("test").size(), 1U);
}

TEST_F(ImportUcfQnrf, SaysWhatIsWrong) {
  EXPECT_THAT(problem("ucf_qnrf"), AllOf(HasSubstr("Train or Test"), HasSubstr("img_0001_ann.mat")));
  picture("Train/img_0001.jpg");
  EXPECT_THAT(problem("ucf_qnrf"), HasSubstr("img_0001_ann.mat"));
}

}  // namespace
}  // namespace throng
