#include "data/importers/dots.h"

#include "data/importers/data_set_folder.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Dots : public DataSetFolder {
 protected:
  Points read(const Image& image) const {
    save_image(image, folder() / "dots.png");
    return read_dots(folder() / "dots.png");
  }
};

TEST_F(Dots, SinglePixelsAreHeadsEvenSideBySide) {
  Image image = filled_image(10, 8, {});
  image.pixel(0, 0)[0] = 255;
  image.pixel(5, 3)[1] = 200;
  image.pixel(6, 3)[2] = 255;
  image.pixel(9, 7)[0] = 255;
  image.pixel(2, 6)[0] = 100;  // too dark for a dot
  EXPECT_EQ(read(image), (Points{{0.5, 0.5}, {5.5, 3.5}, {6.5, 3.5}, {9.5, 7.5}}));
}

TEST_F(Dots, PaintedDotsAreOneHeadEach) {
  Image image = filled_image(20, 12, {});
  fill_rectangle(image, 2, 3, 3, 3, {255, 255, 255});
  fill_rectangle(image, 10, 0, 4, 2, {255, 0, 0});
  EXPECT_EQ(read(image), (Points{{12, 1}, {3.5, 4.5}}));
}

TEST_F(Dots, BlackIsNobodyAndWhiteIsAnError) {
  EXPECT_THAT(read(filled_image(10, 8, {})), IsEmpty());
  EXPECT_THAT(message_of([&] {
                read(filled_image(10, 8, {255, 255, 255}));
              }),
              AllOf(HasSubstr("dots.png"), HasSubstr("more than half")));
}

}  // namespace
}  // namespace throng
