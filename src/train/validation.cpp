#include "train/validation.h"

#include <cmath>

#include "core/text.h"
#include "data/picture_check.h"
#include "infer/predict.h"
#include "throng/image.h"
#include "train/memory.h"

namespace throng {

std::optional<CountErrors> Validation::errors(const TrainPosition& position, const std::stop_token& stop) {
  ErrorMeter meter;
  parts_.net.evaluate();
  parts_.optimiser.with_averages([&] {
    for (const ManifestEntry& entry : pictures_) {
      if (stop.stop_requested()) break;
      const double predicted =
          or_lack_of_memory([&] { return count_whole(entry); }, [&] { return too_large(entry, position); });
      meter.add(predicted, static_cast<double>(entry.people().value()));
    }
  });
  if (stop.stop_requested()) return {};
  const CountErrors errors = meter.result();
  if (!std::isfinite(errors.mae)) throw useless_weights(position);
  return errors;
}

double Validation::count_whole(const ManifestEntry& entry) const {
  const Image picture = load_image(entry.image);
  check_size(entry, picture.width, picture.height);
  return count_on_grid(parts_.net.net(), parts_.card, picture, parts_.net.device()).count;
}

Error Validation::too_large(const ManifestEntry& entry, const TrainPosition& position) {
  return Error(ErrorKind::failure,
               text("there is not enough memory to count the validation picture ", entry.image.string(), " of ",
                    entry.width, "x", entry.height, " pixels: put a smaller copy with its annotations in its place, ",
                    "or take it out of the manifest; then go on from step ", position.step, " with --resume"));
}

// Losses were finite, so that the steps went on; but running statistics or averages are not what they should be.
Error Validation::useless_weights(const TrainPosition& position) const {
  return Error(ErrorKind::failure,
               text("the validation MAE is NaN or infinite at step ", position.step, " (epoch ", position.epoch + 1,
                    "): lower train.lr or set train.clip, and ", parts_.folder.way_out()));
}

}  // namespace throng
