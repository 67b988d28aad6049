#pragma once

#include <string>

#include "synth/chance.h"

namespace throng::synth {

/// Something that looks like a word, a line, a number.
std::string any_word(Chance& chance);
std::string any_line(Chance& chance, std::size_t letters);
std::string any_number(Chance& chance);

}  // namespace throng::synth
