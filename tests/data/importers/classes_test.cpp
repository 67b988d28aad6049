#include "data/importers/classes.h"

#include "data/importers/data_set_folder.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Classes : public ::testing::Test {
 protected:
  /// Which of annotations of these classes (at x = 0, 1, ...) are kept.
  std::vector<double> kept(const std::vector<std::string>& classes, const std::vector<std::string>& wanted = {}) {
    messages = {};
    std::vector<Annotated> pictures(1);
    for (const std::string& name : classes) pictures[0].add({double(pictures[0].points.size()), 0}, name);
    choose_classes(pictures, wanted, {&messages, nullptr});
    std::vector<double> places;
    for (const Point& point : pictures[0].points) places.push_back(point.x);
    return places;
  }

  KeptMessages messages;
};

TEST_F(Classes, OneClassIsTakenWhateverItIs) {
  EXPECT_THAT(kept({"car", "Car"}), ElementsAre(0, 1));
  EXPECT_THAT(kept({"", ""}), ElementsAre(0, 1));
  EXPECT_THAT(kept({}), IsEmpty());
  EXPECT_THAT(messages.notes, IsEmpty());
}

TEST_F(Classes, HeadsBeforePeopleBeforeEverything) {
  EXPECT_THAT(kept({"person", "Head", "dog"}), ElementsAre(1));
  EXPECT_THAT(kept({"man", "woman", "dog"}), ElementsAre(0, 1));
  EXPECT_THAT(messages.notes, ElementsAre(AllOf(HasSubstr("man (1), woman (1)"), HasSubstr("dog (1)"))));
  EXPECT_THAT(kept({"cat", "dog", ""}), ElementsAre(0, 1, 2));
  EXPECT_THAT(messages.notes, ElementsAre(HasSubstr("counted: (no class) (1), cat (1), dog (1)")));
}

TEST_F(Classes, AskedForIsAskedFor) {
  EXPECT_THAT(kept({"person", "dog", "cat"}, {"DOG", "cat"}), ElementsAre(1, 2));
  EXPECT_THAT(message_of([&] { kept({"person"}, {"dog"}); }), AllOf(HasSubstr("'dog'"), HasSubstr("person (1)")));
}

}  // namespace
}  // namespace throng
