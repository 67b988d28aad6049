#include "data/importers/data_set_folder.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ImportLabelme : public DataSetFolder {
 protected:
  void file(const std::string& name, const std::string& image, const std::string& shapes, int width = 40) const {
    write(name, R"({"version": "5.4.1", "flags": {}, "shapes": [)" + shapes + R"(], "imagePath": ")" + image +
                    R"(", "imageData": "AAAA", "imageHeight": 20, "imageWidth": )" + std::to_string(width) + "}");
  }
  static std::string shape(const std::string& type, const std::string& points, const std::string& label = "head") {
    return R"({"label": ")" + label + R"(", "points": )" + points + R"(, "group_id": null, "shape_type": ")" + type +
           "\"}";
  }
};

TEST_F(ImportLabelme, TakesTheMiddleOfShapes) {
  picture("a.jpg");
  file("a.json", "a.jpg",
       shape("point", "[[1.5, 2]]") + "," + shape("rectangle", "[[10, 4], [2, 8]]") + "," +
           shape("circle", "[[7, 8], [9, 8]]") + "," + shape("polygon", "[[0, 0], [4, 0], [4, -2], [1, -2]]") + "," +
           shape("points", "[[30, 30], [99, 1]]"));
  picture("b.jpg");
  file("b.json", "b.jpg", "");
  const Manifest manifest = import("labelme");
  EXPECT_EQ(manifest.name, folder().filename().string());
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{1.5, 2}, {6, 6}, {7, 8}, {2, -1}, {30, 30}, {99, 1}}));
  EXPECT_EQ(manifest.entries[0].split, "train");
  EXPECT_TRUE(manifest.entries[1].points.empty());
  EXPECT_EQ(manifest.entries[1].people(), 0);
  EXPECT_THAT(messages.warnings, IsEmpty());
}

TEST_F(ImportLabelme, FindsPicturesThatWereElsewhere) {
  picture("images/a.jpg");
  picture("images/b.jpg");
  picture("images/c.JPG");
  picture("images/d e.jpg");
  file("annotations/a.json", R"(..\\images\\a.jpg)", shape("point", "[[1, 1]]"));
  file("annotations/b.json", R"(C:\\Users\\Jo\\Desktop\\b.jpg)", shape("point", "[[2, 2]]"));
  file("annotations/c.json", "/home/jo/photos/c.jpg", shape("point", "[[3, 3]]"));
  file("annotations/d.json", "https://host/up/d%20e.jpg?x=1", shape("point", "[[4, 4]]"));
  const Manifest manifest = import("auto");
  EXPECT_EQ(entry_of(manifest, "a.jpg").points, (Points{{1, 1}}));
  EXPECT_EQ(entry_of(manifest, "b.jpg").points, (Points{{2, 2}}));
  EXPECT_EQ(entry_of(manifest, "c.JPG").points, (Points{{3, 3}}));
  EXPECT_EQ(entry_of(manifest, "d e.jpg").points, (Points{{4, 4}}));
  EXPECT_THAT(messages.warnings, IsEmpty());
}

TEST_F(ImportLabelme, SpeaksOfWhatIsMissingForgottenOrResized) {
  picture("a.jpg");
  picture("forgotten.jpg");
  file("a.json", "a.jpg", shape("point", "[[1, 1]]") + "," + shape("line", "[[1, 1], [2, 2]]"), 80);
  file("b.json", "b.jpg", shape("point", "[[1, 1]]"));
  EXPECT_EQ(import("labelme").entries.size(), 1U);
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("with lines"), HasSubstr("a.json")),
                                             AllOf(HasSubstr("without annotation"), HasSubstr("forgotten.jpg")),
                                             AllOf(HasSubstr("missing and left out"), HasSubstr("b.jpg")),
                                             AllOf(HasSubstr("of another size"), HasSubstr("80x20 then, 40x20 now"))));
}

TEST_F(ImportLabelme, AnnotationsAloneHaveTheSizesThatTheyState) {
  file("a.json", R"(D:\\a.jpg)", shape("point", "[[1, 1]]"));
  const Manifest manifest = import("labelme");
  EXPECT_EQ(manifest.entries.at(0).width, 40);
  EXPECT_EQ(manifest.entries.at(0).height, 20);
  EXPECT_EQ(manifest.entries.at(0).image, folder() / "a.jpg");
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("none of the 1 pictures is there")));
}

TEST_F(ImportLabelme, ChoosesClasses) {
  picture("a.jpg");
  file("a.json", "a.jpg", shape("point", "[[1, 1]]", "Person") + "," + shape("point", "[[2, 2]]", "car"));
  EXPECT_EQ(import("labelme").entries.at(0).points, (Points{{1, 1}}));
  EXPECT_THAT(messages.notes, ElementsAre(AllOf(HasSubstr("counted: person (1)"), HasSubstr("passed over: car (1)"))));
  EXPECT_EQ(import("labelme", "", {"CAR"}).entries.at(0).points, (Points{{2, 2}}));
  EXPECT_EQ(import("auto", "", {"car", "person"}).entries.at(0).points.size(), 2U);
  EXPECT_THAT(problem("labelme", "", {"dog"}), AllOf(HasSubstr("'dog'"), HasSubstr("car (1), person (1)")));
}

TEST_F(ImportLabelme, SaysWhatIsWrong) {
  EXPECT_THAT(problem("labelme"), HasSubstr("no labelme file"));
  write("a.json", "{\"shapes\": [");
  EXPECT_THAT(problem("labelme"),
              AllOf(HasSubstr("a.json is not valid JSON ("), HasSubstr("column "), Not(HasSubstr("json.exception"))));
  file("a.json", "a.jpg", shape("point", "[[1]]"));
  EXPECT_THAT(problem("labelme"), AllOf(HasSubstr("a.json"), HasSubstr("a point of shape 0")));
  file("a.json", "a.jpg", shape("point", "[]"));
  EXPECT_THAT(problem("labelme"), HasSubstr("shape 0 has no points"));
  file("a.json", "a.jpg", "7");
  EXPECT_THAT(problem("labelme"), HasSubstr("shape 0 has no \"points\""));
  file("a.json", "a.jpg", shape("point", "[[1, 1e999]]"));
  EXPECT_THAT(problem("labelme"), HasSubstr("a.json"));
}

}  // namespace
}  // namespace throng
