#include "synth/empties/words.h"

#include <string_view>

#include "core/text.h"

namespace throng::synth {

std::string any_word(Chance& chance) {
  static constexpr std::string_view kConsonants = "bcdfghklmnprstvwzttnnsrl";
  static constexpr std::string_view kVowels = "aeiouaeioeeay";
  std::int64_t length = 1 + chance.pick(4);
  length += chance.pick(7);
  bool vowel = chance.happens(0.4);
  std::string word;
  for (std::int64_t i = 0; i < length; ++i) {
    const std::string_view letters = vowel ? kVowels : kConsonants;
    word += letters[static_cast<std::size_t>(chance.pick(std::ssize(letters)))];
    vowel = vowel ? chance.happens(0.15) : chance.happens(0.75);
  }
  if (chance.happens(0.12)) word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

std::string any_line(Chance& chance, std::size_t letters) {
  std::string line;
  while (line.size() < letters) {
    if (!line.empty()) line += chance.happens(0.1) ? ", " : chance.happens(0.08) ? ". " : " ";
    line += chance.happens(0.04) ? any_number(chance) : any_word(chance);
  }
  line.resize(letters);
  return line;
}

std::string any_number(Chance& chance) {
  const auto value = static_cast<std::int64_t>(chance.log_uniform(1, 100000));
  return chance.happens(0.3) ? text(value, ".", 10 + chance.pick(90)) : text(value);
}

}  // namespace throng::synth
