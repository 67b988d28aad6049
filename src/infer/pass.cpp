#include "infer/pass.h"

#include <cstddef>
#include <utility>

#include "core/text.h"
#include "image/mirror.h"
#include "image/resize.h"

namespace throng {

namespace {

/// From the `first` layer on.
void name_layers(const PassKind& kind, std::size_t first, Profile& profile) {
  const std::string name = text(kind.mirrored ? "mirrored " : "", kind.factor, "x/");
  for (std::size_t i = first; i < profile.size(); ++i) profile[i].name.insert(0, name);
}

}  // namespace

Pass Passes::look(std::optional<Image> copy, const PassKind& kind) const {
  Pass pass{.copy = std::move(copy), .prediction = {}, .counted = {}};
  const Image& image = seen(pass);
  const std::size_t layers = profile_ ? profile_->size() : 0;
  telling_the_pass(kind, [&] { pass.prediction = network_.predict(image, profile_, memory_.beside(kind)); });
  if (profile_ && several_) name_layers(kind, layers, *profile_);
  GridCount people = network_.people(pass.prediction.final_map(), image);
  pass.counted = {people.count, std::move(people.grid), {image.width, image.height}, kind.mirrored};
  return pass;
}

Pass& Passes::kept(double factor) {
  const auto found = kept_.find(factor);
  if (found != kept_.end()) return found->second;
  memory_.check({factor});  // before the copy takes its part
  Pass pass = look(factor == 1 ? std::nullopt : std::optional(scaled_image(picture_, factor)), {factor});
  memory_.keep(factor);
  return kept_.emplace(factor, std::move(pass)).first->second;
}

void Passes::forget_all_but(double factor) {
  std::erase_if(kept_, [&](const auto& pass) {
    if (pass.first != factor) memory_.forget(pass.first);
    return pass.first != factor;
  });
}

void Passes::count_mirrored(double factor, const Take& take) {
  const Image& seen_picture = seen(kept(factor));
  memory_.check({factor, true});
  Image copy = seen_picture;
  mirror_image(copy);
  take(look(std::move(copy), {factor, true}).counted);
}

void Passes::count_once(double factor, bool mirror, const Take& take) {
  memory_.check({factor});
  Pass pass = look(factor == 1 ? std::nullopt : std::optional(scaled_image(picture_, factor)), {factor});
  take(pass.counted);
  if (!mirror) return;
  std::optional<Image> copy = std::move(pass.copy);
  pass = {};
  if (!copy) {
    memory_.check({factor, true});
    copy = picture_;
  }
  mirror_image(*copy);
  take(look(std::move(copy), {factor, true}).counted);
}

}  // namespace throng
