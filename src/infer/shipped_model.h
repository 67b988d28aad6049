#pragma once

#include <filesystem>
#include <string>

namespace throng {

/// The file of a model that comes with Throng, by its name, such as throng-small-sha. Throws Error(model) where it is
/// not found.
std::filesystem::path shipped_model_path(const std::string& name);

}  // namespace throng
