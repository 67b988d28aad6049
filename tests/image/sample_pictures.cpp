#include "image/sample_pictures.h"

#include <cstdio>
// jpeglib.h needs FILE from cstdio.
#include <jpeglib.h>
#include <spng.h>
#include <webp/encode.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "core/draw.h"

namespace throng {
namespace {

std::vector<jpeg_scan_info> many_scans(int channels, int bits) {
  std::vector<jpeg_scan_info> scans;
  for (int c = 0; c < channels; ++c) scans.push_back({1, {c}, 0, 0, 0, 0});
  for (int bit = bits - 1; bit >= 0; --bit) {
    for (int c = 0; c < channels; ++c) {
      for (int k = 1; k < 64; ++k) scans.push_back({1, {c}, k, k, bit == bits - 1 ? 0 : bit + 1, bit});
    }
  }
  return scans;
}

void check(int code) {
  if (code != 0) throw std::runtime_error(spng_strerror(code));
}

Bytes little_endian(std::uint32_t value, int count) {
  Bytes bytes;
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return bytes;
}

Bytes big_endian(std::uint32_t value, int count) {
  Bytes bytes = little_endian(value, count);
  return {bytes.rbegin(), bytes.rend()};
}

std::uint32_t crc32(const Bytes& bytes) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
  }
  return ~crc;
}

}  // namespace

