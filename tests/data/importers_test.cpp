#include "data/importers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/folder.h"
#include "throng/error.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Importers, AreFoundByName) {
  EXPECT_EQ(find_importer("shanghaitech").name, "shanghaitech");
  EXPECT_EQ(find_importer("points").name, "points");
}

TEST(Importers, UnknownNameListsThoseThatThereAre) {
  EXPECT_THAT(
      message_of([] { find_importer("shanghaitec"); }),
      AllOf(HasSubstr("did you mean 'shanghaitech'"), HasSubstr("auto, shanghaitech, "), HasSubstr(", points")));
  EXPECT_THAT(message_of([] { find_importer("imagenet"); }), HasSubstr("auto, shanghaitech, "));
}

}  // namespace
}  // namespace throng
