#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "loss/terms.h"

namespace throng {

namespace {

constexpr std::int64_t kTransportCell = 8;  // pixels along a cell of DM-Count's grid
constexpr std::int64_t kPooled = 2;         // cells of the 1/4 grid along it
constexpr double kNothing = 1e-8;           // keeps a map that sums to zero a distribution

// People per 8x8 block of one crop's map [1, h, w]: [h/2, w/2].
at::Tensor people_per_cell(const at::Tensor& map, const Target& target) {
  return at::avg_pool2d(map.unsqueeze(0), kPooled)[0][0] *
         (static_cast<double>(kTransportCell * kTransportCell) / target.scale);
}

at::Tensor as_distribution(const at::Tensor& people) { return people / (people.sum() + kNothing); }

// Squared distances from each annotation to each cell's middle: [N, rows * columns].
at::Tensor transport_costs(const at::Tensor& points, std::int64_t rows, std::int64_t columns) {
  const auto middles = [&](std::int64_t cells) {
    return at::arange(cells, points.options()) * static_cast<double>(kTransportCell) +
           static_cast<double>(kTransportCell) / 2;
  };
  const at::Tensor dx = (points.select(1, 0).unsqueeze(1) - middles(columns).unsqueeze(0)).square();
  const at::Tensor dy = (points.select(1, 1).unsqueeze(1) - middles(rows).unsqueeze(0)).square();
  return (dy.unsqueeze(2) + dx.unsqueeze(1)).flatten(1);
}

struct Potentials {
  at::Tensor points;  // [N]
  at::Tensor cells;   // [R]
};

// Sinkhorn's iterations on the dual potentials. Everything is kept in logarithms: with costs of a crop's squared side
// over a regularisation of ten, the kernel itself is zero nearly everywhere.
Potentials sinkhorn(const at::Tensor& costs, const at::Tensor& log_points, const at::Tensor& log_cells,
                    const TransportOptions& options) {
  const double epsilon = options.regularisation;
  Potentials dual{at::zeros_like(log_points), at::zeros_like(log_cells)};
  for (std::int64_t i = 0; i < options.iterations; ++i) {
    dual.cells = -epsilon * at::logsumexp((dual.points.unsqueeze(1) - costs) / epsilon + log_points.unsqueeze(1), 0);
    dual.points = -epsilon * at::logsumexp((dual.cells.unsqueeze(0) - costs) / epsilon + log_cells.unsqueeze(0), 1);
  }
  return dual;
}

}  // namespace

at::Tensor transport_loss(const at::Tensor& prediction, const Target& target, const TransportOptions& options) {
  at::Tensor loss = at::zeros({}, prediction.options());
  for (std::int64_t b = 0; b < prediction.size(0); ++b) {
    const at::Tensor& points = target.points[static_cast<std::size_t>(b)];
    if (points.size(0) == 0) continue;
    const at::Tensor people = people_per_cell(prediction[b], target);
    const at::Tensor cells = as_distribution(people).flatten();
    const double share = 1.0 / static_cast<double>(points.size(0));
    Potentials dual;
    {
      const at::NoGradGuard no_gradients;
      const at::Tensor places = points.to(prediction.options());
      dual = sinkhorn(transport_costs(places, people.size(0), people.size(1)),
                      at::full({points.size(0)}, std::log(share), prediction.options()), at::log(cells + kNothing),
                      options);
    }
    // The dual objective; by the envelope theorem its gradient in the distribution is the potential.
    loss = loss + dual.points.sum() * share + at::dot(dual.cells, cells);
  }
  return loss;
}

at::Tensor variation_loss(const at::Tensor& prediction, const Target& target) {
  at::Tensor loss = at::zeros({}, prediction.options());
  for (std::int64_t b = 0; b < prediction.size(0); ++b) {
    const at::Tensor& points = target.points[static_cast<std::size_t>(b)];
    if (points.size(0) == 0) continue;
    const at::Tensor cells = as_distribution(people_per_cell(prediction[b], target));
    const at::Tensor column = (points.select(1, 0) / kTransportCell).floor().clamp(0, cells.size(1) - 1);
    const at::Tensor row = (points.select(1, 1) / kTransportCell).floor().clamp(0, cells.size(0) - 1);
    const at::Tensor index = (row * static_cast<double>(cells.size(1)) + column).to(at::kLong).to(cells.device());
    const auto people = static_cast<double>(points.size(0));
    const at::Tensor truth =
        at::zeros_like(cells.detach())
            .flatten()
            .scatter_add(0, index, at::full({points.size(0)}, 1.0 / people, cells.options().requires_grad(false)));
    loss = loss + (cells.flatten() - truth).abs().sum() * (people / 2);
  }
  return loss;
}

}  // namespace throng
