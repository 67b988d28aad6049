#include "report/chart.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "report/axis.h"
#include "report/html.h"

namespace throng {
namespace {

constexpr double kLetter = 6.9;  ///< width of a letter of the axes' font, on the wide side
constexpr double kTop = 12;
constexpr double kRight = 18;
constexpr double kBottom = 48;
constexpr std::size_t kColours = 8;        ///< of the style sheet
constexpr std::size_t kMostMarked = 60;    ///< points of a line that get a mark each
constexpr std::size_t kMostPointed = 150;  ///< points of a line that can be pointed at
constexpr double kMostSpan = 30;

using Kind = Axis::Kind;

std::string at(double position) { return fixed(position, 1); }

/// The classes that give a series its colour; those past the last colour are dashed.
std::string series_class(std::size_t index) {
  return text("s", index % kColours + 1, index % (2 * kColours) >= kColours ? " dashed" : "");
}

std::string label(double x, double y, std::string_view anchor, std::string_view words, std::string_view more = {}) {
  return text("<text x=\"", at(x), "\" y=\"", at(y), "\" text-anchor=\"", anchor, "\"", more, ">", html_escape(words),
              "</text>\n");
}

std::string line(std::string_view name, double x1, double y1, double x2, double y2) {
  return text("<line class=\"", name, "\" x1=\"", at(x1), "\" y1=\"", at(y1), "\" x2=\"", at(x2), "\" y2=\"", at(y2),
              "\"/>\n");
}

/// A circle that says its name and numbers when it is pointed at.
std::string circle(std::string_view name, double x, double y, double radius, std::string_view says) {
  return text("<circle class=\"", name, "\" cx=\"", at(x), "\" cy=\"", at(y), "\" r=\"", radius, "\"><title>",
              html_escape(says), "</title></circle>\n");
}

std::string figure(const ChartOptions& options, std::string_view legend, double height, std::string_view drawing) {
  const std::string title = html_escape(options.title);
  return text("<figure class=\"chart\">\n", title.empty() ? "" : "<figcaption>", title,
              title.empty() ? "" : "</figcaption>\n", legend, "<div><svg viewBox=\"0 0 ", options.width, " ",
              at(height), "\" role=\"img\" aria-label=\"", title, "\">\n", drawing, "</svg></div>\n</figure>\n");
}

std::string legend(std::span<const Series> series) {
  if (series.empty() || (series.size() == 1 && series.front().name.empty())) return {};
  std::string out = "<ul class=\"legend\">";
  for (std::size_t i = 0; i < series.size(); ++i) {
    out +=
        text("<li class=\"", series_class(i), "\"><svg viewBox=\"0 0 24 10\" aria-hidden=\"true\">",
             "<line class=\"key\" x1=\"1\" y1=\"5\" x2=\"23\" y2=\"5\"/></svg>", html_escape(series[i].name), "</li>");
  }
  return out + "</ul>\n";
}

/// The x or y values of all points.
std::vector<double> all_values(std::span<const Series> series, std::vector<double> Series::*values) {
  std::vector<double> all;
  for (const Series& one : series) all.insert(all.end(), (one.*values).begin(), (one.*values).end());
  return all;
}

std::size_t points_of(const Series& series) { return std::min(series.x.size(), series.y.size()); }

/// The frame of a chart: both axes with their ticks, grid lines and names.
class Frame {
 public:
  Frame(const ChartOptions& options, const std::vector<double>& xs, const std::vector<double>& ys, Kind x_kind,
        Kind y_kind, bool from_zero, bool x_to_ticks)
      : options_(options),
        bottom_(options.height - kBottom),
        y_(y_kind, ys, bottom_, kTop, 6, from_zero),
        y_labels_(tick_labels(y_.ticks())),
        left_(label_room()),
        x_(x_kind, xs, left_, options.width - kRight, most_x_ticks(), from_zero && x_to_ticks, x_to_ticks) {}

  const Axis& x() const { return x_; }
  const Axis& y() const { return y_; }

