#include "infer/inspect.h"

#include <ATen/ATen.h>
#include <cstdint>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "infer/counting_network.h"
#include "model/hierarchy.h"

namespace throng {

namespace {

// Values [h, w] as they are.
DensityMap plain_map(const at::Tensor& values) {
  const at::Tensor rows = values.to(at::kCPU).to(at::kFloat).contiguous();
  const float* const first = rows.const_data_ptr<float>();
  return {.width = static_cast<int>(rows.size(1)),
          .height = static_cast<int>(rows.size(0)),
          .values = std::vector<float>(first, first + rows.numel())};
}

// The weights of one member of a group: [B, L, h, w], [B, L, 1, 1] or, by channel, [B, L, C, 1, 1].
DensityMap member_weights(const at::Tensor& weights, std::int64_t logit) {
  const at::Tensor member = weights.select(0, 0).select(0, logit);
  return plain_map(weights.dim() == 5 ? member.mean(0) : member);
}

bool is_output(const Prediction& prediction, const std::string& name) {
  return std::ranges::any_of(prediction.outputs, [&](const DensityOutput& output) { return output.name == name; });
}

std::vector<InspectedGate> inspect_gates(const Prediction& prediction, const Hierarchy& hierarchy) {
  std::vector<InspectedGate> gates;
  std::vector<std::string> names;  // of what the level mixes
  for (std::int64_t k = 1; k <= hierarchy.experts(); ++k) names.push_back("expert" + std::to_string(k));
  for (std::size_t i = 0; i < prediction.gate_weights.size(); ++i) {
    const at::Tensor& weights = prediction.gate_weights[i];
    std::vector<std::string> mixed;
    for (const Group& group : hierarchy.levels()[i]) {
      // A group of one member is that member, unless a head behind it makes another map.
      const bool passes = group.members.size() == 1 && !is_output(prediction, group.name);
      mixed.push_back(passes ? names[static_cast<std::size_t>(group.members.front())] : group.name);
      if (!weights.defined() || group.first_logit < 0) continue;
      InspectedGate& gate = gates.emplace_back();
      gate.level = static_cast<int>(i) + 1;
      gate.group = group.name;
      for (std::size_t m = 0; m < group.members.size(); ++m) {
        gate.candidates.push_back(names[static_cast<std::size_t>(group.members[m])]);
        gate.weights.push_back(member_weights(weights, group.first_logit + static_cast<std::int64_t>(m)));
      }
    }
    names = std::move(mixed);
  }
  return gates;
}

}  // namespace

struct Inspector::State {
  CountingNetwork network;
};

Inspector::Inspector(std::unique_ptr<State> state) : state_(std::move(state)) {}
Inspector::Inspector(Inspector&&) noexcept = default;
Inspector& Inspector::operator=(Inspector&&) noexcept = default;
Inspector::~Inspector() = default;

Inspector Inspector::load(const std::filesystem::path& model, const CounterOptions& options) {
  return Inspector(std::unique_ptr<State>(new State{CountingNetwork::load(model, options)}));
}

Inspection Inspector::inspect(const Image& image) const {
  const CountingNetwork& network = state_->network;
  const Prediction prediction = network.predict(image);
  Inspection inspection{.width = image.width, .height = image.height, .maps = {}, .gates = {}};
  for (const DensityOutput& output : prediction.outputs) {
    GridCount people = network.people(output.map, image);
    inspection.maps.push_back(
        {.name = output.name, .level = output.level, .map = std::move(people.grid), .count = people.count});
  }
  inspection.count = inspection.maps.back().count;
  network.counting(image, [&] {
    inspection.gates = inspect_gates(prediction, network.net().hierarchy());
    if (prediction.attention.defined())
      inspection.attention = plain_map(prediction.attention.select(0, 0).select(0, 0));
  });
  return inspection;
}

void Inspector::check_memory(int width, int height) const { state_->network.check_memory(width, height); }

const ModelInfo& Inspector::model() const { return state_->network.info(); }
std::string Inspector::device() const { return state_->network.net().device().str(); }
std::string Inspector::precision() const { return to_string(state_->network.net().precision()); }
int Inspector::threads() const { return state_->network.threads(); }

}  // namespace throng
