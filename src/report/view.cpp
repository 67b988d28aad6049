#include "report/view.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "image/draw.h"
#include "image/resize.h"
#include "throng/error.h"

namespace throng {
namespace {

constexpr int kShortestView = 480;  ///< pixels on the longer side
constexpr int kLongestView = 4000;

constexpr Colour kStrip = {24, 26, 32};
constexpr Colour kBright = {245, 245, 245};
constexpr Colour kSoft = {176, 180, 190};

// The strip's measures in units; a unit is one pixel of the small font.
constexpr int kStripWidth = 420;
constexpr int kStripHeight = 48;
constexpr int kMargin = 10;
constexpr int kLetter = 6;
constexpr int kBarWidth = 176;
constexpr int kBarHeight = 9;
constexpr int kBarTop = 20;
constexpr int kTickTop = kBarTop + kBarHeight;
constexpr int kTickHeight = 3;
constexpr int kLabelTop = kTickTop + kTickHeight + 2;
constexpr const char* kUnit = "people per 100 x 100 pixels";

/// The strip below a picture, drawn in units.
class Strip {
 public:
  Strip(Image& image, int top, int unit) : image_(image), top_(top), unit_(unit) {}

  int width() const { return image_.width / unit_; }

  void words(int x, int y, const std::string& words, Colour colour, int size = 1) {
    draw_text(image_, x * unit_, top_ + y * unit_, words, colour, size * unit_);
  }

  void bar(int left, const ColourScale& scale) {
    words(left, kMargin - 2, kUnit, kSoft);
    const int pixels = kBarWidth * unit_;
    for (int x = 0; x < pixels; ++x) {
      fill_rectangle(image_, left * unit_ + x, top_ + kBarTop * unit_, 1, kBarHeight * unit_,
                     density_colour((x + 0.5) / pixels));
    }
    std::vector<std::string> labels = scale.labels();
    if (static_cast<int>(join(labels, " ").size()) * kLetter > kBarWidth) labels = {labels.front(), labels.back()};
    for (std::size_t i = 0; i < labels.size(); ++i) tick(left, i, labels);
  }

 private:
  void tick(int left, std::size_t i, const std::vector<std::string>& labels) {
    const int at = left + static_cast<int>(i) * kBarWidth / static_cast<int>(labels.size() - 1);
    const bool is_last = i + 1 == labels.size();
    fill_rectangle(image_, at * unit_ - (is_last ? unit_ : 0), top_ + kTickTop * unit_, unit_, kTickHeight * unit_,
                   kSoft);
    // The first label begins and the last ends with the bar; the others are centred below their ticks.
    const int width = static_cast<int>(labels[i].size()) * kLetter - 1;
    words(i == 0 ? at : is_last ? at - width : at - width / 2, kLabelTop, labels[i], kBright);
  }

  Image& image_;
  int top_;
  int unit_;
};

std::string shortened(const std::string& words, int letters) {
  if (static_cast<int>(words.size()) <= letters) return words;
  return words.substr(0, static_cast<std::size_t>(std::max(letters - 3, 0))) + "...";
}

void paste(Image& image, const Image& part, int left) {
  for (int y = 0; y < part.height; ++y) {
    std::copy_n(part.pixel(0, y), 3 * static_cast<std::size_t>(part.width), image.pixel(left, y));
  }
}

}  // namespace

Image fit_for_viewing(const Image& picture) {
  if (picture.width < 1 || picture.height < 1)
    throw Error(ErrorKind::failure, "a picture without pixels cannot be drawn");
  const int longest = std::max(picture.width, picture.height);
  if (longest < kShortestView) {
    const int factor = (kShortestView + longest - 1) / longest;
    return resize_image(picture, factor * picture.width, factor * picture.height);
  }
  if (longest > kLongestView) {
    const auto shrunk = [longest](int side) {
      return std::max(1, static_cast<int>(std::lround(static_cast<double>(side) * kLongestView / longest)));
    };
    return resize_image(picture, shrunk(picture.width), shrunk(picture.height));
  }
  return picture;
}

Image with_caption(const Image& picture, const Caption& caption) {
  const int width = std::max(picture.width, kStripWidth);
  // As wide a strip as there is room for, but not higher than half of a panorama.
  const int unit = std::max(1, std::min(width / kStripWidth, picture.height / (2 * kStripHeight)));
  Image image = filled_image(width, picture.height + kStripHeight * unit, kStrip);
  paste(image, picture, (width - picture.width) / 2);

  Strip strip(image, picture.height, unit);
  const int bar_left = strip.width() - kMargin - kBarWidth;
  const int room = (caption.scale ? bar_left : strip.width()) - 2 * kMargin;
  const int size = static_cast<int>(caption.heading.size()) * 2 * kLetter <= room ? 2 : 1;
  strip.words(kMargin, kMargin - 1, shortened(caption.heading, room / (size * kLetter)), kBright, size);
  strip.words(kMargin, kLabelTop - 3, shortened(caption.note, room / kLetter), kSoft);
  if (caption.scale) strip.bar(bar_left, *caption.scale);
  return image;
}

}  // namespace throng
