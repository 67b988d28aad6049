#include "image/jpeg.h"

#include <array>
#include <csetjmp>
#include <cstdio>
// jpeglib.h needs FILE from cstdio.
#include <jerror.h>
#include <jpeglib.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "image/picture_error.h"
#include "throng/error.h"

namespace throng {
namespace {

/// More scans than any encoder writes: each costs a pass over the whole picture, so a small file could run for hours.
constexpr int kMostScans = 500;

/// Warnings after which the picture is still whole.
bool is_harmless(int code) {
  return code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM ||
         code == JWRN_NOT_SEQUENTIAL;
}

/// libjpeg with errors that leave by longjmp. Every call into libjpeg goes through guarded(), whose frames hold nothing
/// that needs destruction.
class JpegReader {
 public:
  JpegReader(const ByteSource& source, std::string_view name) : source_(source), name_(name) {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = on_error;
    errors_.emit_message = on_message;
    input_.init_source = [](j_decompress_ptr) {};
    input_.fill_input_buffer = fill;
    input_.skip_input_data = skip;
    input_.resync_to_restart = jpeg_resync_to_restart;
    input_.term_source = [](j_decompress_ptr) {};
    progress_.progress_monitor = on_progress;
    guarded([this] {
      jpeg_create_decompress(&info_);
      info_.src = &input_;
      info_.progress = &progress_;
    });
  }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;
  ~JpegReader() { jpeg_destroy_decompress(&info_); }

  PictureHeader read_header() {
    guarded([this] {
      jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xFFFF);
      jpeg_read_header(&info_, TRUE);
    });
    return {static_cast<int>(info_.image_width), static_cast<int>(info_.image_height), orientation()};
  }

  Image read_pixels() {
    start();
    const std::size_t row_bytes = std::size_t{3} * info_.output_width;
    Image image{static_cast<int>(info_.output_width), static_cast<int>(info_.output_height), {}};
    // Rows are added as they come, so that a header alone does not touch memory for a whole picture.
    image.rgb.reserve(row_bytes * info_.output_height);
    std::vector<std::uint8_t> inks(info_.out_color_space == JCS_CMYK ? std::size_t{4} * info_.output_width : 0);
    for (unsigned y = 0; y < info_.output_height; ++y) {
      image.rgb.resize(image.rgb.size() + row_bytes);
      std::uint8_t* row = image.rgb.data() + y * row_bytes;
      read_row(inks.empty() ? row : inks.data());
      if (!inks.empty()) inks_to_rgb(inks, row);
    }
    guarded([this] { jpeg_finish_decompress(&info_); });
    return image;
  }

 private:
  template <class Step>
  void guarded(Step step) {
    if (!completes(step)) fail();
  }
  template <class Step>
  bool completes(Step step) {
    if (setjmp(escape_)) return false;
    step();
    return true;
  }

  void start() {
    switch (info_.jpeg_color_space) {
      case JCS_GRAYSCALE:
      case JCS_YCbCr:
      case JCS_RGB:
        info_.out_color_space = JCS_RGB;
        break;
      case JCS_CMYK:
      case JCS_YCCK:
        info_.out_color_space = JCS_CMYK;
        break;
      default:
        throw_unsupported(name_, text("a JPEG with ", info_.num_components, " colour components"));
    }
    guarded([this] { jpeg_start_decompress(&info_); });
  }

  void read_row(std::uint8_t* row) {
    guarded([this, row] {
      JSAMPROW rows[] = {row};
      jpeg_read_scanlines(&info_, rows, 1);
    });
  }

  /// Adobe programs store inks inverted (255 = none) and leave their marker.
  void inks_to_rgb(const std::vector<std::uint8_t>& inks, std::uint8_t* rgb) const {
    const int flip = info_.saw_Adobe_marker ? 0 : 255;
    for (std::size_t i = 0; i < inks.size(); i += 4) {
      const int light = inks[i + 3] ^ flip;
      for (std::size_t c = 0; c < 3; ++c)
        *rgb++ = static_cast<std::uint8_t>(((inks[i + c] ^ flip) * light + 127) / 255);
    }
  }

