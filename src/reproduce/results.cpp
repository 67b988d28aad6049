#include "reproduce/results.h"

#include <array>
#include <exception>

#include "core/config.h"
#include "core/file.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr std::int64_t kFormat = 1;

constexpr std::array kMeasureNames = {
    std::pair(Measure::errors, "errors"),
    std::pair(Measure::game, "game"),
    std::pair(Measure::outputs, "outputs"),
};

Json to_json(const NetworkResult& result) {
  Json measures = Json::object();
  for (const auto& [measure, name] : kMeasureNames) {
    const auto found = result.lines.find(measure);
    if (found == result.lines.end()) continue;
    Json lines = Json::array();
    for (const MeasuredLine& line : found->second) {
      Json figures = Json::object();
      for (std::size_t i = 0; i < line.figures.size(); ++i) figures[figures_of(measure)[i]] = line.figures[i];
      lines.push_back(Json{{"line", line.line}, {"figures", std::move(figures)}});
    }
    measures[name] = std::move(lines);
  }
  return Json{{"row", result.row},         {"network", result.network},           {"seed", result.seed},
              {"folder", result.folder},   {"trained", result.trained},           {"epochs", result.epochs},
              {"seconds", result.seconds}, {"peak_bytes", result.peak_bytes},     {"device", result.device},
              {"model", result.model},     {"model_sha256", result.model_sha256}, {"data_sha256", result.data_sha256},
              {"images", result.images},   {"measures", std::move(measures)}};
}

NetworkResult result_from(const Json& json) {
  NetworkResult result;
  json.at("row").get_to(result.row);
  json.at("network").get_to(result.network);
  json.at("seed").get_to(result.seed);
  json.at("folder").get_to(result.folder);
  json.at("trained").get_to(result.trained);
  json.at("epochs").get_to(result.epochs);
  json.at("seconds").get_to(result.seconds);
  json.at("peak_bytes").get_to(result.peak_bytes);
  json.at("device").get_to(result.device);
  json.at("model").get_to(result.model);
  json.at("model_sha256").get_to(result.model_sha256);
  json.at("data_sha256").get_to(result.data_sha256);
  json.at("images").get_to(result.images);
  for (const auto& [measure, name] : kMeasureNames) {
    const auto found = json.at("measures").find(name);
    if (found == json.at("measures").end()) continue;
    std::vector<MeasuredLine>& lines = result.lines[measure];
    for (const Json& line : *found) {
      MeasuredLine& measured = lines.emplace_back();
      line.at("line").get_to(measured.line);
      for (const std::string& figure : figures_of(measure)) {
        measured.figures.push_back(line.at("figures").at(figure).get<double>());
      }
    }
  }
  return result;
}

}  // namespace

Results Results::read(const std::filesystem::path& file) {
  Results results;
  results.file_ = file;
  if (!std::filesystem::exists(file)) return results;
  try {
    const Json document = Json::parse(read_text_file(file));
    if (document.at("throng_results").get<std::int64_t>() != kFormat) {
      throw Error(ErrorKind::failure, "of another version");
    }
    for (const Json& json : document.at("networks")) {
      NetworkResult result = result_from(json);
      const std::pair key(result.network, result.seed);
      results.results_.emplace(key, std::move(result));
    }
  } catch (const std::exception& error) {
    throw Error(ErrorKind::failure, text(file.string(), " cannot be used (", error.what(),
                                         "): move it away to measure everything anew, or choose another --out"));
  }
  return results;
}

const NetworkResult* Results::find(const std::string& network, std::int64_t seed) const {
  const auto found = results_.find(std::pair(network, seed));
  return found == results_.end() ? nullptr : &found->second;
}

NetworkResult& Results::begin(const std::string& network, std::int64_t seed, const std::string& row) {
  const auto [found, is_new] = results_.try_emplace(std::pair(network, seed));
  NetworkResult& result = found->second;
  if (is_new) {
    result.network = network;
    result.seed = seed;
    result.row = row;
    result.folder = text("networks/", join(split(row, '/'), "-"), "-", network, "-seed", seed);
  }
  return result;
}

void Results::write() const {
  Json networks = Json::array();
  for (const auto& [key, result] : results_) networks.push_back(to_json(result));
  write_file(file_, Json{{"throng_results", kFormat}, {"networks", std::move(networks)}}.dump(2) + "\n");
}

}  // namespace throng
