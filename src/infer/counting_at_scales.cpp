#include "infer/counting_at_scales.h"

#include <cstddef>
#include <span>
#include <utility>

#include "infer/working_scale.h"
#include "throng/error.h"

namespace throng {

namespace {

bool affordable(const Passes& passes, double factor, const OtherLooks& looks) {
  if (passes.keeps(factor)) return true;
  try {
    passes.memory().check_first(factor, looks);
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failure) throw;
    return false;
  }
}

double chosen_scale(const OtherLooks& looks, Passes& passes) {
  passes.memory().check_first(1, looks);
  const ScaleSearch search{.count = [&](double factor) { return passes.kept(factor).counted.count; },
                           .affordable = [&](double factor) { return affordable(passes, factor, looks); }};
  return working_scale(passes.size().pixels(), search);
}

}  // namespace

ScaledCount count_at_scales(const Scales& scales, const OtherLooks& looks, Passes& passes) {
  ScaledCount counted;
  counted.factors = scales.automatic ? std::vector{chosen_scale(looks, passes)} : scales.factors;
  const double first = counted.factors.front();
  passes.forget_all_but(first);
  CountedGrid& as_first = passes.kept(first).counted;
  counted.count = as_first.count;
  FittedGrid grid(std::move(as_first), passes.size());
  const auto take = [&](const CountedGrid& other) {
    counted.count += other.count;
    grid.add(other);
  };
  if (looks.mirrored) passes.count_mirrored(first, take);
  for (const double factor : std::span(counted.factors).subspan(1)) passes.count_once(factor, looks.mirrored, take);
  counted.count /= static_cast<double>(counted.factors.size() * (looks.mirrored ? 2 : 1));
  counted.grid = std::move(grid).mean();
  return counted;
}

void check_memory_at_scales(const CountingNetwork& network, ImageSize size, const Scales& scales,
                            const OtherLooks& looks) {
  PassMemory memory(network, size, PassMemory::Picture::to_come);
  if (scales.automatic) return memory.check_first(1, looks);
  memory.check_first(scales.factors.front(), looks);
  memory.keep(scales.factors.front());
  for (const double factor : std::span(scales.factors).subspan(1)) {
    memory.check({factor});
    if (looks.mirrored) memory.check({factor, true});
  }
}

}  // namespace throng
