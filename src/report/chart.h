#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace throng {

// Charts as figures for html_page: a title, a legend, and an SVG drawing that grows with the room there is. Colours
// come from the page's style sheet. Everything that is shown can be pointed at, and then says its name and numbers.

/// Points of one kind. `x` and `y` have the same length; a point that is not finite (or not above 0 on a logarithmic
/// axis) is left out, and a line has a gap there.
struct Series {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
  std::vector<std::string> labels = {};  ///< what a point is called, shown when it is pointed at; may be empty
};

struct ChartOptions {
  std::string title;
  std::string x_label;
  std::string y_label;
  bool logarithmic = false;  ///< the y axis; both axes of a scatter chart
  bool from_zero = false;    ///< the linear y axis begins at 0
  int smooth = 1;            ///< points of a moving average, which is drawn over the faint line of the values; 1 = none
  int width = 600;           ///< of the drawing, in units of about a pixel
  int height = 340;
};

/// Lines, with marks where they have few points.
std::string line_chart(const ChartOptions& options, std::span<const Series> series);

/// What was predicted (y) over what is true (x): dots on axes of the same range, with the diagonal on which both agree.
std::string scatter_chart(const ChartOptions& options, std::span<const Series> series);

struct Bar {
  std::string name;
  double value = 0;  ///< drawn from 0; one that is not finite has no bar
  std::string note;  ///< after the value: "42 images"
};

/// One horizontal bar below the other; the height follows from their number.
std::string bar_chart(const ChartOptions& options, std::span<const Bar> bars);

/// Whether the positive values of all series span so much (more than 30-fold, nothing at or below zero) that a linear
/// axis would hide most of them.
bool wants_logarithmic_axis(std::span<const Series> series);

}  // namespace throng
