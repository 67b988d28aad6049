#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image/draw.h"
#include "throng/image.h"

namespace throng {

// Pages that are one file: no script, no reference to another file or server, so that they open from a disk and can be
// sent by mail. Text that is handed over may hold anything; parts that are called HTML are put in as they are.

/// Text as it stands between tags and in quoted attributes. Bytes that are not UTF-8, and control characters other than
/// tab and line end, become U+FFFD.
std::string html_escape(std::string_view text);

/// A whole page: its title as heading, `body` (HTML) below, and the style sheet of tables, figures, cards and charts
/// for light and dark screens and for paper.
std::string html_page(std::string_view title, std::string_view body);

/// A heading with what belongs below it (HTML).
std::string html_section(std::string_view heading, std::string_view body);

/// A paragraph of text.
std::string html_paragraph(std::string_view words);

/// The picture as <img>, its bytes inside: a JPEG of at most `longest_side` pixels a side (larger ones are shrunk).
/// Throws Error(failure) for a picture without pixels.
std::string html_image(const Image& picture, std::string_view alternative, int longest_side = 1600);

/// `content` (HTML) with a line of text below it.
std::string html_figure(std::string_view content, std::string_view caption);

/// Parts (HTML) side by side where there is room, at least `least_width` pixels wide each.
std::string html_grid(std::span<const std::string> parts, int least_width = 340);

/// A colour map over [0, 1] as a bar, with what its ends mean.
std::string html_colour_bar(std::string_view title, Colour (*colour)(double), std::string_view first,
                            std::string_view last);

/// Cells are text. A column whose filled cells are all numbers (also with a sign or % at the end; "-" and "" count as
/// not filled) is aligned right. Rows may be shorter than the header.
std::string html_table(std::span<const std::string> header, std::span<const std::vector<std::string>> rows);

/// A number that matters, large, with what it is.
struct HtmlFact {
  std::string value;
  std::string name;
};
std::string html_facts(std::span<const HtmlFact> facts);

/// Text that keeps its lines and is hidden until `summary` is clicked.
std::string html_details(std::string_view summary, std::string_view words);

}  // namespace throng