  int orientation() const {
    for (jpeg_saved_marker_ptr marker = info_.marker_list; marker; marker = marker->next) {
      const bool is_exif = marker->data_length >= 6 && std::memcmp(marker->data, "Exif\0\0", 6) == 0;
      if (is_exif) return exif_orientation({marker->data, marker->data_length});
    }
    return 1;
  }

  [[noreturn]] void fail() const {
    switch (failure_) {
      case JWRN_JPEG_EOF:
      case JWRN_HIT_MARKER:  // the data of a scan stop before the scan does
        throw_ends_early(name_, "JPEG");
      case JERR_OUT_OF_MEMORY:
        throw Error(ErrorKind::failure,
                    text(name_, ": there is not enough memory to decode this JPEG. Shrink it first."));
      case JERR_BAD_PRECISION:
        throw_unsupported(name_, "a JPEG with more than 8 bits per colour");
      case JERR_SOF_UNSUPPORTED:
        throw_unsupported(name_, "a JPEG with an unusual compression (lossless or hierarchical)");
      default:
        throw_damaged(name_, "JPEG", message_.data());
    }
  }

  static JpegReader& self(j_common_ptr info) { return *static_cast<JpegReader*>(info->client_data); }

  [[noreturn]] static void on_error(j_common_ptr info) {
    JpegReader& reader = self(info);
    reader.failure_ = info->err->msg_code;
    info->err->format_message(info, reader.message_.data());
    std::longjmp(reader.escape_, 1);
  }

  static void on_message(j_common_ptr info, int level) {
    const bool is_warning = level < 0;
    if (is_warning && !is_harmless(info->err->msg_code)) on_error(info);
  }

  static void on_progress(j_common_ptr info) {
    if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= kMostScans) return;
    JpegReader& reader = self(info);
    std::snprintf(reader.message_.data(), reader.message_.size(), "more than %d scans", kMostScans);
    reader.failure_ = 0;
    std::longjmp(reader.escape_, 1);
  }

  static boolean fill(j_decompress_ptr info) {
    JpegReader& reader = self(reinterpret_cast<j_common_ptr>(info));
    const std::size_t count = reader.source_.read(reader.offset_, reader.buffer_);
    if (count == 0) WARNMS(info, JWRN_JPEG_EOF);  // does not return: see on_message
    reader.offset_ += count;
    reader.input_.next_input_byte = reader.buffer_.data();
    reader.input_.bytes_in_buffer = count;
    return TRUE;
  }

  static void skip(j_decompress_ptr info, long count) {
    if (count <= 0) return;
    JpegReader& reader = self(reinterpret_cast<j_common_ptr>(info));
    const auto wanted = static_cast<std::size_t>(count);
    const std::size_t buffered = std::min(wanted, reader.input_.bytes_in_buffer);
    reader.input_.next_input_byte += buffered;
    reader.input_.bytes_in_buffer -= buffered;
    reader.offset_ += wanted - buffered;
  }

  const ByteSource& source_;
  std::string name_;
  jpeg_decompress_struct info_{};
  jpeg_error_mgr errors_{};
  jpeg_source_mgr input_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf escape_;
  int failure_ = 0;
  std::array<char, JMSG_LENGTH_MAX> message_{};
  std::uint64_t offset_ = 0;  ///< of the byte after the buffered ones
  std::array<std::uint8_t, 65536> buffer_;
};

}  // namespace

PictureHeader read_jpeg_header(const ByteSource& source, std::string_view name) {
  return JpegReader(source, name).read_header();
}

Image decode_jpeg(const ByteSource& source, std::string_view name) {
  JpegReader reader(source, name);
  reader.read_header();
  return reader.read_pixels();
}

}  // namespace throng
