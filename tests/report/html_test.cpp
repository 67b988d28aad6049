#include "report/html.h"

#include <gmock/gmock.h>

#include "expect_error.h"
#include "image/draw.h"

namespace throng {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(HtmlEscape, LeavesNothingThatCouldBecomeATag) {
  EXPECT_EQ(html_escape("<b class=\"x\">Tom & 'Ann'</b>"),
            "&lt;b class=&quot;x&quot;&gt;Tom &amp; &#39;Ann&#39;&lt;/b&gt;");
  EXPECT_EQ(html_escape("plain, \t and\nlines"), "plain, \t and\nlines");
  EXPECT_EQ(html_escape("&amp;"), "&amp;amp;");
  EXPECT_EQ(html_escape(""), "");
}

TEST(HtmlEscape, KeepsLettersOfAllLanguages) {
  const std::string words = "Grüße, 群衆, \U0001F465, \uFFFD";
  EXPECT_EQ(html_escape(words), words);
}

TEST(HtmlEscape, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(html_escape("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(html_escape("\xC3"), "\uFFFD");                                // ends early
  EXPECT_EQ(html_escape("\xC0\xBC"), "\uFFFD\uFFFD");                      // an overlong "<"
  EXPECT_EQ(html_escape("\xE0\x80\xBC"), "\uFFFD\uFFFD\uFFFD");            // another
  EXPECT_EQ(html_escape("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");            // a surrogate
  EXPECT_EQ(html_escape("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // past the last letter
  EXPECT_EQ(html_escape("\xC3<"), "\uFFFD&lt;");                           // must not swallow the next letter
}

TEST(HtmlEscape, ReplacesControlCharacters) {
  EXPECT_EQ(html_escape(std::string_view("a\0b\x1B[1m\x7F", 8)), "a\uFFFDb\uFFFD[1m\uFFFD");
}

TEST(HtmlPage, IsOneFileWithoutReferencesOrScripts) {
  const std::string page = html_page("A <title>", "<p>body</p>\n");
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_THAT(page, HasSubstr("<title>A &lt;title&gt;</title>"));
  EXPECT_THAT(page, HasSubstr("<h1>A &lt;title&gt;</h1>\n<p>body</p>\n"));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  for (const char* outside : {"http:", "https:", "//", "<script", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(outside))) << outside;
  }
}

TEST(HtmlTable, AlignsColumnsOfNumbersRight) {
  const std::vector<std::string> header = {"Level", "Images", "MAE", "Change", "Mixed"};
  const std::vector<std::vector<std::string>> rows = {{"low", "12", "3.25", "+4.5%", "7"},
                                                      {"<high>", "", "-", "-3 %", "many"}};
  EXPECT_EQ(html_table(header, rows),
            "<div class=\"table\"><table>\n<thead><tr><th>Level</th><th class=\"number\">Images</th>"
            "<th class=\"number\">MAE</th><th class=\"number\">Change</th><th>Mixed</th></tr>\n</thead>\n<tbody>\n"
            "<tr><td>low</td><td class=\"number\">12</td><td class=\"number\">3.25</td><td class=\"number\">+4.5%</td>"
            "<td>7</td></tr>\n"
            "<tr><td>&lt;high&gt;</td><td class=\"number\"></td><td class=\"number\">-</td>"
            "<td class=\"number\">-3 %</td><td>many</td></tr>\n"
            "</tbody>\n</table></div>\n");
}

TEST(HtmlTable, FillsShortRows) {
  const std::vector<std::string> header = {"a", "b"};
  EXPECT_THAT(html_table(header, std::vector<std::vector<std::string>>{{"x"}}),
              HasSubstr("<tr><td>x</td><td></td></tr>"));
}

TEST(HtmlImage, HoldsAJpegNoLargerThanAsked) {
  const std::string image = html_image(filled_image(400, 100, {200, 30, 30}), "a \"red\" one", 200);
  // FF D8 FF is how a JPEG begins: "/9j/" in base64.
  EXPECT_TRUE(
      image.starts_with("<img width=\"200\" height=\"50\" alt=\"a &quot;red&quot; one\" "
                        "src=\"data:image/jpeg;base64,/9j/"))
      << image.substr(0, 120);
  EXPECT_THAT(html_image(filled_image(40, 10, {0, 0, 0}), ""), HasSubstr("width=\"40\" height=\"10\""));
  EXPECT_THAT(html_image(filled_image(900, 1, {0, 0, 0}), "", 10), HasSubstr("width=\"10\" height=\"1\""));
  expect_error(ErrorKind::failure, {"0 x 0 pixels"}, [] { html_image(Image(), "nothing"); });
}

TEST(HtmlColourBar, GoesThroughTheColours) {
  const auto grey = [](double value) {
    const auto level = static_cast<std::uint8_t>(160 * value);
    return Colour{level, level, 7};
  };
  const std::string bar = html_colour_bar("<density>", grey, "0", "50+");
  EXPECT_THAT(bar, HasSubstr("<span>&lt;density&gt;</span><span>0</span><i style=\"background: "
                             "linear-gradient(90deg, rgb(0 0 7), rgb(10 10 7), rgb(20 20 7), "));
  EXPECT_THAT(bar, HasSubstr(", rgb(160 160 7))\"></i><span>50+</span></div>"));
}

TEST(HtmlParts, EscapeTheirWords) {
  EXPECT_EQ(html_paragraph("a < b"), "<p>a &lt; b</p>\n");
  EXPECT_EQ(html_section("a & b", "<p>x</p>"), "<section>\n<h2>a &amp; b</h2>\n<p>x</p></section>\n");
  EXPECT_EQ(html_figure("<hr>", "<c>"), "<figure>\n<hr><figcaption>&lt;c&gt;</figcaption>\n</figure>\n");
  EXPECT_THAT(html_details("<s>", "a<b\nc"), HasSubstr("<summary>&lt;s&gt;</summary>\n<pre>a&lt;b\nc</pre>"));
  const HtmlFact fact{"<1>", "per <h>"};
  EXPECT_THAT(html_facts({&fact, 1}), HasSubstr("<b>&lt;1&gt;</b><span>per &lt;h&gt;</span>"));
}

}  // namespace
}  // namespace throng
