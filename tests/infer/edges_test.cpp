#include "infer/edges.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "model/conv_block.h"

namespace throng {

namespace {

using Kind = FeatureNode::Kind;

// image -> relu -> pool -> concat(pool, other) -> head (output)
//      \-> other (relu)    attention (no relu) -> sigmoid -> product with other -> last (output)
struct Graph {
  ConvBlock relu{ConvSpec{.in = 3, .out = 4}}, other{ConvSpec{.in = 3, .out = 4}}, head{ConvSpec{.in = 8, .out = 1}};
  ConvBlock attention{ConvSpec{.in = 4, .out = 1, .activation = Activation::none}}, last{ConvSpec{.in = 4, .out = 2}};
  FeatureGraph graph;
  std::vector<std::string> names = {"image", "relu",      "pool",    "other",   "concat",
                                    "head",  "attention", "sigmoid", "product", "last"};

  Graph() {
    graph.nodes = {{.kind = Kind::image},
                   {.kind = Kind::convolution, .inputs = {0}, .block = &relu},
                   {.kind = Kind::pool, .inputs = {1}},
                   {.kind = Kind::convolution, .inputs = {0}, .block = &other},
                   {.kind = Kind::concat, .inputs = {2, 3}},
                   {.kind = Kind::convolution, .inputs = {4}, .block = &head},
                   {.kind = Kind::convolution, .inputs = {3}, .block = &attention},
                   {.kind = Kind::sigmoid, .inputs = {6}},
                   {.kind = Kind::product, .inputs = {3, 7}},
                   {.kind = Kind::convolution, .inputs = {8}, .block = &last}};
  }
};

TEST(FloatEdges, AreExactWhereMapsLeaveAndSigmoidsRead) {
  const Graph made;
  const std::vector<Edge> edges = float_edges(made.graph, {5, 7, 9}, at::kBFloat16);
  for (const int node : {5, 6, 7, 9}) EXPECT_EQ(edges[node].type, at::kFloat) << made.names[node];
  for (const int node : {0, 1, 2, 3, 4, 8}) EXPECT_EQ(edges[node].type, at::kBFloat16) << made.names[node];
}

TEST(Int8Edges, GiveBytesToWhatPassedARelu) {
  const Graph made;
  const ActivationRanges ranges = {{"relu", 255.0F}, {"other", 510.0F}};
  const std::vector<Edge> edges = int8_edges(made.graph, {5, 7, 9}, made.names, ranges, at::kBFloat16);
  EXPECT_EQ(edges[0].type, at::kBFloat16);
  for (const int node : {1, 2, 3, 4, 8}) EXPECT_EQ(edges[node].type, at::kByte) << made.names[node];
  for (const int node : {5, 6, 7, 9}) EXPECT_EQ(edges[node].type, at::kFloat) << made.names[node];
  EXPECT_EQ(edges[1].scale, 1);
  EXPECT_EQ(edges[2].scale, 1) << "pooling keeps the steps";
  EXPECT_EQ(edges[3].scale, 2);
  EXPECT_EQ(edges[4].scale, 2) << "the larger of the two";
  EXPECT_EQ(edges[8].scale, 2);
}

TEST(Int8Edges, LeaveAPictureItsBytes) {
  const Graph made;
  const ActivationRanges ranges = {{"relu", 255.0F}, {"other", 510.0F}};
  const std::vector<Edge> edges = int8_edges(made.graph, {5, 7, 9}, made.names, ranges, at::kBFloat16, true);
  EXPECT_EQ(edges[0].type, at::kByte);
  EXPECT_EQ(edges[1].scale, 1);
}

TEST(ReadersOfTheImage, AreConvolutionsAlone) {
  Graph made;
  EXPECT_EQ(readers_of_image(made.graph), (std::vector<int>{1, 3}));
  made.graph.nodes[3].inputs = {1, 0};
  EXPECT_TRUE(readers_of_image(made.graph).empty()) << "a convolution that adds the image";
  made.graph.nodes[3] = {.kind = Kind::pool, .inputs = {0}};
  EXPECT_TRUE(readers_of_image(made.graph).empty());
}

TEST(Int8Edges, LieSideBySideInOneType) {
  Graph made;
  made.relu = ConvBlock(ConvSpec{.in = 3, .out = 4, .activation = Activation::none});
  const std::vector<Edge> edges = int8_edges(made.graph, {5, 7, 9}, made.names, {{"other", 1.0F}}, at::kFloat);
  EXPECT_EQ(edges[2].type, at::kFloat);
  EXPECT_EQ(edges[4].type, at::kFloat) << "bytes beside numbers that can be negative";
  EXPECT_EQ(edges[4].scale, 1);
}

TEST(Int8Edges, NameTheRangeThatIsMissing) {
  const Graph made;
  expect_error(ErrorKind::model, {"other", "throng model quantize", "fp32"}, [&] {
    int8_edges(made.graph, {5, 7, 9}, made.names, {{"relu", 1.0F}}, at::kFloat);
  });
}

}  // namespace

}  // namespace throng
