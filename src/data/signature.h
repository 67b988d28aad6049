#pragma once

#include <vector>

#include "throng/image.h"

namespace throng {

/// What a picture shows, coarsely: the differences between neighbours of its 16x16 grey thumbnail, scaled to length 1.
/// Survives resizing, compression and changes of brightness. Empty for a picture without any contrast.
using ContentSignature = std::vector<float>;

ContentSignature content_signature(const Image& image);

/// The cosine between two signatures: 1 for the same picture. On ShanghaiTech A, UCF_CC_50 and ShanghaiTech B together
/// all copies (some rescaled, recompressed or edited) reach 0.96 and all others, even two views of one street, stay
/// below 0.71.
double similarity(const ContentSignature& a, const ContentSignature& b);

/// Pictures whose similarity reaches this count as nearly identical.
constexpr double kNearIdentical = 0.85;

}  // namespace throng
