#include "data/importers/names.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/text.h"

namespace throng {
namespace {

bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }

/// Runs of letters, in lower case.
std::vector<std::string> letters_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (const char letter : name) {
    if (is_letter(letter)) {
      words.back() += letter;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  for (std::string& word : words) word = lower_case(word);
  return words;
}

/// Words that stand beside a split's name in a folder's: "train_images". Any other ("train_station") makes it no split.
bool may_stand_beside(const std::string& word) {
  constexpr std::array kWords = {"image", "images", "img",    "imgs",        "data",
                                 "set",   "label",  "labels", "annotations", "obj"};
  return std::ranges::find(kWords, word) != kWords.end();
}

}  // namespace

std::string split_called(std::string_view word) {
  const std::vector<std::string> letters = letters_of(word);
  if (letters.size() != 1) return "";
  if (letters[0] == "train" || letters[0] == "training") return "train";
  if (letters[0] == "val" || letters[0] == "valid" || letters[0] == "validation") return "val";
  if (letters[0] == "test" || letters[0] == "testing") return "test";
  return "";
}

std::string split_of_folders(const std::filesystem::path& file) {
  std::string found;
  for (const std::filesystem::path& folder : file.parent_path()) {
    std::string split;
    bool plain = true;
    for (const std::string& word : letters_of(folder.string())) {
      const std::string called = split_called(word);
      if (!called.empty()) split = called;
      plain = plain && (!called.empty() || may_stand_beside(word));
    }
    if (plain && !split.empty()) found = split;
  }
  return found;
}

std::string split_of_file_name(std::string_view stem) {
  for (const std::string& word : letters_of(stem)) {
    if (const std::string split = split_called(word); !split.empty()) return split;
  }
  return "";
}

}  // namespace throng
