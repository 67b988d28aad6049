#include "report/style.h"

namespace throng {

const std::string_view kPageStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #f7f7f5; --card: #ffffff; --ink: #1d1f23; --soft: #5a616b; --line: #dfe1e4; --grid: #eaecee;
  --c1: #1f6fbf; --c2: #cf5f13; --c3: #1f8a54; --c4: #b2307f; --c5: #7552c8; --c6: #94700a; --c7: #0f8797; --c8: #be3434;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #131519; --card: #1b1e23; --ink: #e9ebee; --soft: #a0a7b2; --line: #343941; --grid: #272b31;
    --c1: #6db1f7; --c2: #f39a58; --c3: #5cc78f; --c4: #ea80c2; --c5: #b09af3; --c6: #d8b54a; --c7: #4fc6d4; --c8: #f28080;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; padding: 2rem clamp(1rem, 4vw, 3rem) 4rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif;
}
main { max-width: 76rem; margin: 0 auto; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .8rem; }
p { max-width: 46rem; margin: .5rem 0 1rem; color: var(--soft); overflow-wrap: anywhere; }
code, pre { font: .86em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1rem 0; }
.facts div { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .65rem .7rem; }
.facts b { display: block; font-size: 1.2rem; line-height: 1.35; font-weight: 600; overflow-wrap: anywhere; }
.facts span { color: var(--soft); font-size: .85rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, var(--least)), 1fr)); gap: 1rem; }
.grid > * { min-width: 0; margin: 0; }
figure {
  margin: 0 0 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem;
  break-inside: avoid;
}
figcaption { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
figure > img + figcaption, figure > .grid + figcaption { margin-top: .6rem; }
img { display: block; max-width: 100%; height: auto; border-radius: .35rem; }
.chart > figcaption { color: var(--ink); font-weight: 600; font-size: 1rem; margin-bottom: .25rem; }
.chart > div { overflow-x: auto; }
.chart svg { display: block; width: 100%; min-width: 22rem; height: auto; }
.chart text { fill: var(--soft); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, "DejaVu Sans", sans-serif; }
.chart .grid-line { stroke: var(--grid); stroke-width: 1; }
.chart .axis { stroke: var(--soft); stroke-width: 1; opacity: .7; }
.chart .diagonal { stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 5 4; }
.chart .line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.chart .raw { fill: none; stroke: var(--c); stroke-width: 1; opacity: .3; stroke-linejoin: round; }
.chart .mark { fill: var(--c); stroke: var(--card); stroke-width: 1; }
.chart .dot { fill: var(--c); fill-opacity: .6; stroke: var(--c); stroke-width: 1; }
.chart .bar { fill: var(--c); fill-opacity: .85; }
.chart .value { fill: var(--ink); }
.chart .hit { fill: transparent; stroke: none; }
.chart .hit:hover { fill: var(--c); fill-opacity: .35; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem .9rem; margin: 0 0 .35rem; padding: 0; list-style: none; font-size: .85rem; }
.legend li { display: flex; align-items: center; gap: .4rem; color: var(--soft); }
.chart .legend svg { width: 1.5rem; min-width: 0; flex: none; }
.s1 { --c: var(--c1); } .s2 { --c: var(--c2); } .s3 { --c: var(--c3); } .s4 { --c: var(--c4); }
.s5 { --c: var(--c5); } .s6 { --c: var(--c6); } .s7 { --c: var(--c7); } .s8 { --c: var(--c8); }
.dashed .line, .dashed .key { stroke-dasharray: 6 4; }
.key { stroke: var(--c); stroke-width: 2.5; }
figure > .colours { margin-top: .5rem; }
.colours { display: flex; align-items: center; gap: .6rem; color: var(--soft); font-size: .85rem; flex-wrap: wrap; }
.colours i { display: inline-block; width: 9rem; height: .7rem; border-radius: .35rem; border: 1px solid var(--line); }
.table { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; }
th.number, td.number { text-align: right; white-space: nowrap; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--soft); }
pre {
  background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem; overflow-x: auto;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #ccc; --grid: #e5e5e5; }
  body { padding: 0; font-size: 11pt; }
}
)css";

}  // namespace throng
