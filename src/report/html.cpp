#include "report/html.h"

#include <algorithm>
#include <cstdint>

#include "core/text.h"
#include "image/codec.h"
#include "image/draw.h"
#include "image/resize.h"
#include "report/base64.h"
#include "report/style.h"
#include "throng/error.h"

namespace throng {
namespace {

constexpr int kJpegQuality = 82;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/// How many bytes the letter at the front of `bytes` takes; 0 when it is not UTF-8 (Unicode standard, table 3-7).
std::size_t letter_length(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(static_cast<unsigned char>(at(i)))) return 0;
  }
  const bool overlong = (first == 0xE0 && at(1) < 0xA0) || (first == 0xF0 && at(1) < 0x90);
  const bool outside = (first == 0xED && at(1) > 0x9F) || (first == 0xF4 && at(1) > 0x8F);
  return overlong || outside ? 0 : length;
}

bool is_control(char letter) {
  const auto code = static_cast<unsigned char>(letter);
  return (code < 0x20 && letter != '\t' && letter != '\n' && letter != '\r') || code == 0x7F;
}

void append_escaped(std::string& out, char letter) {
  switch (letter) {
    case '&':
      out += "&amp;";
      return;
    case '<':
      out += "&lt;";
      return;
    case '>':
      out += "&gt;";
      return;
    case '"':
      out += "&quot;";
      return;
    case '\'':
      out += "&#39;";
      return;
    default:
      out += letter;
  }
}

bool is_unfilled(std::string_view cell) { return cell.empty() || cell == "-"; }

bool is_number(std::string_view cell) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  if (cell.ends_with('%')) cell.remove_suffix(1);
  double value = 0;
  return parse_number(trim(cell), value);
}

/// Whether each column holds numbers and nothing else.
std::vector<bool> number_columns(std::size_t columns, std::span<const std::vector<std::string>> rows) {
  std::vector<bool> numbers(columns, false);
  for (std::size_t column = 0; column < columns; ++column) {
    bool any = false;
    bool all = true;
    for (const std::vector<std::string>& row : rows) {
      if (column >= row.size() || is_unfilled(row[column])) continue;
      any = true;
      all = all && is_number(row[column]);
    }
    numbers[column] = any && all;
  }
  return numbers;
}

void append_row(std::string& out, std::string_view tag, std::span<const std::string> cells,
                const std::vector<bool>& numbers) {
  out += "<tr>";
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    out += text("<", tag, numbers[i] ? " class=\"number\">" : ">",
                i < cells.size() ? html_escape(cells[i]) : std::string(), "</", tag, ">");
  }
  out += "</tr>\n";
}

/// At most `longest_side` pixels a side.
Image shrunk(const Image& picture, int longest_side) {
  const int longest = std::max(picture.width, picture.height);
  if (longest <= longest_side) return picture;
  const double factor = static_cast<double>(longest_side) / longest;
  const auto side = [&](int pixels) { return std::max(1, static_cast<int>(pixels * factor + 0.5)); };
  return resize_image(picture, side(picture.width), side(picture.height));
}

}  // namespace

std::string html_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = letter_length(text);
    if (length == 0 || is_control(text.front())) {
      out += kReplacement;
    } else if (length == 1) {
      append_escaped(out, text.front());
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string html_page(std::string_view title, std::string_view body) {
  const std::string words = html_escape(title);
  // The empty icon keeps browsers from asking a server for one.
  return text(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n"
      "<title>",
      words, "</title>\n<style>", kPageStyle, "</style>\n</head>\n<body>\n<main>\n<h1>", words, "</h1>\n", body,
      "</main>\n</body>\n</html>\n");
}

std::string html_section(std::string_view heading, std::string_view body) {
  return text("<section>\n<h2>", html_escape(heading), "</h2>\n", body, "</section>\n");
}

std::string html_paragraph(std::string_view words) { return text("<p>", html_escape(words), "</p>\n"); }

std::string html_image(const Image& picture, std::string_view alternative, int longest_side) {
  if (picture.width <= 0 || picture.height <= 0) {
    throw Error(ErrorKind::failure, text("a picture of ", picture.width, " x ", picture.height,
                                         " pixels cannot be shown on a page: give it at least one pixel"));
  }
  const Image view = shrunk(picture, std::max(1, longest_side));
  return text("<img width=\"", view.width, "\" height=\"", view.height, "\" alt=\"", html_escape(alternative),
              "\" src=\"data:image/jpeg;base64,", base64(encode_jpeg(view, kJpegQuality)), "\">\n");
}

std::string html_figure(std::string_view content, std::string_view caption) {
  return text("<figure>\n", content, "<figcaption>", html_escape(caption), "</figcaption>\n</figure>\n");
}

std::string html_grid(std::span<const std::string> parts, int least_width) {
  return text("<div class=\"grid\" style=\"--least:", least_width, "px\">\n", join(parts, ""), "</div>\n");
}

std::string html_colour_bar(std::string_view title, Colour (*colour)(double), std::string_view first,
                            std::string_view last) {
  constexpr int kStops = 16;
  std::string stops;
  for (int i = 0; i <= kStops; ++i) {
    const Colour stop = colour(static_cast<double>(i) / kStops);
    stops += text(", rgb(", stop[0], " ", stop[1], " ", stop[2], ")");
  }
  return text("<div class=\"colours\"><span>", html_escape(title), "</span><span>", html_escape(first),
              "</span><i style=\"background: linear-gradient(90deg", stops, ")\"></i><span>", html_escape(last),
              "</span></div>\n");
}

std::string html_table(std::span<const std::string> header, std::span<const std::vector<std::string>> rows) {
  const std::vector<bool> numbers = number_columns(header.size(), rows);
  std::string out = "<div class=\"table\"><table>\n<thead>";
  append_row(out, "th", header, numbers);
  out += "</thead>\n<tbody>\n";
  for (const std::vector<std::string>& row : rows) append_row(out, "td", row, numbers);
  return out + "</tbody>\n</table></div>\n";
}

std::string html_facts(std::span<const HtmlFact> facts) {
  std::string out = "<div class=\"facts\">\n";
  for (const HtmlFact& fact : facts) {
    out += text("<div><b>", html_escape(fact.value), "</b><span>", html_escape(fact.name), "</span></div>\n");
  }
  return out + "</div>\n";
}

std::string html_details(std::string_view summary, std::string_view words) {
  return text("<details>\n<summary>", html_escape(summary), "</summary>\n<pre>", html_escape(words),
              "</pre>\n</details>\n");
}

}  // namespace throng
