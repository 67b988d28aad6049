#include "core/text.h"
#include "data/importers/data_set_folder.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ImportLabelStudio : public DataSetFolder {
 protected:
  static std::string result(const std::string& value, const std::string& more = "") {
    return R"({"original_width": 400, "original_height": 200, )" + more + R"("value": {)" + value + "}}";
  }
  static std::string task(const std::string& image, const std::string& results, const std::string& more = "") {
    return R"({"id": 1, "data": {"image": ")" + image + R"("}, "annotations": [{)" + more + R"("result": [)" + results +
           "]}], \"predictions\": []}";
  }
  void export_of(const std::string& tasks) const { write("export.json", text("[", tasks, "]")); }
};

TEST_F(ImportLabelStudio, PercentOfThePicturesSides) {
  picture("a.jpg");
  export_of(
      task("/data/upload/3/0a1b2c3d-a.jpg",
           result(R"("x": 50, "y": 25, "width": 0.5, "keypointlabels": ["Person"])") + "," +
               result(R"("x": 10, "y": 10, "width": 20, "height": 30, "rotation": 0, "rectanglelabels": ["Person"])") +
               "," + result(R"("x": -5, "y": 110, "radiusX": 1, "radiusY": 1, "ellipselabels": ["Person"])") + "," +
               result(R"("points": [[0, 0], [20, 0], [20, 50]], "polygonlabels": ["Person"])") + "," +
               result(R"("choices": ["sunny"])")));
  const Manifest manifest = import("auto");
  ASSERT_EQ(manifest.entries.size(), 1U);
  const ManifestEntry& entry = manifest.entries[0];
  EXPECT_EQ(entry.width, 40);  // the picture that is here, which is smaller than the one that was annotated
  const Points expected = {{20, 5}, {8, 5}, {-2, 22}, {4, 5}};
  ASSERT_EQ(entry.points.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(entry.points[i].x, expected[i].x, 1e-9) << i;
    EXPECT_NEAR(entry.points[i].y, expected[i].y, 1e-9) << i;
  }
  EXPECT_THAT(messages.warnings, IsEmpty());
}

TEST_F(ImportLabelStudio, RectanglesTurnAboutTheirCorner) {
  // 400 x 200: the box of 80 x 20 pixels at (200, 100), turned by a quarter, has its centre at (200 - 10, 100 + 40).
  export_of(task("a.jpg", result(R"("x": 50, "y": 50, "width": 20, "height": 10, "rotation": 90,
                                                    "rectanglelabels": ["Person"])")));
  const Manifest manifest = import("label_studio");
  ASSERT_EQ(manifest.entries.at(0).points.size(), 1U);
  EXPECT_NEAR(manifest.entries[0].points[0].x, 190, 1e-9);
  EXPECT_NEAR(manifest.entries[0].points[0].y, 140, 1e-9);
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("none of the 1 pictures is there")));
}

TEST_F(ImportLabelStudio, ReadsTheSmallExport) {
  picture("crowd/a b.jpg");
  picture("crowd/c.jpg");
  write("min.json", R"([{"image": "/data/local-files/?d=crowd%2Fa%20b.jpg", "id": 1, "annotation_id": 4, "kp": [
      {"x": 50, "y": 50, "width": 1, "keypointlabels": ["head"], "original_width": 40, "original_height": 20}]},
      {"image": "s3://bucket/x/c.jpg", "id": 2, "annotation_id": 5, "kp": []}])");
  const Manifest manifest = import("label_studio");
  EXPECT_EQ(entry_of(manifest, "a b.jpg").points, (Points{{20, 10}}));
  EXPECT_TRUE(entry_of(manifest, "c.jpg").points.empty());
}

TEST_F(ImportLabelStudio, OfSeveralAnnotationsTheGroundTruthAndWithoutAnyLeftOut) {
  for (const char* name : {"a.jpg", "b.jpg", "c.jpg", "d.jpg"}) picture(name);
  const std::string one = result(R"("x": 10, "y": 10)");
  const std::string two = result(R"("x": 50, "y": 50)", R"("image_rotation": 90, )");
  write("export.json", R"([{"data": {"img": "a.jpg"}, "annotations": [{"result": [)" + one +
                           R"(]}, {"ground_truth": true, "result": [)" + two +
                           R"(]}]}, {"data": {"image": "b.jpg"}, "annotations": []},)" +
                           task("c.jpg", one, R"("was_cancelled": true, )") + "," + task("d.jpg", "") + "]");
  const Manifest manifest = import("label_studio");
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(entry_of(manifest, "a.jpg").points, (Points{{20, 10}}));
  EXPECT_TRUE(entry_of(manifest, "d.jpg").points.empty());
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("by several"), HasSubstr("a.jpg")), HasSubstr("turned"),
                                             AllOf(HasSubstr("2 pictures without annotation"), HasSubstr("b.jpg"))));
}

TEST_F(ImportLabelStudio, SaysWhatIsWrong) {
  EXPECT_THAT(problem("label_studio"), HasSubstr("no Label Studio export"));
  write("export.json", R"([{"data": {"text": "hello"}, "annotations": []}])");
  EXPECT_THAT(problem("label_studio"), AllOf(HasSubstr("export.json"), HasSubstr("task 0 names no picture")));
  export_of(task("a.jpg", result(R"("x": "1", "y": 2)")));
  EXPECT_THAT(problem("label_studio"), HasSubstr("\"x\" of task 0 must be a number"));
}

}  // namespace
}  // namespace throng
