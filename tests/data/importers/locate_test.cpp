#include "data/importers/locate.h"

#include "data/importers/data_set_folder.h"

namespace throng {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Locate, TakesNamesOfAnySystemApart) {
  EXPECT_THAT(parts_of_name("a/b.jpg"), ElementsAre("a", "b.jpg"));
  EXPECT_THAT(parts_of_name(R"(C:\a\..\b.jpg)"), ElementsAre("a", "b.jpg"));
  EXPECT_THAT(parts_of_name("/home/./x//b.jpg"), ElementsAre("home", "x", "b.jpg"));
  EXPECT_THAT(parts_of_name(R"(\\server\share\b.jpg)"), ElementsAre("server", "share", "b.jpg"));
  EXPECT_THAT(parts_of_name("https://host:80/a%20b/c.jpg?sig=a/b#x"), ElementsAre("a b", "c.jpg"));
  EXPECT_THAT(parts_of_name("file:///C:/a/c.jpg"), ElementsAre("a", "c.jpg"));
  EXPECT_THAT(parts_of_name("https://host"), IsEmpty());
  EXPECT_THAT(parts_of_name(""), IsEmpty());
  EXPECT_EQ(percent_decoded("100%_%41%4"), "100%_A%4");
}

class LocatePictures : public DataSetFolder {
 protected:
  /// Where the pictures of these names are found, for an annotation file in the folder "notes".
  std::vector<std::string> located(const std::vector<std::string>& names) const {
    std::vector<Annotated> pictures;
    for (const std::string& name : names) {
      pictures.emplace_back();
      pictures.back().named = name;
      pictures.back().file = folder() / "notes/a.json";
    }
    locate_pictures(pictures, folder());
    std::vector<std::string> places;
    for (const Annotated& picture : pictures)
      places.push_back(picture.image.lexically_relative(folder()).generic_string());
    return places;
  }
};

TEST_F(LocatePictures, FromTheAnnotationFileBeforeTheDataSet) {
  for (const char* name : {"1.jpg", "notes/1.jpg", "notes/2.jpg", "3.jpg"}) write(name, "");
  EXPECT_THAT(located({"1.jpg", "../1.jpg", "2.jpg", "3.jpg"}),
              ElementsAre("notes/1.jpg", "1.jpg", "notes/2.jpg", "3.jpg"));
}

TEST_F(LocatePictures, NobodyTakesAPictureThatIsAnothers) {
  write("val/1.jpg", "");
  // train/1.jpg is missing; that val/1.jpg has the same name makes it no substitute.
  EXPECT_THAT(located({"train/1.jpg", "val/1.jpg"}), ElementsAre("train/1.jpg", "val/1.jpg"));
  EXPECT_THAT(located({"train/1.jpg"}), ElementsAre("val/1.jpg"));
}

TEST_F(LocatePictures, LongestCommonEndWins) {
  for (const char* name : {"x/day1/1.jpg", "x/day2/1.jpg"}) write(name, "");
  EXPECT_THAT(located({R"(E:\shots\Day2\1.JPG)"}), ElementsAre("x/day2/1.jpg"));
}

TEST_F(LocatePictures, PicturesOutsideTheFolderByTheirAbsolutePath) {
  const TemporaryFolder elsewhere;
  save_image(filled_image(4, 4, {}), elsewhere / "away.png");
  std::vector<Annotated> pictures(1);
  pictures[0].named = (elsewhere / "away.png").string();
  locate_pictures(pictures, folder());
  EXPECT_EQ(pictures[0].image, elsewhere / "away.png");
}

TEST_F(LocatePictures, StrangeNamesDoNoHarm) {
  EXPECT_THAT(located({"", "?", "..", "C:", "/", std::string(5000, 'a'), std::string("a\0b.jpg", 7)}).size(), 7U);
}

}  // namespace
}  // namespace throng
