#include "infer/inspect.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "expect_error.h"
#include "infer/smallest_side.h"
#include "infer/tiny_model.h"
#include "model/resize.h"
#include "temporary_folder.h"

namespace throng {

namespace {

using testing::ElementsAre;

ModelConfig tiny_config() { return tiny_model().card.model; }

/// The gates of Table IV's rows: both levels weighed alike.
ModelConfig weighed(const std::string& weighting) {
  ModelConfig config = tiny_config();
  for (GateConfig& gate : config.gates) gate.weighting = weighting;
  return config;
}

class InspectTest : public testing::Test {
 protected:
  /// A network of that shape, saved; its counts mean nothing.
  std::filesystem::path save(const ModelConfig& config) const {
    ModelCard card;
    card.name = "tiny";
    card.model = config;
    DensityNet net(config);
    initialise(net, 1);
    const std::filesystem::path path = folder_ / "model.safetensors";
    write_safetensors(model_to_file(net, card, StoredPrecision::fp16), path);
    return path;
  }

  static CounterOptions fp32() { return {.device = "cpu", .precision = "fp32"}; }

  Inspection inspect(const ModelConfig& config, const Image& image) const {
    return Inspector::load(save(config), fp32()).inspect(image);
  }

  TemporaryFolder folder_;
};

std::vector<std::string> names_of(const Inspection& inspection) {
  std::vector<std::string> names;
  for (const InspectedMap& map : inspection.maps) names.push_back(map.name);
  return names;
}

double sum(const DensityMap& map) { return std::accumulate(map.values.begin(), map.values.end(), 0.0); }

const DensityMap& map_of(const Inspection& inspection, const std::string& name) {
  return std::ranges::find(inspection.maps, name, &InspectedMap::name)->map;
}

/// Every map sums to its count, weights to 1, and attention (which saturates in a random net) lies in [0, 1].
void expect_consistent(const Inspection& inspection) {
  for (const InspectedMap& map : inspection.maps) {
    EXPECT_NEAR(sum(map.map), map.count, 1e-5 * std::max(1.0, std::abs(map.count))) << map.name;
    EXPECT_EQ(map.map.values.size(), inspection.maps.back().map.values.size()) << map.name;
  }
  for (const InspectedGate& gate : inspection.gates) {
    ASSERT_EQ(gate.weights.size(), gate.candidates.size());
    ASSERT_GE(gate.weights.size(), 2U);
    for (std::size_t cell = 0; cell < gate.weights.front().values.size(); ++cell) {
      double total = 0;
      for (const DensityMap& weights : gate.weights) {
        EXPECT_GE(weights.values.at(cell), 0) << gate.group;
        total += weights.values[cell];
      }
      ASSERT_NEAR(total, 1, 1e-5) << gate.group << " of level " << gate.level;
    }
  }
  if (!inspection.attention) return;
  for (const float value : inspection.attention->values) {
    EXPECT_GE(value, 0);
    EXPECT_LE(value, 1);
  }
}

TEST_F(InspectTest, CountsAsACounterDoes) {
  const std::filesystem::path model = save(tiny_config());
  const Counter counter = Counter::load(model, fp32());
  const Inspector inspector = Inspector::load(model, fp32());
  EXPECT_EQ(inspector.model().sha256, counter.model().sha256);
  for (const auto& [width, height] : {std::pair{160, 120}, {97, 131}, {5, 40}, {1, 1}}) {
    const Image image = noisy_picture(width, height);
    const CountResult counted = counter.count(image);
    const Inspection inspection = inspector.inspect(image);
    EXPECT_EQ(inspection.count, counted.count) << width << " x " << height;
    EXPECT_EQ(inspection.maps.back().count, counted.count);
    EXPECT_EQ(inspection.maps.back().map.values, counted.grid.values);
    EXPECT_EQ(inspection.maps.back().map.width, counted.grid.width);
    EXPECT_EQ(inspection.width, width);
    EXPECT_EQ(inspection.height, height);
    expect_consistent(inspection);
  }
}

TEST_F(InspectTest, NamesEveryMapAndWhatEachGateWeighs) {
  const Inspection inspection = inspect(tiny_config(), noisy_picture(128, 96));
  EXPECT_THAT(names_of(inspection),
              ElementsAre("expert1", "expert2", "expert3", "group12", "group13", "group23", "final"));
  ASSERT_EQ(inspection.gates.size(), 4U);
  EXPECT_EQ(inspection.gates[1].level, 1);
  EXPECT_EQ(inspection.gates[1].group, "group13");
  EXPECT_THAT(inspection.gates[1].candidates, ElementsAre("expert1", "expert3"));
  EXPECT_EQ(inspection.gates[3].level, 2);
  EXPECT_EQ(inspection.gates[3].group, "final");
  EXPECT_THAT(inspection.gates[3].candidates, ElementsAre("group12", "group13", "group23"));
  ASSERT_TRUE(inspection.attention);
  EXPECT_EQ(inspection.attention->width, 8);
  EXPECT_EQ(inspection.attention->height, 6);
}

// Eq. (1): what is shown of the gate, mixed by hand, is the group that is shown.
TEST_F(InspectTest, GroupsAreTheirMembersWeighed) {
  const Inspection inspection = inspect(tiny_config(), noisy_picture(128, 96));
  for (const InspectedGate& gate : inspection.gates) {
    const DensityMap& group = map_of(inspection, gate.group);
    for (int y = 0; y < group.height; ++y) {
      for (int x = 0; x < group.width; ++x) {
        double mixed = 0;
        for (std::size_t i = 0; i < gate.candidates.size(); ++i) {
          const DensityMap& member = map_of(inspection, gate.candidates[i]);
          const DensityMap& weights = gate.weights[i];
          const int row = y * weights.height / group.height, column = x * weights.width / group.width;
          mixed +=
              static_cast<double>(member.values[y * member.width + x]) * weights.values[row * weights.width + column];
        }
        ASSERT_NEAR(mixed, group.values[y * group.width + x], 1e-5 * (1 + std::abs(mixed))) << gate.group;
      }
    }
  }
}

TEST_F(InspectTest, WeightsOfWholePicturesAreOneCell) {
  for (const char* weighting : {"image", "channel"}) {
    ModelConfig config = weighed(weighting);
    const Inspection inspection = inspect(config, noisy_picture(96, 64));
    expect_consistent(inspection);
    ASSERT_EQ(inspection.gates.size(), 4U) << weighting;
    for (const InspectedGate& gate : inspection.gates) {
      EXPECT_EQ(gate.weights.front().width, 1) << weighting;
      EXPECT_EQ(gate.weights.front().height, 1) << weighting;
    }
  }
}

TEST_F(InspectTest, HardWeightsAreZerosAndOnes) {
  const Inspection inspection = inspect(weighed("hard"), noisy_picture(96, 64));
  expect_consistent(inspection);
  for (const InspectedGate& gate : inspection.gates) {
    for (const float weight : gate.weights.front().values) EXPECT_TRUE(weight == 0 || weight == 1) << weight;
  }
}

TEST_F(InspectTest, EqualWeightsHaveNoGateToShow) {
  const Inspection inspection = inspect(weighed("average"), noisy_picture(96, 64));
  expect_consistent(inspection);
  EXPECT_TRUE(inspection.gates.empty());
  EXPECT_FALSE(inspection.attention);
  EXPECT_EQ(inspection.maps.size(), 7U);
}

TEST_F(InspectTest, GroupsOfOneMemberGoByItsName) {
  ModelConfig config = tiny_config();
  config.levels = {{{1, 3}, {2}}, {{1, 2}}};
  const Inspection inspection = inspect(config, noisy_picture(96, 64));
  expect_consistent(inspection);
  EXPECT_THAT(names_of(inspection), ElementsAre("expert1", "expert2", "expert3", "group13", "final"));
  ASSERT_EQ(inspection.gates.size(), 2U);
  EXPECT_THAT(inspection.gates[1].candidates, ElementsAre("group13", "expert2"));
}

TEST_F(InspectTest, EveryShapeOfHierarchyIsShown) {
  ModelConfig four = tiny_config();
  four.decoder.block4 = {1024, 512};
  four.levels = {{{1, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 4}, {3, 4}}, {{1, 2, 3, 4, 5, 6}}};
  ModelConfig deep = tiny_config();
  deep.levels = {{{1, 2}, {1, 3}, {2, 3}}, {{1, 2}, {1, 3}, {2, 3}}, {{1, 2, 3}}};
  deep.gates.push_back(deep.gates.back());
  ModelConfig mixture = tiny_config();
  mixture.levels = {{{1, 2, 3}}};
  mixture.gates.resize(1);
  ModelConfig concatenated = mixture;
  concatenated.gates.front().weighting = "concat";
  ModelConfig single = tiny_config();
  single.network = "csrnet";
  struct Shape {
    ModelConfig config;
    std::size_t maps;
    std::size_t gates;
  };
  for (const Shape& shape :
       {Shape{four, 11, 7}, {deep, 10, 7}, {mixture, 4, 1}, {concatenated, 1, 0}, {single, 1, 0}}) {
    const Inspection inspection = inspect(shape.config, noisy_picture(96, 64));
    expect_consistent(inspection);
    EXPECT_EQ(inspection.maps.size(), shape.maps);
    EXPECT_EQ(inspection.maps.back().name, "final");
    EXPECT_EQ(inspection.gates.size(), shape.gates);
  }
  const Inspection inspection = inspect(deep, noisy_picture(96, 64));
  EXPECT_EQ(inspection.gates[3].group, "level2_group12");
  EXPECT_THAT(inspection.gates[6].candidates, ElementsAre("level2_group12", "level2_group13", "level2_group23"));
}

TEST_F(InspectTest, SaysWhatWasChosenAsACounterDoes) {
  const std::string model = save(tiny_config());
  CounterOptions options{.device = "cpu", .precision = "auto", .threads = 1};
  const Inspector inspector = Inspector::load(model, options);
  const Counter counter = Counter::load(model, options);
  EXPECT_EQ(inspector.device(), "cpu");
  EXPECT_EQ(inspector.precision(), counter.precision());
  EXPECT_EQ(inspector.threads(), 1);
  EXPECT_EQ(inspector.model().sha256, counter.model().sha256);
}

TEST_F(InspectTest, RefusesWhatACounterRefuses) {
  CounterOptions options = fp32();
  options.memory_limit = 100 << 20;
  const Inspector inspector = Inspector::load(save(tiny_config()), options);
  expect_error(ErrorKind::failure, {"10000 x 10000", "100.0 MiB"}, [&] { inspector.check_memory(10000, 10000); });
  expect_error(ErrorKind::failure, {"2000 x 1500"}, [&] { inspector.inspect(noisy_picture(2000, 1500)); });
  expect_error(ErrorKind::usage, {"tpu"}, [&] { Inspector::load(save(tiny_config()), {.device = "tpu"}); });
}

}  // namespace

}  // namespace throng
