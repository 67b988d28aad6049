#include "report/explain_page.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/file.h"
#include "core/text.h"
#include "image/codec.h"
#include "image/draw.h"
#include "report/base64.h"
#include "report/explain_colours.h"
#include "report/html.h"
#include "throng/error.h"

namespace throng {
namespace {

constexpr int kLongestSide = 1600;  ///< pixels of the picture and of a layer
constexpr int kLayerQuality = 92;
constexpr std::string_view kFirstShown = "final";

/// By which a page is known again.
constexpr std::string_view kMadeHere = "<!-- made by throng explain -->\n";

constexpr std::string_view kExplainStyle = R"css(<style>
main { max-width: 112rem; }
.explain { display: grid; grid-template-columns: minmax(0, 1fr) 27rem; gap: 1.25rem; align-items: start; }
@media (max-width: 62rem) { .explain { grid-template-columns: minmax(0, 1fr); } }
.view { position: sticky; top: 1rem; }
.stage {
  position: relative; margin: 0 auto; background: #12141a; border-radius: .35rem; overflow: hidden;
  width: min(100%, calc(84vh * var(--ratio)));
}
@media (max-width: 62rem) { .view { position: static; } }
.stage img { display: block; width: 100%; height: 100%; border-radius: 0; }
.stage .layer { position: absolute; inset: 0; pointer-events: none; opacity: 0; }
.stage .cells { image-rendering: pixelated; }
.layers fieldset {
  margin: 0 0 .75rem; padding: .35rem .8rem .55rem; border: 1px solid var(--line); border-radius: .6rem;
  background: var(--card);
}
.layers legend { color: var(--soft); font-size: .85rem; padding: 0 .3rem; }
.layers .row { display: grid; grid-template-columns: minmax(0, 1fr) auto 5rem; gap: .6rem; align-items: center; }
.layers label { display: flex; gap: .5rem; align-items: center; cursor: pointer; min-width: 0; }
.layers button {
  font: inherit; color: inherit; background: none; border: 0; padding: .1rem 0; cursor: pointer; text-align: left;
}
.layers button:hover { text-decoration: underline; }
.layers .row.alone button { font-weight: 600; }
.layers output { color: var(--soft); font-size: .85rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.layers input[type=range] { width: 100%; }
.meaning { display: flex; flex-wrap: wrap; gap: .4rem 2rem; margin: .9rem 0 0; }
.meaning b { width: .8rem; height: .8rem; border-radius: .2rem; display: inline-block; }
</style>
)css";

constexpr std::string_view kExplainScript = R"js(<script>
"use strict";
{
  const rows = [...document.querySelectorAll(".layers .row")].map(row => ({
    row, image: document.getElementById("layer-" + row.dataset.layer),
    box: row.querySelector("input[type=checkbox]"), range: row.querySelector("input[type=range]"),
  }));
  const over = rows.filter(one => one.row.dataset.layer !== "picture");
  const draw = () => {
    const shown = over.filter(one => one.box.checked);
    for (const one of rows) {
      one.image.style.opacity = one.box.checked ? one.range.value / 100 : 0;
      one.row.classList.toggle("alone", shown.length === 1 && shown[0] === one);
    }
  };
  const only = one => {
    for (const other of over) other.box.checked = other === one;
    draw();
  };
  for (const one of rows) {
    one.box.addEventListener("input", draw);
    one.range.addEventListener("input", () => { one.box.checked = true; draw(); });
    one.row.querySelector("button").addEventListener("click", () => {
      if (over.includes(one)) only(one);
      else only(null);
    });
  }
  document.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || event.target.type === "range" || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = over.findIndex(one => one.box.checked);
    only(over[(Math.max(at, step > 0 ? -1 : 0) + step + over.length) % over.length]);
    event.preventDefault();
  });
  draw();
}
</script>
)js";

std::string css_colour(Colour colour) { return text("rgb(", colour[0], " ", colour[1], " ", colour[2], ")"); }

/// Cells as they are, or all that fits; a browser stretches them.
std::string layer_image(const Explanation& explanation, const ExplainedLayer& layer) {
  const LayerSize size = natural_size(explanation, layer);
  const Image image =
      paint_layer(explanation, layer, std::min(size.width, kLongestSide), std::min(size.height, kLongestSide));
  const bool smooth = layer.kind == LayerKind::density;
  const std::string source = smooth ? text("data:image/jpeg;base64,", base64(encode_jpeg(image, kLayerQuality)))
                                    : text("data:image/png;base64,", base64(encode_png(image)));
  const std::string id = html_escape(layer.id);
  return text("<img class=\"layer", smooth ? "" : " cells", "\" id=\"layer-", id, "\" alt=\"", html_escape(layer.title),
              "\" src=\"", source, "\">\n");
}

