#include "evaluate/submission.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "expect_error.h"

namespace throng {
namespace {

Evaluation counted(const std::vector<std::pair<std::string, double>>& pictures) {
  Evaluation evaluation;
  for (const auto& [path, count] : pictures) {
    evaluation.images.push_back({.path = path, .count = count, .truth = 0, .problem = {}, .game = {}, .outputs = {}});
  }
  return evaluation;
}

TEST(Submission, IsALineAPictureInTheOrderOfIds) {
  EXPECT_EQ(submission_text(counted({{"x/5109.jpg", 8976.01734}, {"x/3610.jpg", 100}, {"y/3611.jpg", 2.24561}})),
            "3610 100.0000\n3611 2.2456\n5109 8976.0173\n");
}

TEST(Submission, NumbersAreSortedAsNumbersAndWordsComeLast) {
  EXPECT_EQ(submission_text(counted({{"b.png", 1}, {"10.png", 2}, {"9.png", 3}, {"a.png", 4}})),
            "9 3.0000\n10 2.0000\na 4.0000\nb 1.0000\n");
}

TEST(Submission, NeedsEveryPictureOnce) {
  expect_error(ErrorKind::usage, {"'7'"}, [] { submission_text(counted({{"a/7.png", 1}, {"b/7.jpg", 1}})); });
  Evaluation part = counted({{"7.png", 1}});
  part.left_out = 1;
  expect_error(ErrorKind::input, {"every picture", "1 picture could"}, [&] { submission_text(part); });
}

}  // namespace
}  // namespace throng
