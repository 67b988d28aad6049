#include "data/importers/data_set_folder.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ImportCoco : public DataSetFolder {
 protected:
  static std::string image(int id, const std::string& name) {
    return R"({"id": )" + std::to_string(id) + R"(, "file_name": ")" + name + R"(", "width": 40, "height": 20})";
  }
  static std::string box(int image, const std::string& bbox, int category = 1, const std::string& more = "") {
    return R"({"id": 1, "image_id": )" + std::to_string(image) + R"(, "category_id": )" + std::to_string(category) +
           R"(, "bbox": )" + bbox + more + "}";
  }
  void file(const std::string& name, const std::string& images, const std::string& annotations,
            const std::string& categories = R"({"id": 1, "name": "person"}, {"id": 3, "name": "car"})") const {
    write(name, R"({"info": {}, "licenses": [], "images": [)" + images + R"(], "annotations": [)" + annotations +
                    R"(], "categories": [)" + categories + "]}");
  }
};

TEST_F(ImportCoco, CentresOfTheBoxesOfPeople) {
  picture("a.jpg");
  picture("b.jpg");
  file("annotations.json", image(7, "a.jpg") + "," + image(8, "b.jpg"),
       box(7, "[10, 4, 2, 4]", 1, R"(, "segmentation": [[1, 2, 3, 4]], "iscrowd": 0)") + "," +
           box(7, "[0, 0, 9, 9]", 3) + "," + box(7, "[-6, 18, 4, 8]") + "," +
           box(8, "[0, 0, 40, 20]", 1, R"(, "iscrowd": 1)"));
  const Manifest manifest = import("auto");
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{11, 6}, {-4, 22}}));
  EXPECT_TRUE(manifest.entries[1].points.empty());
  EXPECT_THAT(messages.notes, ElementsAre(HasSubstr("looks like coco"), HasSubstr("passed over: car (1)")));
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("1 regions are marked as crowds")));
  EXPECT_EQ(import("coco", "", {"car"}).entries[0].points, (Points{{4.5, 4.5}}));
}

TEST_F(ImportCoco, HeadsOfKeypoints) {
  picture("a.jpg");
  const std::string person =
      R"({"id": 1, "name": "person", "keypoints": ["nose", "left_eye", "right_eye", "left_shoulder"]})";
  file("person_keypoints.json", image(7, "a.jpg"),
       box(7, "[0, 0, 10, 10]", 1, R"(, "keypoints": [5, 6, 2, 1, 1, 2, 1, 1, 2, 9, 9, 2])") + "," +
           box(7, "[0, 0, 10, 10]", 1, R"(, "keypoints": [0, 0, 0, 2, 4, 1, 4, 8, 2, 9, 9, 2])") + "," +
           box(7, "[0, 0, 10, 12]", 1, R"(, "keypoints": [0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 2])"),
       person);
  // The same pictures with boxes alone: the keypoints are better.
  file("instances.json", image(7, "a.jpg"), box(7, "[0, 0, 10, 10]"));
  EXPECT_EQ(import("coco").entries.at(0).points, (Points{{5, 6}, {3, 6}, {5, 6}}));
  EXPECT_THAT(messages.warnings, IsEmpty());
}

TEST_F(ImportCoco, SplitsOfItsOwnLayoutWithTheSameNamesInEach) {
  picture("train2017/1.jpg");
  picture("val2017/1.jpg");
  file("annotations/instances_train2017.json", image(1, "1.jpg"), box(1, "[0, 0, 2, 2]"));
  file("annotations/instances_val2017.json", image(1, "1.jpg"), box(1, "[0, 0, 4, 4]"));
  write("annotations/captions_val2017.json",
        R"({"images": [], "annotations": [{"image_id": 1, "id": 2, "caption": "a crowd"}]})");
  const Manifest manifest = import("coco");
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.split("train").at(0).points, (Points{{1, 1}}));
  EXPECT_EQ(manifest.split("train").at(0).image, folder() / "train2017/1.jpg");
  EXPECT_EQ(manifest.split("val").at(0).points, (Points{{2, 2}}));
  EXPECT_EQ(manifest.split("val").at(0).image, folder() / "val2017/1.jpg");
}

TEST_F(ImportCoco, NamesThatFitSeveralPicturesAreNotGuessed) {
  picture("x/1.jpg");
  picture("y/1.jpg");
  file("a.json", image(1, R"(D:\\z\\1.jpg)"), "");
  EXPECT_THAT(problem("coco"), AllOf(HasSubstr("a.json"), HasSubstr("x/1.jpg"), HasSubstr("y/1.jpg")));
  file("a.json", image(1, R"(D:\\y\\1.jpg)"), "");
  EXPECT_EQ(import("coco").entries.at(0).image, folder() / "y/1.jpg");
}

TEST_F(ImportCoco, PicturesListedTwiceAreTakenOnce) {
  picture("1.jpg");
  file("a.json", image(1, "1.jpg"), box(1, "[0, 0, 2, 2]"));
  file("b.json", image(1, "1.jpg"), "");
  EXPECT_EQ(import("coco").entries.at(0).points.size(), 1U);
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("annotated twice")));
}

TEST_F(ImportCoco, AnnotationsAloneHaveTheSizesThatTheyState) {
  file("a.json", image(1, "1.jpg"), box(1, "[0, 0, 2, 2]"));
  EXPECT_EQ(import("coco").entries.at(0).width, 40);
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("none of the 1 pictures")));
}

TEST_F(ImportCoco, SaysWhatIsWrong) {
  EXPECT_THAT(problem("coco"), HasSubstr("no COCO file"));
  file("a.json", image(1, "1.jpg"), box(2, "[0, 0, 2, 2]"));
  EXPECT_THAT(problem("coco"), AllOf(HasSubstr("a.json"), HasSubstr("annotation 0 belongs to no image")));
  file("a.json", image(1, "1.jpg"), box(1, "[0, 0, 2]"));
  EXPECT_THAT(problem("coco"), HasSubstr("annotation 0 must be [x, y, width, height]"));
  file("a.json", R"({"id": 1})", "");
  EXPECT_THAT(problem("coco"), HasSubstr("image 0 has no \"file_name\""));
  file("a.json", "5", "");
  EXPECT_THAT(problem("coco"), HasSubstr("image 0 has no"));
}

}  // namespace
}  // namespace throng