  std::string draw() const {
    std::string out;
    for (std::size_t i = 0; i < y_.ticks().size(); ++i) {
      const double y = y_.at(y_.ticks()[i]);
      out += line("grid-line", left_, y, right(), y);
      out += label(left_ - 7, y + 4, "end", y_labels_[i]);
    }
    const std::vector<std::string> x_labels = tick_labels(x_.ticks());
    for (std::size_t i = 0; i < x_.ticks().size(); ++i) {
      const double x = x_.at(x_.ticks()[i]);
      out += line("grid-line", x, kTop, x, bottom_);
      out += label(x, bottom_ + 17, "middle", x_labels[i]);
    }
    out += line("axis", left_, bottom_, right(), bottom_);
    out += label((left_ + right()) / 2, options_.height - 8, "middle", options_.x_label);
    const double middle = (kTop + bottom_) / 2;
    out += label(14, middle, "middle", options_.y_label, text(" transform=\"rotate(-90 14 ", at(middle), ")\""));
    return out;
  }

  std::string diagonal() const {
    const double low = std::max(x_.low(), y_.low());
    const double high = std::min(x_.high(), y_.high());
    return line("diagonal", x_.at(low), y_.at(low), x_.at(high), y_.at(high));
  }

  std::string empty_note() const {
    return label((left_ + right()) / 2, (kTop + bottom_) / 2, "middle", "nothing to show");
  }

 private:
  double right() const { return options_.width - kRight; }

  double label_room() const {
    std::size_t longest = 0;
    // A thin space has three bytes and hardly any width.
    for (const std::string& words : y_labels_) {
      longest = std::max(longest, words.size() - 3 * static_cast<std::size_t>(std::ranges::count(words, '\xE2')));
    }
    return (options_.y_label.empty() ? 12 : 28) + kLetter * static_cast<double>(longest) + 8;
  }

  int most_x_ticks() const { return std::clamp(static_cast<int>((right() - left_) / 65), 2, 10); }

