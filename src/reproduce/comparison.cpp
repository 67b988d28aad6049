#include "reproduce/comparison.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/text.h"
#include "report/html.h"

namespace throng {

namespace {

constexpr char kNothing[] = "-";

/// Figures as the paper prints them.
std::string figure_text(double value) { return fixed(value, 1); }

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// Sample standard deviation; of two values or more.
double spread_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

/// What the seeds gave for one figure of one line.
std::vector<double> values_of(const ComparedRow& row, Measure measure, const std::string& line, std::size_t figure) {
  std::vector<double> values;
  for (const NetworkResult& result : row.results) {
    for (const MeasuredLine& measured : result.lines.at(measure)) {
      if (measured.line == line) values.push_back(measured.figures.at(figure));
    }
  }
  return values;
}

void add_figure(std::vector<std::string>& cells, const PublishedLine* published, std::size_t figure,
                const std::vector<double>& ours, bool comparable) {
  std::optional<double> paper;
  if (published) paper = published->figures.at(figure);
  cells.push_back(paper ? figure_text(*paper) : kNothing);
  if (ours.empty()) {
    cells.insert(cells.end(), {kNothing, kNothing});
    return;
  }
  const double mean = mean_of(ours);
  cells.push_back(ours.size() > 1 ? text(figure_text(mean), " ± ", figure_text(spread_of(ours))) : figure_text(mean));
  cells.push_back(paper && comparable ? signed_fixed(mean - *paper, 1) : kNothing);
}

/// Every line that the paper has, then what was measured besides.
std::vector<std::string> line_names(const ComparedRow& row, Measure measure) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const PublishedLine& line : row.row->published) {
    if (line.data_set == row.data_set) add(line.line);
  }
  for (const NetworkResult& result : row.results) {
    for (const MeasuredLine& line : result.lines.at(measure)) add(line.line);
  }
  if (names.empty()) names.emplace_back();
  return names;
}

double mean_seconds(const ComparedRow& row) {
  std::vector<double> seconds;
  for (const NetworkResult& result : row.results) {
    if (result.seconds > 0) seconds.push_back(result.seconds);
  }
  return seconds.empty() ? 0 : mean_of(seconds);
}

std::string time_text(const ComparedRow& row) {
  const double seconds = mean_seconds(row);
  return seconds > 0 ? human_duration(seconds) : kNothing;
}

std::string memory_text(const ComparedRow& row) {
  std::int64_t most = 0;
  for (const NetworkResult& result : row.results) most = std::max(most, result.peak_bytes);
  return most > 0 ? human_bytes(most) : kNothing;
}

std::string epoch_text(const ComparedRow& row) {
  const double seconds = mean_seconds(row);
  const std::int64_t epochs = row.results.empty() ? 0 : row.results.front().epochs;
  return seconds > 0 && epochs > 0 ? fixed(seconds / static_cast<double>(epochs), 1) : kNothing;
}

std::string remark(const ComparedRow& row) {
  std::vector<std::string> parts;
  if (!row.state.empty()) parts.push_back(row.state);
  const auto done = static_cast<std::int64_t>(row.results.size());
  if (done > 0 && done < row.seeds) parts.push_back(text(done, " of ", row.seeds, " seeds"));
  if (!row.trained_for.empty() && done > 0) parts.push_back("same network as " + row.trained_for);
  return join(parts, "; ");
}

bool has_costs(const PaperTable& table) {
  return std::ranges::any_of(table.rows, [](const PaperRow& row) { return row.epoch_seconds > 0; });
}

std::string markdown_cell(std::string_view words) {
  std::string cell;
  for (const char c : words) {
    if (c == '|') cell += '\\';
    cell += c == '\n' ? ' ' : c;
  }
  return cell;
}

std::string markdown_line(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += text(" ", markdown_cell(cell), " |");
  return line + "\n";
}

}  // namespace

ComparisonCells cells_of(const Comparison& comparison) {
  const Measure measure = comparison.table->measure;
  const auto figures = figures_of(measure);
  const bool costs = has_costs(*comparison.table);
  ComparisonCells cells;
  cells.header = {"row"};
  for (const std::string& figure : figures) {
    for (const char* whose : {"paper", "ours", "difference"}) cells.header.push_back(text(figure, " ", whose));
  }
  if (costs) cells.header.insert(cells.header.end(), {"s/epoch paper", "s/epoch ours", "memory paper"});
  cells.header.insert(cells.header.end(), {"time", "memory", "remarks"});

  for (const ComparedRow& row : comparison.rows) {
    for (const std::string& line : line_names(row, measure)) {
      std::vector<std::string>& line_cells = cells.rows.emplace_back();
      line_cells.push_back(line.empty() ? row.row->name : text(row.row->name, ": ", line));
      for (std::size_t i = 0; i < figures.size(); ++i) {
        add_figure(line_cells, row.row->find(row.data_set, line), i, values_of(row, measure, line, i), !row.other_data);
      }
      if (costs) {
        line_cells.push_back(fixed(row.row->epoch_seconds, 0));
        line_cells.push_back(epoch_text(row));
        line_cells.push_back(text(fixed(row.row->memory_gb, 2), " GB"));
      }
      line_cells.insert(line_cells.end(), {time_text(row), memory_text(row), remark(row)});
    }
  }
  return cells;
}

std::string comparison_markdown(const Comparison& comparison) {
  const ComparisonCells cells = cells_of(comparison);
  std::string words = text("## ", comparison.table->title, "\n\n");
  for (const std::string& note : comparison.notes) words += note + "\n";
  if (!comparison.notes.empty()) words += "\n";
  words += markdown_line(cells.header);
  words += "|";
  const std::size_t last = cells.header.size() - 1;
  for (std::size_t i = 0; i <= last; ++i) words += i == 0 || i == last ? "---|" : "---:|";
  words += "\n";
  for (const std::vector<std::string>& row : cells.rows) words += markdown_line(row);
  return words;
}

std::string comparison_html(const Comparison& comparison) {
  const ComparisonCells cells = cells_of(comparison);
  std::string body;
  for (const std::string& note : comparison.notes) body += html_paragraph(note);
  return html_page(comparison.table->title, body + html_table(cells.header, cells.rows));
}

}  // namespace throng
