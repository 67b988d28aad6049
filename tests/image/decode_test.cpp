#include <limits>

#include "core/draw.h"
#include "core/file.h"
#include "expect_error.h"
#include "image/codec.h"
#include "image/jpeg.h"
#include "image/png.h"
#include "image/sample_pictures.h"
#include "image/webp.h"
#include "temporary_folder.h"

namespace throng {
namespace {

using testing::ElementsAre;

struct Refused {
  const char* what;
  Bytes start;
};

TEST(Decode, RefusesOtherFormatsByNameWithARemedy) {
  const std::vector<Refused> files = {
      {"a HEIC", Bytes{0, 0, 0, 24} + bytes_of("ftypheic") + Bytes(4, 0) + bytes_of("mif1heic")},
      {"a HEIC", Bytes{0, 0, 0, 24} + bytes_of("ftypmif1") + Bytes(4, 0) + bytes_of("mif1heic")},
      {"an AVIF", Bytes{0, 0, 0, 28} + bytes_of("ftypavif") + Bytes(4, 0) + bytes_of("avifmif1miaf")},
      {"an AVIF", Bytes{0, 0, 0, 28} + bytes_of("ftypmif1") + Bytes(4, 0) + bytes_of("mif1avif")},
      {"a TIFF", Bytes{'I', 'I', 42, 0}},
      {"a TIFF", Bytes{'M', 'M', 0, 42}},
      {"a BigTIFF", Bytes{'I', 'I', 43, 0}},
      {"a GIF", bytes_of("GIF89a")},
      {"a BMP", bytes_of("BM")},
      {"a JPEG XL", Bytes{0xFF, 0x0A}},
      {"a JPEG XL", Bytes{0, 0, 0, 12} + bytes_of("JXL ") + Bytes{13, 10, 0x87, 10}},
      {"a JPEG 2000", Bytes{0, 0, 0, 12} + bytes_of("jP  ") + Bytes{13, 10, 0x87, 10}},
  };
  for (const Refused& file : files) {
    expect_error(ErrorKind::input, {"p.jpg is ", file.what, "Convert it to JPEG or PNG"},
                 [&] { decode_image(file.start + Bytes(100, 0), "p.jpg"); });
  }
}

TEST(Decode, RefusesWhatIsNoPicture) {
  const Bytes video = Bytes{0, 0, 0, 24} + bytes_of("ftypisom") + Bytes(4, 0) + bytes_of("isommp42");
  expect_error(ErrorKind::input, {"v.mp4 is a video", "frames"}, [&] { decode_image(video, "v.mp4"); });
  expect_error(ErrorKind::input, {"e.jpg is empty"}, [&] { decode_image({}, "e.jpg"); });
  expect_error(ErrorKind::input, {"t.jpg is not a picture"}, [&] { decode_image(bytes_of("<html>"), "t.jpg"); });
  expect_error(ErrorKind::input, {"s.jpg is not a picture"}, [&] { decode_image(Bytes{0xFF}, "s.jpg"); });
}

TEST(Decode, TheContentDecidesNotTheName) {
  const Bytes png = make_png({.width = 1, .height = 1, .samples = {1, 2, 3}});
  EXPECT_THAT(decode_image(png, "really.jpg").rgb, ElementsAre(1, 2, 3));
}

TEST(Decode, TheLimitIsInclusive) {
  const Bytes png = make_png({.width = 3, .height = 2, .samples = Bytes(18, 1)});
  EXPECT_EQ(decode_image(png, "a.png", {.max_pixels = 6}).width, 3);
  expect_error(ErrorKind::input, {"a.png is 3 x 2 = 6 pixels, more than the limit of 5"},
               [&] { decode_image(png, "a.png", {.max_pixels = 5}); });
}

TEST(Decode, ProbingKeepsToTheLimitThatItIsGiven) {
  const TemporaryFolder folder;
  write_file(folder / "a.png", make_png({.width = 3, .height = 2, .samples = Bytes(18, 1)}));
  EXPECT_EQ(probe_image(folder / "a.png", {.max_pixels = 6}).width, 3);
  expect_error(ErrorKind::input, {"a.png is 3 x 2", "the limit of 5"},
               [&] { probe_image(folder / "a.png", {.max_pixels = 5}); });
  write_file(folder / "vast.png", kPngSignature + png_chunk("IHDR", png_header(30000, 30000)));
  expect_error(ErrorKind::input, {"vast.png is 30000 x 30000", "limit"}, [&] { probe_image(folder / "vast.png"); });
  EXPECT_EQ(probe_image(folder / "vast.png", {.max_pixels = 1'000'000'000}).width, 30000);
}

TEST(Decode, FilesOfAnyNameAreReadAndProbed) {
  const TemporaryFolder folder;
  const Bytes jpeg = make_jpeg({.width = 16, .height = 8, .samples = Bytes(384, 100), .exif = exif_marked(6)});
  for (const char* name : {"plain.jpg", "with two spaces.jpg", "größe 人群.jpg", "-dash.jpg", "no ending"}) {
    write_file(folder / name, jpeg);
    const Image image = load_image(folder / name);
    EXPECT_EQ(image.width, 8);
    EXPECT_EQ(image.height, 16);
    const ImageSize size = probe_image(folder / name);
    EXPECT_EQ(size.width, 8);
    EXPECT_EQ(size.height, 16);
  }
}

TEST(Decode, ProbingAgreesWithLoadingInEveryFormat) {
  const TemporaryFolder folder;
  const Bytes samples = noisy_picture(5, 7).rgb;
  const std::vector<Bytes> files = {
      make_jpeg({.width = 5, .height = 7, .samples = samples}),
      make_png({.width = 5, .height = 7, .samples = samples, .exif = exif_tiff(5)}),
      make_lossless_webp(5, 7, 3, samples),
      make_lossy_webp({5, 7, samples}, 50),
      extended_webp(make_lossless_webp(5, 7, 3, samples), 0x08, 5, 7, riff_chunk("EXIF", exif_tiff(7))),
  };
  for (const Bytes& file : files) {
    write_file(folder / "a", file);
    const Image image = load_image(folder / "a");
    const ImageSize size = probe_image(folder / "a");
    EXPECT_EQ(size.width, image.width);
    EXPECT_EQ(size.height, image.height);
  }
}

/// Counts what is read.
class CountingSource : public MemorySource {
 public:
  using MemorySource::MemorySource;
  std::size_t read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept override {
    const std::size_t got = MemorySource::read(offset, into);
    count += got;
    return got;
  }
  mutable std::size_t count = 0;
};

TEST(Decode, HeadersAreReadWithoutThePixels) {
  const Image picture = noisy_picture(900, 700);
  const Bytes jpeg = make_jpeg({.width = 900, .height = 700, .samples = picture.rgb});
  const Bytes png = make_png({.width = 900, .height = 700, .samples = picture.rgb});
  const Bytes webp = make_lossless_webp(900, 700, 3, picture.rgb);
  const auto cost = [](const Bytes& bytes, auto read_header) {
    EXPECT_GT(bytes.size(), 300000u);
    const CountingSource source(bytes);
    EXPECT_EQ(read_header(source, "a").width, 900);
    return source.count;
  };
  EXPECT_LE(cost(jpeg, read_jpeg_header), 65536u);
  EXPECT_LE(cost(png, read_png_header), 65536u);
  EXPECT_LE(cost(webp, read_webp_header), 100u);
}

TEST(Decode, AMissingFileAndAFolderAreErrors) {
  const TemporaryFolder folder;
  expect_error(ErrorKind::input, {"nowhere.jpg", "does not exist"}, [&] { load_image(folder / "nowhere.jpg"); });
  expect_error(ErrorKind::input, {"nowhere.jpg", "does not exist"}, [&] { probe_image(folder / "nowhere.jpg"); });
  expect_error(ErrorKind::input, {folder.path().string(), "is a folder"}, [&] { load_image(folder.path()); });
  expect_error(ErrorKind::input, {"/dev/null", "is not a file"}, [&] { probe_image("/dev/null"); });
  write_file(folder / "empty.jpg", Bytes{});
  expect_error(ErrorKind::input, {"empty.jpg is empty"}, [&] { load_image(folder / "empty.jpg"); });
  expect_error(ErrorKind::input, {"empty.jpg is empty"}, [&] { probe_image(folder / "empty.jpg"); });
}

TEST(Decode, AHugeFileIsRefusedByItsHeaderBeforeItIsRead) {
  const TemporaryFolder folder;
  write_file(folder / "vast.png", kPngSignature + png_chunk("IHDR", png_header(30000, 30000)));
  std::filesystem::resize_file(folder / "vast.png", std::uintmax_t{1} << 40);  // sparse: takes no room on the disk
  expect_error(ErrorKind::input, {"vast.png is 30000 x 30000", "limit"}, [&] { load_image(folder / "vast.png"); });
  // A small header and then zeros, which must not be taken for a row of empty chunks.
  write_file(folder / "zeros.png", kPngSignature + png_chunk("IHDR", png_header(3, 2)));
  std::filesystem::resize_file(folder / "zeros.png", std::uintmax_t{1} << 40);
  EXPECT_EQ(probe_image(folder / "zeros.png").width, 3);
  expect_error(ErrorKind::input, {"zeros.png is a file of 1.0 TiB", "200000000 pixels"},
               [&] { load_image(folder / "zeros.png"); });
  write_file(folder / "zeros.webp", bytes_of("RIFF\xFF\xFF\xFF\xFFWEBP"));
  std::filesystem::resize_file(folder / "zeros.webp", std::uintmax_t{1} << 33);
  expect_error(ErrorKind::input, {"zeros.webp is a damaged WebP"}, [&] { probe_image(folder / "zeros.webp"); });
  write_file(folder / "film.mp4", Bytes{0, 0, 0, 24} + bytes_of("ftypisom") + Bytes(8, 0));
  std::filesystem::resize_file(folder / "film.mp4", std::uintmax_t{1} << 40);
  expect_error(ErrorKind::input, {"film.mp4 is a video"}, [&] { load_image(folder / "film.mp4"); });
}

TEST(Decode, ALimitThatIsTheLargestNumberRefusesNoFile) {
  const TemporaryFolder folder;
  write_file(folder / "a.png", make_png({.width = 3, .height = 2, .samples = Bytes(18, 77)}));
  std::filesystem::resize_file(folder / "a.png", std::uintmax_t{65} << 20);  // zeros behind the picture's end
  for (const std::int64_t most :
       {std::int64_t{1} << 40, std::int64_t{1} << 61, std::numeric_limits<std::int64_t>::max()})
    EXPECT_EQ(load_image(folder / "a.png", {.max_pixels = most}).width, 3) << most;
}

/// What a decoder may do with damaged bytes: throw Error, or give a whole picture.
void expect_survived(const Bytes& bytes) {
  try {
    const Image image = decode_image(bytes, "fuzz", {.max_pixels = 1'000'000});
    EXPECT_EQ(image.rgb.size(),
              std::size_t{3} * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height));
    EXPECT_GT(image.width, 0);
    EXPECT_GT(image.height, 0);
  } catch (const Error& error) {
    EXPECT_GT(std::string(error.what()).size(), 10u);
  }
}

TEST(Decode, SurvivesFlippedBytes) {
  const Image picture = noisy_picture(24, 20);
  const Bytes inks = noisy_picture(32, 20).rgb;  // as many bytes as 24 x 20 pixels of 4 channels
  const std::vector<Bytes> files = {
      make_jpeg({.width = 24, .height = 20, .samples = picture.rgb, .exif = exif_marked(6)}),
      make_jpeg({.width = 24, .height = 20, .samples = picture.rgb, .progressive = true}),
      make_jpeg({.width = 24, .height = 20, .channels = 4, .samples = inks}),
      make_png({.width = 24, .height = 20, .samples = picture.rgb, .exif = exif_tiff(7)}),
      make_png({.width = 24, .height = 20, .colour_type = 6, .samples = inks, .interlaced = true}),
      make_lossless_webp(24, 20, 4, inks),
      make_lossy_webp(picture, 60),
      extended_webp(make_lossless_webp(24, 20, 3, picture.rgb), 0x08, 24, 20, riff_chunk("EXIF", exif_tiff(5))),
  };
  for (std::size_t f = 0; f < files.size(); ++f) {
    const Bytes& whole = files[f];
    const Draw draw(7, "flipped bytes", 0, f);
    for (std::uint64_t round = 0; round < 400; ++round) {
      Bytes bytes = whole;
      const std::int64_t flips = 1 + draw.integer(100 * round, 4);
      for (std::int64_t i = 0; i < flips; ++i) {
        const std::uint64_t index = 100 * round + 2 * static_cast<std::uint64_t>(i) + 1;
        // Half of the flips go to the first 100 bytes, where the headers are.
        const auto reach =
            static_cast<std::int64_t>(round % 2 ? whole.size() : std::min<std::size_t>(whole.size(), 100));
        bytes[static_cast<std::size_t>(draw.integer(index, reach))] = static_cast<std::uint8_t>(draw.bits(index + 1));
      }
      expect_survived(bytes);
    }
  }
}

TEST(Decode, SurvivesRandomBytesBehindEverySignature) {
  const std::vector<Bytes> starts = {Bytes{0xFF, 0xD8, 0xFF}, kPngSignature, bytes_of("RIFF\x40\x01\x01\x01WEBPVP8 "),
                                     kPngSignature + png_chunk("IHDR", png_header(20, 20))};
  for (std::size_t s = 0; s < starts.size(); ++s) {
    for (std::uint64_t round = 0; round < 300; ++round) {
      const Draw draw(8, "random bytes", round, s);
      Bytes bytes = starts[s];
      const std::int64_t size = draw.integer(0, 400);
      for (std::int64_t i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(draw.bits(static_cast<std::uint64_t>(i) + 1)));
      expect_survived(bytes);
    }
  }
}

TEST(Decode, KnowsPictureNamesByTheirEnding) {
  for (const char* name : {"a.jpg", "b.JPEG", "c.Png", "d.webp", "e.HEIC", "f.tif", "g.gif", "h.bmp", "x/i.avif"}) {
    EXPECT_TRUE(has_image_extension(name)) << name;
  }
  for (const char* name : {"a.txt", "jpg", ".jpg", "a.jpg.bak", "a", "a.mat", "folder.jpg/file"}) {
    EXPECT_FALSE(has_image_extension(name)) << name;
    EXPECT_FALSE(has_decoded_extension(name)) << name;
  }
  for (const char* name : {"a.jpg", "b.JPEG", "c.Png", "d.webp"}) EXPECT_TRUE(has_decoded_extension(name)) << name;
  for (const char* name : {"e.HEIC", "f.tif", "g.gif", "h.bmp", "x/i.avif"}) {
    EXPECT_FALSE(has_decoded_extension(name)) << name;
  }
}

}  // namespace
}  // namespace throng
