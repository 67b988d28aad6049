#pragma once

#include "throng/image.h"

namespace throng {

/// Turns `image.rgb`, which holds four channels with straight alpha, into three: composed onto white, in place.
void compose_onto_white(Image& image);

}  // namespace throng
