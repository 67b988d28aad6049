#include "data/importers/data_set_folder.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using ImportCvat = DataSetFolder;

TEST_F(ImportCvat, ReadsTheShapesOfImages) {
  picture("images/a.jpg");
  picture("images/sub/b.jpg");
  picture("images/c.jpg");
  write("annotations.xml",
        "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<annotations>\r\n<version>1.1</version><meta/>\r\n"
        "<image id=\"0\" name=\"a.jpg\" width=\"40\" height=\"20\">\r\n"
        "<points label=\"person\" points=\"1.5,2.00;-3,40\"><attribute name=\"x\">1</attribute></points>\r\n"
        "<box label=\"person\" xtl=\"10\" ytl=\"4\" xbr=\"12\" ybr=\"8\"/>\r\n"
        "<ellipse label=\"person\" cx=\"5\" cy=\"6\" rx=\"1\" ry=\"1\"/>\r\n"
        "<mask label=\"person\" rle=\"1,2\" left=\"2\" top=\"4\" width=\"6\" height=\"2\"/>\r\n"
        "<polygon label=\"person\" points=\"0,0;4,0;4,2\"/>\r\n"
        "<polyline label=\"person\" points=\"0,0;4,0\"/>\r\n"
        "</image>\r\n"
        "<image id=\"1\" name=\"sub\\b.jpg\" subset=\"Validation\" width=\"40\" height=\"20\"></image>\r\n"
        "<image id=\"2\" name=\"c.jpg\" subset=\"default\" width=\"40\" height=\"20\"/>\r\n"
        "</annotations>");
  const Manifest manifest = import("auto");
  ASSERT_EQ(manifest.entries.size(), 3U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{1.5, 2}, {-3, 40}, {11, 6}, {5, 6}, {5, 5}, {2, 1}}));
  EXPECT_EQ(manifest.entries[1].split, "val");
  EXPECT_TRUE(manifest.entries[1].points.empty());
  EXPECT_EQ(manifest.entries[2].split, "train");
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("passed over"), HasSubstr("a.jpg (polyline)"))));
}

TEST_F(ImportCvat, ReadsTheTracksOfVideos) {
  picture("images/frame_000000.PNG");
  picture("images/frame_000002.PNG");
  write("annotations.xml",
        "<annotations><meta><task><original_size><width>40</width><height>20</height></original_size></task></meta>"
        "<track id=\"0\" label=\"person\"><box frame=\"0\" outside=\"0\" xtl=\"0\" ytl=\"0\" xbr=\"2\" ybr=\"2\"/>"
        "<box frame=\"2\" outside=\"1\" xtl=\"0\" ytl=\"0\" xbr=\"2\" ybr=\"2\"/></track>"
        "<track id=\"1\" label=\"person\"><points frame=\"0\" points=\"7,8\"/></track></annotations>");
  const Manifest manifest = import("cvat");
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{1, 1}, {7, 8}}));
  EXPECT_TRUE(manifest.entries[1].points.empty());
  EXPECT_EQ(manifest.entries[0].group, "video_annotations");
  EXPECT_EQ(manifest.entries[1].group, "video_annotations");
  EXPECT_THAT(messages.warnings, IsEmpty());
}

TEST_F(ImportCvat, AnnotationsAloneHaveTheSizesThatTheyState) {
  write("a.xml", "<annotations><image id=\"0\" name=\"C:\\x\\a.jpg\" width=\"640\" height=\"480\"/></annotations>");
  const Manifest manifest = import("cvat");
  EXPECT_EQ(manifest.entries.at(0).width, 640);
  EXPECT_EQ(manifest.entries.at(0).image, folder() / "a.jpg");
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("none of the 1 pictures")));
}

TEST_F(ImportCvat, SaysWhatIsWrong) {
  EXPECT_THAT(problem("cvat"), HasSubstr("no XML file of CVAT"));
  write("a.xml", "<other/>");
  EXPECT_THAT(problem("cvat"), HasSubstr("no XML file of CVAT"));
  write("a.xml", "<annotations><image");
  EXPECT_THAT(problem("cvat"), AllOf(HasSubstr("a.xml"), HasSubstr("not valid XML")));
  const auto image = [&](const std::string& shape) {
    write("a.xml", "<annotations><image id=\"0\" name=\"a.jpg\">" + shape + "</image></annotations>");
    return problem("cvat");
  };
  EXPECT_THAT(image("<box xtl=\"1\" ytl=\"2\" xbr=\"x\" ybr=\"4\"/>"), HasSubstr("xbr=\"x\""));
  EXPECT_THAT(image("<box xtl=\"1\" ytl=\"2\"/>"), HasSubstr("xbr=\"\""));
  EXPECT_THAT(image("<points points=\"1,2;3\"/>"), HasSubstr("expected \"x,y\""));
  EXPECT_THAT(image("<points points=\"1,nan\"/>"), HasSubstr("expected \"x,y\""));
  write("a.xml", "<annotations><image id=\"0\"/></annotations>");
  EXPECT_THAT(problem("cvat"), HasSubstr("no name"));
  write("a.xml", "<annotations><track label=\"x\"><box xtl=\"1\"/></track></annotations>");
  EXPECT_THAT(problem("cvat"), HasSubstr("no frame"));
}

}  // namespace
}  // namespace throng
