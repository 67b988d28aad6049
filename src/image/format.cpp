#include "image/format.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/text.h"
#include "throng/error.h"

namespace throng {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::size_t offset;
  std::string_view bytes;
};

struct KnownFormat {
  Magic magic;
  PictureFormat format;
};

constexpr KnownFormat kDecoded[] = {
    {{0, "\xFF\xD8\xFF"sv}, PictureFormat::jpeg},
    {{0, "\x89PNG\r\n\x1A\n"sv}, PictureFormat::png},
    {{8, "WEBP"sv}, PictureFormat::webp},
};

struct RefusedFormat {
  Magic magic;
  std::string_view what;  ///< with its article
};

// "ftyp" files are told apart by their brands, see iso_media().
constexpr RefusedFormat kRefused[] = {
    {{0, "II*\0"sv}, "a TIFF (or a camera's raw file)"},
    {{0, "MM\0*"sv}, "a TIFF (or a camera's raw file)"},
    {{0, "II+\0"sv}, "a BigTIFF"},
    {{0, "MM\0+"sv}, "a BigTIFF"},
    {{0, "GIF8"sv}, "a GIF"},
    {{0, "BM"sv}, "a BMP"},
    {{0, "\xFF\x0A"sv}, "a JPEG XL"},
    {{0, "\0\0\0\x0CJXL \r\n\x87\n"sv}, "a JPEG XL"},
    {{0, "\xFF\x4F\xFF\x51"sv}, "a JPEG 2000"},
    {{0, "\0\0\0\x0CjP  \r\n\x87\n"sv}, "a JPEG 2000"},
    {{0, "8BPS"sv}, "a Photoshop document"},
    {{0, "%PDF"sv}, "a PDF"},
};

constexpr std::string_view kHeicBrands[] = {"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"};
constexpr std::string_view kAvifBrands[] = {"avif", "avis"};

bool starts_with(std::string_view bytes, const Magic& magic) {
  return bytes.size() >= magic.offset && bytes.substr(magic.offset).starts_with(magic.bytes);
}

/// HEIC, AVIF and videos share one container; its brands stand at byte 8 (major) and from byte 16 on (compatible).
std::optional<std::string_view> iso_media(std::string_view bytes) {
  if (bytes.size() < 12 || bytes.substr(4, 4) != "ftyp") return std::nullopt;
  const auto has_brand = [&](std::span<const std::string_view> brands) {
    for (std::size_t at = 8; at + 4 <= bytes.size(); at += at == 8 ? 8 : 4) {
      if (std::ranges::find(brands, bytes.substr(at, 4)) != brands.end()) return true;
    }
    return false;
  };
  if (has_brand(kAvifBrands)) return "an AVIF";  // first: many AVIF files also carry HEIF's general brand
  if (has_brand(kHeicBrands)) return "a HEIC";
  return "a video";
}

[[noreturn]] void refuse(std::string_view name, std::string_view what) {
  if (what == "a video") {
    throw Error(ErrorKind::input, text(name, " is a video, not a picture. Save single frames as JPEG or PNG."));
  }
  throw Error(
      ErrorKind::input,
      text(name, " is ", what, ", a format that is not built in. Convert it to JPEG or PNG first, for instance with ",
           "ImageMagick: magick INPUT OUTPUT.png"));
}

}  // namespace

PictureFormat recognise_format(const ByteSource& source, std::string_view name) {
  std::array<std::uint8_t, 40> start;
  const std::size_t count = source.read(0, start);
  const std::string_view bytes(reinterpret_cast<const char*>(start.data()), count);
  for (const KnownFormat& known : kDecoded) {
    if (starts_with(bytes, known.magic)) return known.format;
  }
  for (const RefusedFormat& refused : kRefused) {
    if (starts_with(bytes, refused.magic)) refuse(name, refused.what);
  }
  if (const auto what = iso_media(bytes)) refuse(name, *what);
  if (bytes.empty()) throw Error(ErrorKind::input, text(name, " is empty. Copy or download it again."));
  throw Error(ErrorKind::input,
              text(name, " is not a picture: it does not begin as JPEG, PNG or WebP do. If it is one in ",
                   "another format, convert it to JPEG or PNG."));
}

}  // namespace throng
