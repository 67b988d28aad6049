#include "infer/repeated_work.h"

#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>

#include <set>
#include <thread>

#include "infer/calling_graph.h"

namespace throng {

namespace {

using Work = RepeatedWork<at::Tensor>;
using Inputs = Work::Inputs;

at::Tensor numbers(std::int64_t count, double first = 0) {
  return at::arange(count, at::TensorOptions().dtype(at::kFloat)) + first;
}

/// Doubles its input and remembers where that lay.
struct Doubling {
  std::vector<const void*> places;
  at::Tensor operator()(const Inputs& inputs) {
    places.push_back(inputs.front().const_data_ptr());
    return inputs.front() * 2;
  }
};

TEST(RepeatedWorkTest, IsRecordedBehindTheEagerTimesAndThenReplayed) {
  GraphCalls calls;
  Work repeated(at::kCPU, calling_graphs(calls), {.eager = 3});
  Doubling doubling;
  for (int time = 1; time <= 6; ++time) {
    const at::Tensor input = numbers(4, time);
    EXPECT_TRUE(at::equal(repeated.run({input}, std::ref(doubling)), input * 2)) << time;
    EXPECT_EQ(calls.captures, time > 3 ? 1 : 0) << time;
    EXPECT_EQ(calls.replays, std::max(0, time - 3)) << time;
    EXPECT_EQ(repeated.recorded(), time > 3 ? 1U : 0U) << time;
  }
}

// A graph reads where it read when it was recorded.
TEST(RepeatedWorkTest, InputsAreWrittenWhereTheGraphReads) {
  GraphCalls calls;
  Work repeated(at::kCPU, calling_graphs(calls), {.eager = 1});
  Doubling doubling;
  std::vector<at::Tensor> inputs;  // kept, so that no two lie in one place
  for (int time = 0; time < 5; ++time) {
    inputs.push_back(numbers(4, time));
    repeated.run({inputs.back()}, std::ref(doubling));
  }
  EXPECT_EQ(doubling.places.front(), inputs.front().const_data_ptr());
  const std::set<const void*> replayed(doubling.places.begin() + 1, doubling.places.end());
  EXPECT_EQ(replayed.size(), 1U);
  for (const at::Tensor& input : inputs) EXPECT_FALSE(replayed.contains(input.const_data_ptr()));
}

TEST(RepeatedWorkTest, FormsAreToldApartBySizesTypesAbsentInputsAndVariant) {
  GraphCalls calls;
  Work repeated(at::kCPU, calling_graphs(calls), {.eager = 0, .graphs = 10});
  const auto first = [](const Inputs& inputs) { return inputs.front() * 2; };
  const at::Tensor two = numbers(2);
  for (int round = 0; round < 2; ++round) {
    repeated.run({two}, first);
    repeated.run({numbers(3)}, first);
    repeated.run({numbers(6).view({2, 3})}, first);
    repeated.run({two.to(at::kDouble)}, first);
    repeated.run({two, at::Tensor()}, first);
    repeated.run({two, two}, first);
    repeated.run({two}, first, /*variant=*/1);
    EXPECT_EQ(calls.captures, 7);
    EXPECT_EQ(calls.replays, 7 * (round + 1));
  }
}

TEST(RepeatedWorkTest, TheGraphNotUsedForLongestGoes) {
  GraphCalls calls;
  Work repeated(at::kCPU, calling_graphs(calls), {.eager = 1, .graphs = 2});
  Doubling doubling;
  const auto run = [&](std::int64_t size) {
    const at::Tensor input = numbers(size);
    EXPECT_TRUE(at::equal(repeated.run({input}, std::ref(doubling)), input * 2)) << size;
  };
  for (const std::int64_t size : {4, 4, 5, 5}) run(size);
  EXPECT_EQ(calls.captures, 2);
  run(4);  // now 5 is the one not used for longest
  run(6);
  EXPECT_EQ(calls.alive, 2);
  run(6);
  EXPECT_EQ(calls.captures, 3);
  EXPECT_EQ(calls.alive, 2);
  run(4);
  EXPECT_EQ(calls.captures, 3);
  run(5);  // eager again, then recorded again
  EXPECT_EQ(calls.captures, 3);
  run(5);
  EXPECT_EQ(calls.captures, 4);
  EXPECT_EQ(calls.alive, 2);
}

TEST(RepeatedWorkTest, RehearsesOnAnotherThreadInTheSameMode) {
  GraphCalls calls;
  Work repeated(at::kCPU, calling_graphs(calls), {.eager = 1, .rehearse = true});
  const at::NoGradGuard no_gradients;
  std::vector<std::thread::id> threads;
  std::vector<bool> gradients;
  const auto work = [&](const Inputs& inputs) {
    threads.push_back(std::this_thread::get_id());
    gradients.push_back(at::GradMode::is_enabled());
    return inputs.front() * 2;
  };
  const at::Tensor input = numbers(4);
  repeated.run({input}, work);
  EXPECT_TRUE(at::equal(repeated.run({input}, work), input * 2));
  const std::thread::id own = std::this_thread::get_id();
  EXPECT_THAT(threads, testing::ElementsAre(own, testing::Ne(own), own));
  EXPECT_THAT(gradients, testing::Each(false));
}

/// Cannot be captured, for one reason or another.
template <class Problem>
struct FailingGraph final : DeviceGraph {
  void capture(const std::function<void()>&) override { throw Problem({"f", "file", 1}, "not while it is captured"); }
  void replay() override { FAIL() << "there is nothing to replay"; }
};

template <class Problem>
GraphSupport failing_graphs() {
  return {.make = [] { return std::make_unique<FailingGraph<Problem>>(); }};
}

template <class Problem>
std::string words_of_failure() {
  Work repeated(at::kCPU, failing_graphs<Problem>(), {.eager = 1});
  Doubling doubling;
  for (int time = 0; time < 4; ++time) {
    const at::Tensor input = numbers(4, time);
    EXPECT_TRUE(at::equal(repeated.run({input}, std::ref(doubling)), input * 2));
  }
  EXPECT_EQ(doubling.places.size(), 4U);
  EXPECT_EQ(repeated.recorded(), 0U);
  return repeated.why_not();
}

// Whoever asks is told, and the work is done all the same.
TEST(RepeatedWorkTest, WhatCannotBeRecordedIsDoneEagerlyAndSaid) {
  EXPECT_THAT(words_of_failure<c10::Error>(), testing::HasSubstr("not while it is captured"));
  EXPECT_THAT(words_of_failure<c10::OutOfMemoryError>(), testing::HasSubstr("memory"));
}

TEST(RepeatedWorkTest, WithoutGraphsEverythingIsEager) {
  Work repeated(at::kCPU, graph_support(at::kCPU), {.eager = 0});
  Doubling doubling;
  for (int time = 0; time < 3; ++time) repeated.run({numbers(4)}, std::ref(doubling));
  EXPECT_EQ(doubling.places.size(), 3U);
  EXPECT_THAT(repeated.why_not(), testing::HasSubstr("CPU"));
}

}  // namespace

}  // namespace throng