std::string layer_row(std::string_view id, std::string_view title, std::string_view value, bool shown, int opacity) {
  const std::string name = html_escape(id), words = html_escape(title);
  return text("<div class=\"row\" data-layer=\"", name, "\"><label><input type=\"checkbox\" aria-label=\"show ", words,
              "\"", shown ? " checked" : "", "><button type=\"button\" title=\"show this alone\">", words,
              "</button></label><output>", html_escape(value),
              "</output><input type=\"range\" min=\"0\" max=\"100\" value=\"", opacity, "\" aria-label=\"opacity of ",
              words, "\"></div>\n");
}

std::string fieldset(std::string_view legend, std::string_view rows) {
  return text("<fieldset><legend>", html_escape(legend), "</legend>\n", rows, "</fieldset>\n");
}

/// The picture below all layers. html_image makes it; this gives it a name for the script.
std::string photo_image(const Image& picture) {
  constexpr std::string_view kTag = "<img ";
  const std::string image = html_image(picture, "the picture", kLongestSide);
  return text(kTag, "id=\"layer-picture\" ", std::string_view(image).substr(kTag.size()));
}

std::string stage(const Explanation& explanation, const Image& picture) {
  std::string html =
      text("<div class=\"stage\" style=\"--ratio: ", fixed(static_cast<double>(picture.width) / picture.height, 4),
           "\">\n", photo_image(picture));
  for (const ExplainedSection& section : explanation.sections) {
    for (const ExplainedLayer& layer : section.layers) html += layer_image(explanation, layer);
  }
  return html + "</div>\n";
}

std::string controls(const Explanation& explanation) {
  constexpr int kOpacity = 75;
  std::string html = "<div class=\"layers\">\n";
  html +=
      fieldset("Below", layer_row("picture", "Picture", text(explanation.width, " x ", explanation.height), true, 100));
  for (const ExplainedSection& section : explanation.sections) {
    std::string rows;
    for (const ExplainedLayer& layer : section.layers)
      rows += layer_row(layer.id, layer.title, layer.value, layer.id == kFirstShown, kOpacity);
    html += fieldset(section.title, rows);
  }
  return html + "</div>\n";
}

std::string meaning(const Explanation& explanation) {
  bool weights = false;
  for (const ExplainedSection& section : explanation.sections) {
    for (const ExplainedLayer& layer : section.layers)
      weights = weights || layer.kind == LayerKind::weight || layer.kind == LayerKind::attention;
  }
  const std::vector<std::string> labels = explanation.scale.labels();
  std::string html = "<div class=\"meaning\">\n";
  html += html_colour_bar("People per 100 x 100 pixels", density_colour, labels.front(), labels.back());
  if (weights) html += html_colour_bar("Weights and attention", weight_colour, "0", "1");
  if (explanation.best) {
    html += "<div class=\"colours\"><span>Nearest to the truth, share of the cells with crowd</span>";
    for (std::size_t i = 0; i < explanation.experts.size(); ++i) {
      html += text("<b style=\"background: ", css_colour(expert_colour(i)), "\"></b><span>",
                   html_escape(explanation.experts[i]), " ", fixed(100 * explanation.best->shares[i], 0), " %</span>");
    }
    html += "</div>\n";
  }
  return html + "</div>\n";
}

std::string counts_table(const Explanation& explanation) {
  std::vector<std::string> header = {"Map", "Count"};
  if (explanation.truth) header.emplace_back("Error");
  std::vector<std::vector<std::string>> rows;
  for (const ExplainedCount& map : explanation.counts) {
    std::vector<std::string>& row = rows.emplace_back();
    row = {map.title, fixed(map.count, 1)};
    if (explanation.truth) row.push_back(signed_fixed(map.count - *explanation.truth, 1));
  }
  return html_table(header, rows);
}

std::string facts(const Explanation& explanation, const ModelInfo& model) {
  std::vector<HtmlFact> facts = {{fixed(explanation.count(), 1), "counted"}};
  if (explanation.truth) {
    facts.push_back({fixed(*explanation.truth, 0), "true"});
    facts.push_back({signed_fixed(explanation.count() - *explanation.truth, 1), "error"});
  }
  facts.push_back({text(explanation.width, " x ", explanation.height), "pixels"});
  facts.push_back({model.name, "model"});
  return html_facts(facts);
}

}  // namespace

std::string explanation_page(const Explanation& explanation, const Image& picture, std::string_view name,
                             const ModelInfo& model) {
  const std::string body =
      text(kMadeHere, kExplainStyle, facts(explanation, model),
           html_paragraph("Tick layers to lay them over the picture, and fade each with its slider; click a name to "
                          "see it alone. The left and right arrow keys go through the layers one by one."),
           "<div class=\"explain\">\n<div class=\"view\">\n", stage(explanation, picture), meaning(explanation),
           "</div>\n", controls(explanation), "</div>\n", html_section("Counts", counts_table(explanation)),
           html_details("What the model file says", model.description), kExplainScript);
  return html_page(name, body);
}

bool is_explanation_page(const std::filesystem::path& path) {
  try {
    return read_text_file(path).find(kMadeHere) != std::string::npos;
  } catch (const Error&) {
    return false;  // what cannot be read is not known to be ours
  }
}

}  // namespace throng
