#include "model/hierarchy.h"

#include <ATen/ATen.h>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

std::string group_name(std::size_t level, bool last, const std::vector<std::int64_t>& members) {
  if (last) return "final";
  std::string name = level == 0 ? "group" : text("level", level + 1, "_group");
  for (const std::int64_t member : members) name += std::to_string(member);
  return name;
}

}  // namespace

Hierarchy::Hierarchy(std::int64_t experts, const Levels& levels) : experts_(experts) {
  if (levels.empty() || levels.back().size() != 1) {
    throw Error(ErrorKind::usage, "model.levels must end with a level of one group, the final map, like [[1, 2, 3]]");
  }
  std::int64_t inputs = experts;
  for (std::size_t level = 0; level < levels.size(); ++level) {
    std::vector<Group> groups;
    std::int64_t logits = 0;
    for (const auto& members : levels[level]) {
      Group group;
      group.name = group_name(level, level + 1 == levels.size(), members);
      for (const std::int64_t member : members) {
        if (member < 1 || member > inputs) {
          throw Error(ErrorKind::usage, text("model.levels: level ", level + 1, " names input ", member,
                                             ", but the level before it has ", inputs));
        }
        group.members.push_back(member - 1);
      }
      if (members.empty())
        throw Error(ErrorKind::usage, text("model.levels: level ", level + 1, " has an empty group"));
      if (members.size() > 1) {
        group.first_logit = logits;
        logits += static_cast<std::int64_t>(members.size());
      }
      groups.push_back(std::move(group));
    }
    inputs = static_cast<std::int64_t>(groups.size());
    levels_.push_back(std::move(groups));
    logits_.push_back(logits);
  }
}

at::Tensor normalise_per_group(const at::Tensor& logits, const std::vector<Group>& level) {
  std::vector<at::Tensor> parts;
  for (const Group& group : level) {
    if (group.first_logit < 0) continue;
    parts.push_back(
        at::softmax(logits.narrow(1, group.first_logit, static_cast<std::int64_t>(group.members.size())), 1));
  }
  return parts.size() == 1 ? parts.front() : at::cat(parts, 1);
}

at::Tensor equal_weights(const std::vector<Group>& level, const at::TensorOptions& options) {
  // Made where they are wanted: nothing is copied to a device, which would be waited for.
  std::vector<at::Tensor> weights;
  for (const Group& group : level) {
    if (group.first_logit < 0) continue;
    const auto members = static_cast<std::int64_t>(group.members.size());
    weights.push_back(at::full({1, members, 1, 1}, 1.0F / static_cast<float>(members), options));
  }
  return at::cat(weights, 1);
}

at::Tensor mix_group(const Group& group, const std::vector<at::Tensor>& maps, const at::Tensor& weights) {
  if (group.first_logit < 0) return maps[group.members.front()];
  at::Tensor sum;
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    const std::int64_t logit = group.first_logit + static_cast<std::int64_t>(i);
    // [B, L, C, 1, 1] weighs channels, [B, L, h, w] pixels.
    const at::Tensor weight = weights.dim() == 5 ? weights.select(1, logit) : weights.narrow(1, logit, 1);
    const at::Tensor part = maps[group.members[i]] * weight;
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

}  // namespace throng
