#include "data/importers/data_set_folder.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ImportVia : public DataSetFolder {
 protected:
  static std::string region(const std::string& shape, const std::string& attributes = R"("label": "person")") {
    return R"({"shape_attributes": {)" + shape + R"(}, "region_attributes": {)" + attributes + "}}";
  }
  static std::string image(const std::string& name, const std::string& regions) {
    return "\"" + name + R"(123": {"filename": ")" + name + R"(", "size": 123, "regions": )" + regions +
           R"(, "file_attributes": {}})";
  }
};

TEST_F(ImportVia, ReadsProjectsAndTheirShapes) {
  picture("a.jpg");
  picture("b.jpg");
  write("project.json",
        R"({"_via_settings": {}, "_via_img_metadata": {)" +
            image("a.jpg", "[" + region(R"("name": "point", "cx": 1.5, "cy": -2)") + "," +
                               region(R"("name": "rect", "x": 10, "y": 4, "width": 2, "height": 4)") + "," +
                               region(R"("name": "circle", "cx": 5, "cy": 6, "r": 2)") + "," +
                               region(R"("name": "polygon", "all_points_x": [0, 4, 4], "all_points_y": [0, 0, 2])") +
                               "," + region(R"("name": "polyline", "all_points_x": [0], "all_points_y": [0])") + "]") +
            "," + image("b.jpg", "[]") + R"(}, "_via_attributes": {}})");
  const Manifest manifest = import("auto");
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{1.5, -2}, {11, 6}, {5, 6}, {2, 1}}));
  EXPECT_TRUE(manifest.entries[1].points.empty());
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("with lines")));
}

TEST_F(ImportVia, ReadsTheExportOfTheFirstVersion) {
  picture("photos/a.jpg");
  write("via.json",
        "\xef\xbb\xbf{" +
            image(R"(E:\\photos\\a.jpg)", R"({"0": )" + region(R"("name": "point", "cx": 7, "cy": 8)", "") + "}") +
            "}");
  EXPECT_EQ(import("via").entries.at(0).points, (Points{{7, 8}}));
}

TEST_F(ImportVia, ReadsTables) {
  picture("a.jpg");
  picture("b.jpg");
  write("via.csv",
        "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\r\n"
        "a.jpg,123,\"{}\",2,0,\"{\"\"name\"\":\"\"point\"\",\"\"cx\"\":3,\"\"cy\"\":4}\",\"{\"\"label\"\":\"\"head\"\"}"
        "\"\r\n"
        "a.jpg,123,\"{}\",2,1,\"{\"\"name\"\":\"\"point\"\",\"\"cx\"\":5,\"\"cy\"\":6}\",\"{}\"\r\n"
        "b.jpg,99,\"{}\",0,0,\"{}\",\"{}\"\r\n");
  const Manifest manifest = import("auto", "", {"head"});
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{3, 4}}));
  EXPECT_TRUE(manifest.entries[1].points.empty());
  EXPECT_THAT(messages.warnings, IsEmpty());
}

TEST_F(ImportVia, SaysWhatIsWrong) {
  EXPECT_THAT(problem("via"), HasSubstr("VGG Image Annotator"));
  write("via.json", "{" + image("a.jpg", "[" + region(R"("name": "star", "x": 1)") + "]") + "}");
  EXPECT_THAT(problem("via"), AllOf(HasSubstr("via.json"), HasSubstr("a.jpg"), HasSubstr("'star'")));
  write("via.json", "{" + image("a.jpg", "[" + region(R"("name": "point", "cx": "1", "cy": 2)") + "]") + "}");
  EXPECT_THAT(problem("via"), HasSubstr("no number"));
  write("via.json", "{" + image("a.jpg", "[{}]") + "}");
  EXPECT_THAT(problem("via"), HasSubstr("shape_attributes"));
  std::filesystem::remove(folder() / "via.json");
  write("via.csv", "filename,region_shape_attributes\na.jpg,{\n");
  EXPECT_THAT(problem("via"), AllOf(HasSubstr("via.csv"), HasSubstr("not valid JSON")));
}

}  // namespace
}  // namespace throng
