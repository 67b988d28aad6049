#include <csetjmp>
#include <cstdio>
// jpeglib.h needs FILE from cstdio.
#include <jerror.h>
#include <jpeglib.h>
#include <spng.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/file.h"
#include "core/text.h"
#include "image/codec.h"
#include "image/grey_png.h"
#include "throng/error.h"

namespace throng {
namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

void check_picture(std::span<const std::uint8_t> samples, int width, int height, int channels) {
  const bool whole = width > 0 && height > 0 &&
                     samples.size() == static_cast<std::size_t>(channels) * static_cast<std::size_t>(width) *
                                           static_cast<std::size_t>(height);
  if (!whole) {
    throw Error(ErrorKind::failure,
                text("a picture of ", width, " x ", height, " pixels with ", samples.size(),
                     " bytes cannot be saved: it needs width * height * ", channels, " bytes, and at least one pixel"));
  }
}

struct EncoderRelease {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};

void check_png(int code) {
  if (code != SPNG_OK) throw Error(ErrorKind::failure, text("a PNG cannot be written: ", spng_strerror(code)));
}

/// What a PNG of 8 bits a channel is made of, and how.
struct PngForm {
  std::uint8_t colours;  ///< SPNG_COLOR_TYPE_...
  int level;             ///< of zlib's compression
  int filters;           ///< between which libspng chooses for each line
};

// On photos four times faster than the defaults, and the files are a twentieth larger.
constexpr PngForm kColourPng = {SPNG_COLOR_TYPE_TRUECOLOR, 2, SPNG_FILTER_CHOICE_SUB | SPNG_FILTER_CHOICE_UP};
constexpr PngForm kGreyPng = {SPNG_COLOR_TYPE_GRAYSCALE, 9, SPNG_FILTER_CHOICE_NONE};

std::vector<std::uint8_t> packed_png(std::span<const std::uint8_t> samples, int width, int height,
                                     const PngForm& form) {
  const std::unique_ptr<spng_ctx, EncoderRelease> context(spng_ctx_new(SPNG_CTX_ENCODER));
  if (!context) check_png(SPNG_EMEM);
  spng_ihdr header{};
  header.width = static_cast<std::uint32_t>(width);
  header.height = static_cast<std::uint32_t>(height);
  header.bit_depth = 8;
  header.color_type = form.colours;
  check_png(spng_set_ihdr(context.get(), &header));
  check_png(spng_set_option(context.get(), SPNG_ENCODE_TO_BUFFER, 1));
  check_png(spng_set_option(context.get(), SPNG_IMG_COMPRESSION_LEVEL, form.level));
  check_png(spng_set_option(context.get(), SPNG_FILTER_CHOICE, form.filters));
  check_png(spng_encode_image(context.get(), samples.data(), samples.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE));
  int code = SPNG_OK;
  std::size_t size = 0;
  const std::unique_ptr<void, Free> buffer(spng_get_png_buffer(context.get(), &size, &code));
  check_png(code);
  const auto* bytes = static_cast<const std::uint8_t*>(buffer.get());
  return {bytes, bytes + size};
}

/// libjpeg's compressor with errors that leave by longjmp. Every call into libjpeg goes through completes(), whose
/// frames hold nothing to destroy, and what it has written belongs to the writer, whatever happens.
class JpegWriter {
 public:
  JpegWriter() {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = on_error;
    errors_.emit_message = [](j_common_ptr, int) {};
    output_.init_destination = [](j_compress_ptr info) { grow(info); };
    output_.empty_output_buffer = grow;
    output_.term_destination = [](j_compress_ptr info) {
      JpegWriter& writer = self(info);
      writer.bytes_.resize(writer.bytes_.size() - writer.output_.free_in_buffer);
    };
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;
  ~JpegWriter() { jpeg_destroy_compress(&info_); }

  std::vector<std::uint8_t> write(const Image& image, int quality) {
    if (!completes(image, quality))
      throw Error(ErrorKind::failure, text("a JPEG cannot be written: ", message_.data()));
    return std::move(bytes_);
  }

 private:
  bool completes(const Image& image, int quality) {
    if (setjmp(escape_)) return false;
    jpeg_create_compress(&info_);
    info_.dest = &output_;
    info_.image_width = static_cast<JDIMENSION>(image.width);
    info_.image_height = static_cast<JDIMENSION>(image.height);
    info_.input_components = 3;
    info_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, quality, TRUE);
    info_.optimize_coding = TRUE;
    jpeg_start_compress(&info_, TRUE);
    while (info_.next_scanline < info_.image_height) {
      JSAMPROW rows[] = {const_cast<JSAMPROW>(image.pixel(0, static_cast<int>(info_.next_scanline)))};
      jpeg_write_scanlines(&info_, rows, 1);
    }
    jpeg_finish_compress(&info_);
    return true;
  }

  static JpegWriter& self(j_compress_ptr info) { return *static_cast<JpegWriter*>(info->client_data); }

  /// Called when all bytes that there are have been written. Exceptions must not pass through libjpeg.
  static boolean grow(j_compress_ptr info) {
    constexpr std::size_t kFirst = 1 << 16;
    JpegWriter& writer = self(info);
    const std::size_t written = writer.bytes_.size();
    bool enough = true;
    try {
      writer.bytes_.resize(std::max(kFirst, 2 * written));
    } catch (const std::bad_alloc&) {
      enough = false;
    }
    if (!enough) ERREXIT1(info, JERR_OUT_OF_MEMORY, 0);
    writer.output_.next_output_byte = writer.bytes_.data() + written;
    writer.output_.free_in_buffer = writer.bytes_.size() - written;
    return TRUE;
  }

  [[noreturn]] static void on_error(j_common_ptr info) {
    auto& writer = *static_cast<JpegWriter*>(info->client_data);
    info->err->format_message(info, writer.message_.data());
    std::longjmp(writer.escape_, 1);
  }

  jpeg_compress_struct info_{};
  jpeg_error_mgr errors_{};
  jpeg_destination_mgr output_{};
  std::jmp_buf escape_;
  std::array<char, JMSG_LENGTH_MAX> message_{};
  std::vector<std::uint8_t> bytes_;
};

}  // namespace

std::vector<std::uint8_t> encode_png(const Image& image) {
  check_picture(image.rgb, image.width, image.height, 3);
  return packed_png(image.rgb, image.width, image.height, kColourPng);
}

std::vector<std::uint8_t> encode_grey_png(std::span<const std::uint8_t> values, int width, int height) {
  check_picture(values, width, height, 1);
  return packed_png(values, width, height, kGreyPng);
}

std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality) {
  check_picture(image.rgb, image.width, image.height, 3);
  return JpegWriter().write(image, std::clamp(quality, 1, 100));
}

void save_image(const Image& image, const std::filesystem::path& path) {
  const std::string ending = lower_case(path.extension().string());
  if (ending == ".png") {
    write_file(path, encode_png(image));
  } else if (ending == ".jpg" || ending == ".jpeg") {
    write_file(path, encode_jpeg(image));
  } else {
    throw Error(ErrorKind::failure,
                text(path.string(), " cannot be written: pictures are saved as .png, .jpg or .jpeg"));
  }
}

}  // namespace throng
