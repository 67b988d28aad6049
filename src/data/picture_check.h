#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "data/manifest.h"

namespace throng {

/// A sentence that names both sizes where a picture has another size than its manifest says, so that its points do not
/// fit; "" where it has that size.
std::string size_problem(const ManifestEntry& entry, int width, int height);

/// Throws size_problem as Error(input).
void check_size(const ManifestEntry& entry, int width, int height);

/// How far a picture is looked into: a header takes less than a millisecond, but what is cut off behind it shows only
/// when the pixels are decoded.
enum class CheckDepth { header, pixels };

/// Looks into every picture. Throws Error(input) that counts those which are missing, unreadable or of another size and
/// tells of the first few, and Error(interrupted) when stopped. `what` names the pictures in it: "training pictures".
void check_pictures(std::span<const ManifestEntry> entries, std::string_view what, CheckDepth depth,
                    const std::stop_token& stop = {});

}  // namespace throng
