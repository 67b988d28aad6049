#pragma once

#include <filesystem>
#include <string_view>

namespace throng {

/// What a command writes to a file that the user names.
enum class OutputKind {
  table,
  submission,
  manifest,
  model,
  point_table,  ///< the three kinds of `throng count --points`
  point_document,
  predicted_manifest,  ///< one whose points a model has placed: people's own are not replaced
};

/// Before work begins: a slip of the pen must not cost a photo, an annotation or a model. Throws Error(usage) when a
/// file of that name is there and is not empty and not of that kind, or a model is not called .safetensors,
/// Error(failure) when it cannot be written. Pipes and devices pass.
void check_output(const std::filesystem::path& path, OutputKind kind);

/// Likewise: what goes to one file twice is there once. Throws Error(usage) with the names of both options when their
/// paths lead to the same file, however they are written; an empty path leads nowhere.
void check_different(std::string_view option, const std::filesystem::path& path, std::string_view other_option,
                     const std::filesystem::path& other);

/// A path by which a file that is there, or will be, is known however it is named: absolute, links followed.
std::filesystem::path identity_of(const std::filesystem::path& path);

}  // namespace throng
