#pragma once

#include <string_view>

namespace throng {

/// The style sheet of html_page: what the classes of html.h and chart.h look like on light and dark screens and on
/// paper.
extern const std::string_view kPageStyle;

}  // namespace throng
