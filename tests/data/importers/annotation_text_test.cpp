#include "data/importers/annotation_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/folder.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class AnnotationText : public TestFolder {
 protected:
  std::vector<Point> read(std::string_view content) const { return read_annotation_text(write("a.txt", content)); }
  std::string problem(std::string_view content) const {
    return message_of([&] { read(content); });
  }
};

const std::vector<Point> kTwo = {{1.5, 2}, {-3, 400}};

TEST_F(AnnotationText, UnderstandsTheUsualSeparators) {
  EXPECT_EQ(read("1.5 2\n-3 400\n"), kTwo);
  EXPECT_EQ(read("1.5,2\n-3,4e2"), kTwo);
  EXPECT_EQ(read("1.5;2\n-3 ; 400\n"), kTwo);
  EXPECT_EQ(read("1.5\t2\n-3\t400\n"), kTwo);
  EXPECT_EQ(read("  1.5   2  \n -3, 400\n"), kTwo);
  EXPECT_EQ(read("\"1.5\",\"2\"\n\"-3\",\"400\"\n"), kTwo);
}

TEST_F(AnnotationText, UnderstandsHeadersCommentsAndOtherSystemsLineEnds) {
  EXPECT_EQ(read("\xef\xbb\xbfx,y\r\n1.5,2\r\n-3,400\r\n"), kTwo);
  EXPECT_EQ(read("# heads\nX Y\n\n1.5 2\n# more\n-3 400\n"), kTwo);
  EXPECT_EQ(read("id,y,x,name\n7,2,1.5,a\n8,400,-3,b\n"), kTwo);
}

TEST_F(AnnotationText, EmptyFileIsAnEmptyScene) {
  EXPECT_TRUE(read("").empty());
  EXPECT_TRUE(read("\n\r\n").empty());
  EXPECT_TRUE(read("x,y\n").empty());
}

TEST_F(AnnotationText, ErrorsNameFileAndLine) {
  EXPECT_THAT(problem("1 2\n3 four\n"), AllOf(HasSubstr("a.txt:2: "), HasSubstr("'four'")));
  EXPECT_THAT(problem("1 2\n\n3\n"), HasSubstr("a.txt:3: expected 2 numbers, found 1"));
  EXPECT_THAT(problem("0 0.5 0.5 0.1 0.1\n"), HasSubstr("expected 2 numbers, found 5"));
  EXPECT_THAT(problem("x,y\n1,2,3\n"), HasSubstr("a.txt:2: "));
  EXPECT_THAT(problem("left,top\n1,2\n"), HasSubstr("'left'"));
  EXPECT_THAT(problem("1 nan\n"), HasSubstr("'nan'"));
  EXPECT_THAT(problem("1 1e999\n"), HasSubstr("'1e999'"));
  EXPECT_THAT(problem("1,5;2,5\n"), HasSubstr("a.txt:1: "));  // decimal commas: not guessed at
  EXPECT_FALSE(problem(std::string_view("1\0 2\n", 5)).empty());
}

}  // namespace
}  // namespace throng
