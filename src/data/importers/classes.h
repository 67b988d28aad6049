#pragma once

#include <string>
#include <vector>

#include "core/progress.h"
#include "data/importers/annotated.h"

namespace throng {

/// Keeps the points of the wanted classes, case aside. Without a wish: all where there is one class; else heads, or
/// people where no class is called head; else all. Says by a note what it chose. Throws Error(usage) for a wanted class
/// that no annotation has.
void choose_classes(std::vector<Annotated>& pictures, const std::vector<std::string>& wanted, const Reporter& reporter);

}  // namespace throng