  const ChartOptions& options_;
  double bottom_;
  Axis y_;
  std::vector<std::string> y_labels_;
  double left_;
  Axis x_;
};

/// The path through the points that can be shown; a point between two gaps becomes a dot (a line of no length with
/// round ends).
std::string path_of(const Frame& frame, const Series& series, const std::vector<double>& ys) {
  std::string path;
  bool drawing = false;
  for (std::size_t i = 0; i < points_of(series); ++i) {
    if (!frame.x().shows(series.x[i]) || !frame.y().shows(ys[i])) {
      drawing = false;
      continue;
    }
    const std::string place = text(at(frame.x().at(series.x[i])), " ", at(frame.y().at(ys[i])));
    path += text(drawing ? "L" : "M", place, drawing ? "" : text("L", place));
    drawing = true;
  }
  return path;
}

std::string what_it_says(const ChartOptions& options, const Series& series, std::size_t i) {
  std::string says = i < series.labels.size() ? series.labels[i] : series.name;
  if (!says.empty()) says += "\n";
  return text(says, options.x_label, " ", short_number(series.x[i]), "\n", options.y_label, " ",
              short_number(series.y[i]));
}

std::string draw_line(const ChartOptions& options, const Frame& frame, const Series& series, std::size_t index) {
  std::string out = text("<g class=\"", series_class(index), "\">\n");
  const bool smooth = options.smooth > 1;
  const std::vector<double> ys = smooth ? moving_average(series.y, options.smooth) : series.y;
  if (smooth) out += text("<path class=\"raw\" d=\"", path_of(frame, series, series.y), "\"/>\n");
  out += text("<path class=\"line\" d=\"", path_of(frame, series, ys), "\"/>\n");
  const std::size_t points = points_of(series);
  const std::size_t stride = std::max<std::size_t>(1, (points + kMostPointed - 1) / kMostPointed);
  for (std::size_t i = 0; i < points; i += stride) {
    if (!frame.x().shows(series.x[i]) || !frame.y().shows(series.y[i])) continue;
    const double x = frame.x().at(series.x[i]);
    if (points <= kMostMarked && !smooth) {
      out += circle("mark", x, frame.y().at(series.y[i]), 3, what_it_says(options, series, i));
    } else {
      out += circle("hit", x, frame.y().at(ys[i]), 6, what_it_says(options, series, i));
    }
  }
  return out + "</g>\n";
}

std::string draw_dots(const ChartOptions& options, const Frame& frame, const Series& series, std::size_t index) {
  std::string out = text("<g class=\"", series_class(index), "\">\n");
  for (std::size_t i = 0; i < points_of(series); ++i) {
    if (!frame.x().shows(series.x[i]) || !frame.y().shows(series.y[i])) continue;
    out += circle("dot", frame.x().at(series.x[i]), frame.y().at(series.y[i]), 3.5, what_it_says(options, series, i));
  }
  return out + "</g>\n";
}

bool anything_shown(const Frame& frame, std::span<const Series> series) {
  return std::ranges::any_of(series, [&](const Series& one) {
    for (std::size_t i = 0; i < points_of(one); ++i) {
      if (frame.x().shows(one.x[i]) && frame.y().shows(one.y[i])) return true;
    }
    return false;
  });
}

}  // namespace

std::string line_chart(const ChartOptions& options, std::span<const Series> series) {
  const Frame frame(options, all_values(series, &Series::x), all_values(series, &Series::y), Kind::linear,
                    options.logarithmic ? Kind::logarithmic : Kind::linear, options.from_zero, /*x_to_ticks=*/false);
  std::string drawing = frame.draw();
  for (std::size_t i = 0; i < series.size(); ++i) drawing += draw_line(options, frame, series[i], i);
  if (!anything_shown(frame, series)) drawing += frame.empty_note();
  return figure(options, legend(series), options.height, drawing);
}

std::string scatter_chart(const ChartOptions& options, std::span<const Series> series) {
  std::vector<double> all = all_values(series, &Series::x);
  const std::vector<double> ys = all_values(series, &Series::y);
  all.insert(all.end(), ys.begin(), ys.end());
  const Kind kind = options.logarithmic ? Kind::logarithmic : Kind::linear;
  const Frame frame(options, all, all, kind, kind, !options.logarithmic, /*x_to_ticks=*/true);
  std::string drawing = frame.draw() + frame.diagonal();
  for (std::size_t i = 0; i < series.size(); ++i) drawing += draw_dots(options, frame, series[i], i);
  if (!anything_shown(frame, series)) drawing += frame.empty_note();
  return figure(options, legend(series), options.height, drawing);
}

std::string bar_chart(const ChartOptions& options, std::span<const Bar> bars) {
  constexpr double kRow = 34;
  constexpr double kThick = 18;
  std::vector<double> values;
  std::size_t longest = 0;
  std::size_t longest_note = 0;
  for (const Bar& bar : bars) {
    values.push_back(bar.value);
    longest = std::max(longest, bar.name.size());
    longest_note = std::max(longest_note, bar.note.size());
  }
  const double left = 16 + kLetter * static_cast<double>(longest);
  const double note_room = kLetter * (static_cast<double>(longest_note) + 10);
  const double bottom = kTop + kRow * static_cast<double>(bars.size());
  const Axis axis(Kind::linear, values, left, std::max(left + 60, options.width - kRight - note_room), 5,
                  /*from_zero=*/true);
  std::string drawing;
  const std::vector<std::string> labels = tick_labels(axis.ticks());
  for (std::size_t i = 0; i < axis.ticks().size(); ++i) {
    const double x = axis.at(axis.ticks()[i]);
    drawing += line("grid-line", x, kTop, x, bottom);
    drawing += label(x, bottom + 17, "middle", labels[i]);
  }
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double middle = kTop + kRow * (static_cast<double>(i) + 0.5);
    drawing += label(left - 8, middle + 4, "end", bars[i].name, " class=\"value\"");
    const bool shown = axis.shows(bars[i].value);
    const double from = axis.at(0);
    const double to = shown ? axis.at(bars[i].value) : from;
    if (shown) {
      drawing += text("<rect class=\"bar s1\" x=\"", at(std::min(from, to)), "\" y=\"", at(middle - kThick / 2),
                      "\" width=\"", at(std::abs(to - from)), "\" height=\"", at(kThick), "\" rx=\"2\"><title>",
                      html_escape(text(bars[i].name, "\n", options.x_label, " ", short_number(bars[i].value))),
                      "</title></rect>\n");
    }
    drawing += label(std::max(from, to) + 7, middle + 4, "start",
                     text(shown ? short_number(bars[i].value) : "-", bars[i].note.empty() ? "" : ", ", bars[i].note));
  }
  drawing += line("axis", axis.at(0), kTop, axis.at(0), bottom);
  drawing += label((left + axis.at(axis.high())) / 2, bottom + 38, "middle", options.x_label);
  return figure(options, {}, bottom + kBottom, drawing);
}

bool wants_logarithmic_axis(std::span<const Series> series) {
  double low = INFINITY;
  double high = 0;
  for (const Series& one : series) {
    for (const double y : one.y) {
      if (!std::isfinite(y)) continue;
      low = std::min(low, y);
      high = std::max(high, y);
    }
  }
  return low > 0 && high > kMostSpan * low;
}

}  // namespace throng
