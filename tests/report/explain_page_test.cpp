#include "report/explain_page.h"

#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "browser.h"
#include "core/file.h"
#include "core/text.h"
#include "expect_error.h"
#include "report/inspected.h"
#include "temporary_folder.h"

namespace throng {
namespace {

using testing::HasSubstr;
using testing::Not;

const ModelInfo kModel{.name = "tiny", .sha256 = "", .description = "{\"a\": \"<b>\"}", .parameters = 0};

std::string page_with_truth() {
  const ManifestEntry truth = two_heads();
  return explanation_page(explain(inspected(), &truth), photo(), "crowd.jpg", kModel);
}

TEST(ExplanationPage, HoldsEveryLayerWithASwitchAndASlider) {
  const ManifestEntry truth = two_heads();
  const Explanation explanation = explain(inspected(), &truth);
  const std::string page = explanation_page(explanation, photo(), "crowd.jpg", kModel);
  for (const ExplainedSection& section : explanation.sections) {
    EXPECT_THAT(page, HasSubstr("<legend>" + section.title + "</legend>"));
    for (const ExplainedLayer& layer : section.layers) {
      EXPECT_THAT(page, HasSubstr("id=\"layer-" + layer.id + "\""));
      EXPECT_THAT(page, HasSubstr("data-layer=\"" + layer.id + "\""));
      EXPECT_THAT(page, HasSubstr("aria-label=\"opacity of " + layer.title + "\""));
    }
  }
  EXPECT_THAT(page, HasSubstr("id=\"layer-picture\""));
  for (const char* cell : {"<td>Final map</td><td class=\"number\">9.9</td><td class=\"number\">+7.9</td>",
                           "<td>Group 1+3</td>", "crowd.jpg"}) {
    EXPECT_THAT(page, HasSubstr(cell));
  }
}

TEST(ExplanationPage, NeedsNothingBesideIt) {
  const std::string page = page_with_truth();
  EXPECT_THAT(page, Not(HasSubstr("http:")));
  EXPECT_THAT(page, Not(HasSubstr("https:")));
  for (std::size_t at = page.find("src=\""); at != std::string::npos; at = page.find("src=\"", at + 1))
    EXPECT_EQ(page.substr(at + 5, 11), "data:image/");
  EXPECT_THAT(page, Not(HasSubstr("<script src")));
  EXPECT_THAT(page, Not(HasSubstr("@import")));
}

TEST(ExplanationPage, HasNoPartsForWhatIsNotThere) {
  const std::string page = explanation_page(explain(inspected_single_map()), photo(), "crowd.jpg", kModel);
  for (const char* part : {"attention\"", "Experts", "Weights", "best", "true", "Error"})
    EXPECT_THAT(page.substr(page.find("<body>")), Not(HasSubstr(text("<span>", part)))) << part;
  EXPECT_THAT(page, Not(HasSubstr("layer-attention")));
  EXPECT_THAT(page, Not(HasSubstr("<th class=\"number\">Error")));
}

TEST(ExplanationPage, NamesMayHoldAnything) {
  const std::string page = explanation_page(explain(inspected()), photo(), "<script>alert('1')</script>&.jpg", kModel);
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert"));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;"));
}

TEST(ExplanationPage, LargePicturesAreShrunk) {
  Inspection inspection = inspected();
  inspection.width = 3200;
  inspection.height = 2400;
  const std::string page = explanation_page(explain(inspection), photo(3200, 2400), "crowd.jpg", kModel);
  EXPECT_THAT(page, HasSubstr("width=\"1600\" height=\"1200\""));
  expect_error(ErrorKind::failure, {"pixel"}, [] { explanation_page(explain(inspected()), {}, "crowd.jpg", kModel); });
}

TEST(ExplanationPage, SharesAreOfTheCellsWithCrowd) {
  const ManifestEntry truth = two_heads();
  const Explanation explanation = explain(inspected(), &truth);
  const std::string page = explanation_page(explanation, photo(), "crowd.jpg", kModel);
  EXPECT_THAT(page, HasSubstr("share of the cells with crowd"));
  for (std::size_t i = 0; i < explanation.experts.size(); ++i) {
    EXPECT_THAT(page, HasSubstr(text("<span>", explanation.experts[i], " ", fixed(100 * explanation.best->shares[i], 0),
                                     " %</span>")));
  }
}

TEST(ExplanationPage, IsKnownAgain) {
  const TemporaryFolder folder;
  write_file(folder / "ours.html", page_with_truth());
  write_file(folder / "other.html", std::string_view("<!doctype html><p>by hand</p>"));
  EXPECT_TRUE(is_explanation_page(folder / "ours.html"));
  EXPECT_FALSE(is_explanation_page(folder / "other.html"));
  EXPECT_FALSE(is_explanation_page(folder / "missing.html"));
}

/// The page as a browser has it after its script ran.
std::string as_a_browser_has_it(const Browser& browser, const std::string& page) {
  const TemporaryFolder folder;
  write_file(folder / "page.html", page);
  return browser.look_at(folder / "page.html", {}).page;
}

TEST(ExplanationPage, ABrowserShowsTheFinalMapOverThePicture) {
  const auto program = Browser::find();
  if (!program) GTEST_SKIP() << "no browser is installed";
  const Browser browser(*program);
  // What a person would do, then what the page has become.
  std::string page = page_with_truth();
  const std::string document = as_a_browser_has_it(browser, page);
  EXPECT_THAT(document, HasSubstr("id=\"layer-final\" alt=\"Final map\""));
  const auto opacity = [](const std::string& document, const std::string& layer) {
    const std::size_t image = document.find("id=\"layer-" + layer + "\"");
    const std::string tag =
        document.substr(document.rfind('<', image), document.find('>', image) - document.rfind('<', image));
    const std::size_t style = tag.find("opacity: ");
    return style == std::string::npos ? std::string() : tag.substr(style + 9, tag.find(';', style) - style - 9);
  };
  EXPECT_EQ(opacity(document, "final"), "0.75");
  EXPECT_EQ(opacity(document, "picture"), "1");
  EXPECT_EQ(opacity(document, "expert1"), "0");

  const std::string clicks =
      "<script>document.querySelector('[data-layer=\"expert2\"] button').click();"
      "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}));"
      "const range = document.querySelector('[data-layer=\"truth\"] input[type=range]');"
      "range.value = 40; range.dispatchEvent(new Event('input'));</script>";
  page.insert(page.find("</main>"), clicks);
  const std::string clicked = as_a_browser_has_it(browser, page);
  EXPECT_EQ(opacity(clicked, "final"), "0");
  EXPECT_EQ(opacity(clicked, "expert2"), "0");
  EXPECT_EQ(opacity(clicked, "expert3"), "0.75");
  EXPECT_EQ(opacity(clicked, "truth"), "0.4");
}

}  // namespace
}  // namespace throng