Bytes make_jpeg(const JpegRecipe& recipe) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = static_cast<JDIMENSION>(recipe.width);
  info.image_height = static_cast<JDIMENSION>(recipe.height);
  info.input_components = recipe.channels;
  constexpr J_COLOR_SPACE kSpaces[] = {JCS_UNKNOWN, JCS_GRAYSCALE, JCS_UNKNOWN, JCS_RGB, JCS_CMYK};
  info.in_color_space = kSpaces[recipe.channels];
  jpeg_set_defaults(&info);
  if (recipe.ycck) jpeg_set_colorspace(&info, JCS_YCCK);
  if (recipe.rgb_stored) jpeg_set_colorspace(&info, JCS_RGB);
  if (recipe.channels == 4 && !recipe.adobe_marker) info.write_Adobe_marker = FALSE;
  jpeg_set_quality(&info, 100, TRUE);
  for (int c = 0; c < info.num_components; ++c) {
    info.comp_info[c].h_samp_factor = 1;
    info.comp_info[c].v_samp_factor = 1;
  }
  const std::vector<jpeg_scan_info> scans = many_scans(recipe.channels, recipe.scans_per_coefficient);
  if (recipe.progressive) jpeg_simple_progression(&info);
  if (recipe.scans_per_coefficient > 0) {
    info.scan_info = scans.data();
    info.num_scans = static_cast<int>(scans.size());
  }
  jpeg_start_compress(&info, TRUE);
  if (!recipe.exif.empty()) {
    jpeg_write_marker(&info, JPEG_APP0 + 1, recipe.exif.data(), static_cast<unsigned>(recipe.exif.size()));
  }
  Bytes samples = recipe.samples;
  while (info.next_scanline < info.image_height) {
    JSAMPROW rows[] = {samples.data() + static_cast<std::size_t>(info.next_scanline) * recipe.width * recipe.channels};
    jpeg_write_scanlines(&info, rows, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  const Bytes bytes(memory, memory + size);
  std::free(memory);
  return bytes;
}

const Bytes kPngSignature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

Bytes make_png(const PngRecipe& recipe) {
  const std::unique_ptr<spng_ctx, decltype(&spng_ctx_free)> context(spng_ctx_new(SPNG_CTX_ENCODER), spng_ctx_free);
  spng_ihdr header{static_cast<std::uint32_t>(recipe.width),
                   static_cast<std::uint32_t>(recipe.height),
                   static_cast<std::uint8_t>(recipe.depth),
                   static_cast<std::uint8_t>(recipe.colour_type),
                   0,
                   0,
                   static_cast<std::uint8_t>(recipe.interlaced)};
  check(spng_set_ihdr(context.get(), &header));
  if (!recipe.palette.empty()) {
    spng_plte palette{};
    for (const auto& entry : recipe.palette) palette.entries[palette.n_entries++] = {entry[0], entry[1], entry[2], 255};
    check(spng_set_plte(context.get(), &palette));
  }
  spng_trns transparent{};
  for (const std::uint8_t alpha : recipe.palette_alpha) {
    transparent.type3_alpha[transparent.n_type3_entries++] = alpha;
  }
  if (recipe.transparent.size() == 1) transparent.gray = static_cast<std::uint16_t>(recipe.transparent[0]);
  if (recipe.transparent.size() == 3) {
    transparent.red = static_cast<std::uint16_t>(recipe.transparent[0]);
    transparent.green = static_cast<std::uint16_t>(recipe.transparent[1]);
    transparent.blue = static_cast<std::uint16_t>(recipe.transparent[2]);
  }
  if (!recipe.palette_alpha.empty() || !recipe.transparent.empty()) check(spng_set_trns(context.get(), &transparent));
  Bytes exif_bytes = recipe.exif;
  spng_exif exif{exif_bytes.size(), reinterpret_cast<char*>(exif_bytes.data())};
  if (!recipe.exif.empty()) check(spng_set_exif(context.get(), &exif));
  check(spng_set_option(context.get(), SPNG_ENCODE_TO_BUFFER, 1));
  check(spng_encode_image(context.get(), recipe.samples.data(), recipe.samples.size(), SPNG_FMT_PNG,
                          SPNG_ENCODE_FINALIZE));
  int code = 0;
  std::size_t size = 0;
  const std::unique_ptr<void, decltype(&std::free)> memory(spng_get_png_buffer(context.get(), &size, &code), std::free);
  check(code);
  const auto* bytes = static_cast<const std::uint8_t*>(memory.get());
  return {bytes, bytes + size};
}

Bytes png_chunk(const std::string& kind, const Bytes& data) {
  const Bytes body = bytes_of(kind) + data;
  return big_endian(static_cast<std::uint32_t>(data.size()), 4) + body + big_endian(crc32(body), 4);
}

Bytes png_header(std::uint32_t width, std::uint32_t height) {
  return big_endian(width, 4) + big_endian(height, 4) + Bytes{8, 2, 0, 0, 0};
}

Bytes make_lossless_webp(int width, int height, int channels, const Bytes& samples) {
  std::uint8_t* memory = nullptr;
  const std::size_t size = channels == 4 ? WebPEncodeLosslessRGBA(samples.data(), width, height, 4 * width, &memory)
                                         : WebPEncodeLosslessRGB(samples.data(), width, height, 3 * width, &memory);
  const Bytes bytes(memory, memory + size);
  WebPFree(memory);
  return bytes;
}

Bytes make_lossy_webp(const Image& image, float quality) {
  std::uint8_t* memory = nullptr;
  const std::size_t size =
      WebPEncodeRGB(image.rgb.data(), image.width, image.height, 3 * image.width, quality, &memory);
  const Bytes bytes(memory, memory + size);
  WebPFree(memory);
  return bytes;
}

Bytes riff_chunk(const std::string& kind, const Bytes& data) {
  Bytes bytes = bytes_of(kind) + little_endian(static_cast<std::uint32_t>(data.size()), 4) + data;
  if (data.size() % 2) bytes.push_back(0);
  return bytes;
}

Bytes extended_webp(const Bytes& simple, int flags, std::uint32_t width, std::uint32_t height, const Bytes& more) {
  const Bytes picture(simple.begin() + 12, simple.end());
  const Bytes canvas =
      Bytes{static_cast<std::uint8_t>(flags), 0, 0, 0} + little_endian(width - 1, 3) + little_endian(height - 1, 3);
  return riff_chunk("RIFF", bytes_of("WEBP") + riff_chunk("VP8X", canvas) + picture + more);
}

Bytes exif_tiff(int orientation, bool big) {
  const auto number = [big](std::uint32_t value, int count) {
    return big ? big_endian(value, count) : little_endian(value, count);
  };
  // Byte order, 42, where the directory lies; one entry: tag 0x0112, SHORT, 1 value, the value padded; no next
  // directory.
  return bytes_of(big ? "MM" : "II") + number(42, 2) + number(8, 4) + number(1, 2) + number(0x0112, 2) + number(3, 2) +
         number(1, 4) + number(static_cast<std::uint32_t>(orientation), 2) + number(0, 2) + number(0, 4);
}

Bytes exif_marked(int orientation, bool big) {
  return bytes_of(std::string("Exif\0\0", 6)) + exif_tiff(orientation, big);
}

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

Image noisy_picture(int width, int height, std::uint64_t seed) {
  const Draw draw(seed, "test picture");
  Image image{width, height, Bytes(3 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
  for (std::size_t i = 0; i < image.rgb.size(); ++i) {
    image.rgb[i] = static_cast<std::uint8_t>(60 + (i / 3) % 90 + static_cast<std::size_t>(draw.integer(i, 60)));
  }
  return image;
}

}  // namespace throng
