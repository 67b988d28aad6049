#include "evaluate/submission.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <tuple>
#include <vector>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

struct SubmittedCount {
  bool word = false;  ///< the ID is not a number; these come last
  std::int64_t number = 0;
  std::string id;
  double count = 0;

  auto order() const { return std::tie(word, number, id); }
};

SubmittedCount submitted(const EvaluatedImage& image) {
  SubmittedCount line;
  line.id = std::filesystem::path(image.path).stem().string();
  line.word = !parse_number(line.id, line.number);
  line.count = image.count;
  return line;
}

}  // namespace

std::string submission_text(const Evaluation& evaluation) {
  if (evaluation.left_out > 0) {
    throw Error(ErrorKind::input,
                text("a submission needs a count for every picture, but ", quantity(evaluation.left_out, "picture"),
                     " could not be counted: see the warnings"));
  }
  std::vector<SubmittedCount> lines;
  for (const EvaluatedImage& image : evaluation.images) lines.push_back(submitted(image));
  std::ranges::sort(lines, [](const SubmittedCount& a, const SubmittedCount& b) { return a.order() < b.order(); });
  const auto twice = std::ranges::adjacent_find(lines, {}, &SubmittedCount::id);
  if (twice != lines.end()) {
    throw Error(ErrorKind::usage,
                text("two pictures are called '", twice->id, "', which a submission cannot tell apart"));
  }
  std::string words;
  for (const SubmittedCount& line : lines) words += text(line.id, " ", fixed(line.count, 4), "\n");
  return words;
}

}  // namespace throng
