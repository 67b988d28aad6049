#pragma once

#include <span>

#include "throng/counter.h"
#include "throng/image.h"

namespace throng {

/// Draws heads of a picture on a view of it (the picture at any size): light dots with a dark rim, seen on any ground.
/// They are the smaller the closer the heads around stand, so that a dense crowd shines through; the least is a radius
/// of about one pixel.
void overlay_heads(Image& view, const Image& picture, std::span<const HeadPoint> heads);

}  // namespace throng
