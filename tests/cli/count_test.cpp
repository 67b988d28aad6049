#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <fstream>
#include <thread>

#include "cli/tiny_workplace.h"
#include "image/resize.h"
#include "throng/counter.h"

namespace throng {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class CountTest : public TinyWorkplace {};

/// A two-dimensional float32 .npy file, read by its description alone.
struct Npy {
  explicit Npy(const std::string& path) {
    const std::string bytes = read_text_file(path);
    EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
    const std::size_t length = static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]);
    header = bytes.substr(10, length);
    values.resize((bytes.size() - 10 - length) / sizeof(float));
    std::memcpy(values.data(), bytes.data() + 10 + length, values.size() * sizeof(float));
  }
  double sum() const {
    double all = 0;
    for (const float value : values) all += value;
    return all;
  }
  std::string header;
  std::vector<float> values;
};

TEST_F(CountTest, ModelsThatComeWithThrongHaveNames) {
  const std::string path = picture("photo.jpg");
  const std::string model = std::string(THRONG_SOURCE_DIR) + "/models/throng-small-sha.safetensors";
  const ProgramResult by_file = run({"count", path, "--model", model});
  ASSERT_EQ(by_file.exit_code, 0) << by_file.err;
  EXPECT_EQ(run({"count", path, "--model", "throng-small-sha"}).out, by_file.out);
  const ProgramResult unknown = run({"count", path, "--model", "throng-huge"});
  EXPECT_EQ(unknown.exit_code, run({"count", path, "--model", at("none.safetensors")}).exit_code);
  EXPECT_THAT(unknown.err, HasSubstr("throng-huge"));
  EXPECT_THAT(unknown.err, HasSubstr("--model"));
}

TEST_F(CountTest, OnePictureIsOneLine) {
  const std::string path = picture("photo.jpg");
  const double expected = Counter::load(model_).count(load_image(path)).count;
  const ProgramResult result = run({"count", path});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, path + "\t" + fixed(expected, 1) + "\n");
  EXPECT_THAT(result.err, HasSubstr("--scale auto"));  // it is small
  EXPECT_EQ(run({"count", path, "--scale", "1"}).err, "");
  EXPECT_EQ(run({"count", path, "-q"}).err, "");
}

TEST_F(CountTest, SeveralPicturesEndInATotal) {
  const std::string one = picture("f/one.png", 40, 30, 1), two = picture("f/two two.webp.jpg", 70, 50, 2);
  const std::string three = picture("ü/3.jpg", 1, 1, 3);
  const nlohmann::json json = run_json({"count", "--json", at("f"), three});
  const ProgramResult result = run({"count", at("f"), three});
  EXPECT_EQ(result.exit_code, 0);
  std::vector<std::string> expected;
  double total = 0;
  for (const auto& image : json["images"]) {
    expected.push_back(image["path"].get<std::string>() + "\t" + fixed(image["count"].get<double>(), 1));
    total += image["count"].get<double>();
  }
  expected.push_back("total\t" + fixed(total, 1) + "\t3 images");
  EXPECT_EQ(lines(result.out), expected);
  EXPECT_EQ(json["images"][0]["path"], one);
  EXPECT_EQ(json["images"][1]["path"], two);
  EXPECT_EQ(json["images"][2]["path"], three);
}

TEST_F(CountTest, JsonIsOneDocumentAsAgreed) {
  const std::string good = picture("good.png", 33, 21), bad = file("bad.jpg", "no picture");
  const nlohmann::json json = run_json({"count", "--json", good, bad, "--device", "cpu", "--precision", "fp32"}, 3);
  EXPECT_EQ(json["images"].size(), 2U);
  EXPECT_EQ(json["images"][0]["width"], 33);
  EXPECT_EQ(json["images"][0]["height"], 21);
  EXPECT_GT(json["images"][0]["count"], 0.0);
  EXPECT_GT(json["images"][0]["seconds"], 0.0);
  EXPECT_EQ(json["images"][1]["path"], bad);
  EXPECT_THAT(json["images"][1]["error"], HasSubstr("bad.jpg"));
  EXPECT_FALSE(json["images"][1].contains("count"));
  EXPECT_EQ(json["total"], json["images"][0]["count"]);
  EXPECT_EQ(json["counted"], 1);
  EXPECT_EQ(json["failed"], 1);
  EXPECT_EQ(json["model"]["name"], "tiny-resnet18");
  EXPECT_THAT(json["model"]["sha256"].get<std::string>(), MatchesRegex("[0-9a-f]{64}"));
  EXPECT_EQ(json["precision"], "fp32");
  EXPECT_EQ(json["device"], "cpu");
}

TEST_F(CountTest, AtAnotherScaleTheRowsSaySo) {
  const std::string path = picture("photo.png", 60, 44);
  const Counter plain = Counter::load(model_, {.threads = 1});
  const Image image = load_image(path);
  const double twice = plain.count(resize_image_bicubic(image, 120, 88)).count, once = plain.count(image).count;
  const nlohmann::json json = run_json({"count", "--json", path, "--threads", "1", "--scale", "2"});
  EXPECT_EQ(json["images"][0]["count"], twice);
  EXPECT_EQ(json["images"][0]["width"], 60);
  EXPECT_EQ(json["images"][0]["scales"], (std::vector<double>{2}));
  const ProgramResult mean = run({"count", path, "--threads", "1", "--scale", "1,2", "--csv", at("t.csv"), "-v"});
  EXPECT_EQ(mean.out, path + "\t" + fixed((once + twice) / 2, 1) + "\n");
  EXPECT_THAT(mean.err, HasSubstr("photo.png' was counted at 1 and 2 times its size"));
  EXPECT_THAT(read_text_file(at("t.csv")), HasSubstr(",error,scales\n"));
  EXPECT_THAT(read_text_file(at("t.csv")), HasSubstr(",1 2\n"));
}

TEST_F(CountTest, OwnSizeAndChosenSizeSayNothingWhereTheyAreTheSame) {
  const std::string path = picture("photo.png", 1024, 768);  // neither enlarged nor shrunk
  const nlohmann::json usual = run_json({"count", "--json", path, "--threads", "1"});
  const nlohmann::json chosen = run_json({"count", "--json", path, "--threads", "1", "--scale", "auto"});
  EXPECT_EQ(chosen["images"][0]["count"], usual["images"][0]["count"]);
  EXPECT_FALSE(chosen["images"][0].contains("scales"));
  EXPECT_FALSE(usual["images"][0].contains("scales"));
}

TEST_F(CountTest, MirroredPicturesAreCountedToo) {
  const std::string path = picture("photo.png", 60, 44);
  const double both = run_json({"count", "--json", path, "--mirror"})["images"][0]["count"];
  EXPECT_NE(both, run_json({"count", "--json", path})["images"][0]["count"].get<double>());
  const Counter counter = Counter::load(model_, {.mirror = true});
  EXPECT_NEAR(both, counter.count(load_image(path)).count, 1e-6 * both);
}

TEST_F(CountTest, AScaleThatIsNoneIsAnErrorOfUsage) {
  const std::string path = picture("photo.png");
  for (const auto& [scale, words] : {std::pair{"0", "a scale of 0 is not possible: pictures are counted at 0.1 to 4"},
                                     {"-2", "a scale of -2 is not possible"},
                                     {"5", "a scale of 5 is not possible"},
                                     {"nan", "'nan' is not a scale: give a factor such as 2"},
                                     {"large", "'large' is not a scale"},
                                     {"1,,2", "'' is not a scale"},
                                     {"1,1,1,1,1,1,1,1,1", "9 scales are too many: give 8 at most"}}) {
    const ProgramResult result = run({"count", path, text("--scale=", scale)});
    EXPECT_EQ(result.exit_code, 2) << scale;
    EXPECT_THAT(result.err, HasSubstr(words));
    EXPECT_EQ(result.out, "");
  }
}

TEST_F(CountTest, PointsAreAsManyAsTheCountInEveryFormat) {
  const std::string one = picture("one.png", 90, 70, 1), two = picture("two.png", 9, 7, 2), bad = file("bad.jpg", "no");
  const nlohmann::json counted = run_json({"count", "--json", one, bad, two, "--points", at("p.json")}, 3);
  const nlohmann::json points = nlohmann::json::parse(read_text_file(at("p.json")));
  ASSERT_EQ(points["images"].size(), 3U);
  EXPECT_EQ(points["images"][1], counted["images"][1]) << "the one that cannot be read";
  const Counter counter = Counter::load(model_);
  std::size_t heads = 0;
  for (const std::size_t i : {0, 2}) {
    const auto& image = points["images"][i];
    EXPECT_EQ(image["points"].size(), std::llround(counted["images"][i]["count"].get<double>()));
    EXPECT_EQ(image["path"], i == 0 ? one : two);
    heads += image["points"].size();
    const std::vector<HeadPoint> expected = counter.count(load_image(i == 0 ? one : two)).points();
    ASSERT_EQ(image["points"].size(), expected.size());
    for (std::size_t j = 0; j < expected.size(); ++j) {
      EXPECT_NEAR(image["points"][j][0].get<double>(), expected[j].x, 0.02);
      EXPECT_NEAR(image["points"][j][1].get<double>(), expected[j].y, 0.02);
    }
  }
  EXPECT_GT(heads, 0U);

  EXPECT_EQ(run({"count", one, bad, two, "--points", at("p.csv")}).exit_code, 3);
  EXPECT_EQ(lines(read_text_file(at("p.csv"))).size(), heads + 1);

  EXPECT_EQ(run({"count", one, bad, two, "--points", at("p.jsonl")}).exit_code, 3);
  const ProgramResult shown = run({"data", "show", at("p.jsonl"), "--out", at("shown")});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_TRUE(std::filesystem::exists(at("shown/one.png")));
}

TEST_F(CountTest, APointFileThatWouldCostSomethingIsRefusedFirst) {
  const std::string one = picture("one.png");
  const std::string mine = file("mine.jsonl", "{\"throng_manifest\":1,\"name\":\"mine\"}\n");
  for (const std::string& name : {mine, at("points.txt"), at("none/p.csv"), at("same.csv")}) {
    const ProgramResult result = run({"count", one, "--points", name, "--csv", at("same.csv")});
    EXPECT_NE(result.exit_code, 0) << name;
    EXPECT_EQ(result.out, "") << name;
    EXPECT_THAT(result.err, HasSubstr(name == at("same.csv") ? "same file" : name));
  }
  EXPECT_EQ(lines(read_text_file(mine)).size(), 1U);
}

TEST_F(CountTest, WhatCannotBeReadIsReportedAndTheRestCounted) {
  const std::string good = picture("good.png"), last = picture("last.png");
  const std::string truncated = file("truncated.jpg", read_text_file(picture("whole.jpg")).substr(0, 900));
  const ProgramResult result =
      run({"count", at("missing.jpg"), good, file("empty.png", ""), truncated, at("no*match.jpg"), last});
  EXPECT_EQ(result.exit_code, 3);
  ASSERT_EQ(lines(result.out).size(), 3U) << result.out;
  EXPECT_THAT(lines(result.out)[0], HasSubstr("good.png\t"));
  EXPECT_THAT(lines(result.out)[1], HasSubstr("last.png\t"));
  EXPECT_THAT(lines(result.out)[2], MatchesRegex("total\t[0-9.]+\t2 images"));
  for (const char* name : {"missing.jpg", "empty.png", "truncated.jpg", "no*match.jpg"}) {
    EXPECT_THAT(result.err, HasSubstr(name));
  }
}

TEST_F(CountTest, PathsWithBracketsAndDashesAreTakenAsTheyAre) {
  const std::string one = picture("[2020]/a.jpg"), folder = at("[2020]");
  const ProgramResult result = run({"count", folder});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr(one + "\t"));
}

TEST_F(CountTest, ADashReadsPathsFromStandardInput) {
  const std::string one = picture("one.png"), two = picture("with space.png");
  const ProgramResult result = run({"count", "-"}, one + "\n" + two + "\n");
  EXPECT_EQ(result.exit_code, 0);
  const std::vector<std::string> found = lines(result.out);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_THAT(found[0], HasSubstr(one + "\t"));
  EXPECT_THAT(found[1], HasSubstr(two + "\t"));
}

TEST_F(CountTest, DensityMapsSumToTheCount) {
  picture("a/same.jpg", 97, 61, 1);
  picture("b/same.jpg", 16, 200, 2);
  const nlohmann::json json = run_json({"count", "--json", at("a"), at("b"), "--density", at("maps/deep")});
  const std::string names[] = {at("maps/deep/same.npy"), at("maps/deep/same-2.npy")};
  const std::string shapes[] = {"(61, 97)", "(200, 16)"};
  for (std::size_t i = 0; i < 2; ++i) {
    const Npy map(names[i]);
    const double count = json["images"][i]["count"];
    EXPECT_EQ(json["images"][i]["density"], names[i]);
    EXPECT_THAT(map.header, HasSubstr("'<f4'"));
    EXPECT_THAT(map.header, HasSubstr(shapes[i]));
    EXPECT_NEAR(map.sum(), count, 1e-5 * count);
  }
}

TEST_F(CountTest, HeatMapsNeverReplaceThePicture) {
  const std::string path = picture("photo.png", 80, 60);
  const std::string before = read_text_file(path);
  EXPECT_EQ(run({"count", path, "--heatmap", folder_.path().string()}).exit_code, 0);
  EXPECT_EQ(read_text_file(path), before);
  const Image heatmap = load_image(at("photo-2.png"));
  EXPECT_GE(heatmap.width, 80);
  EXPECT_GE(heatmap.height, 60);
}

TEST_F(CountTest, MapsNeverReplaceWhatSomebodyElseMade) {
  // The very folder that holds the photos, one of which is not counted but called like one that is.
  const std::string counted = picture("photos/a.jpg", 80, 60), other = picture("photos/a.png", 50, 40, 7);
  const std::string truth = file("photos/a.npy", "somebody's truth");
  const std::string before = read_text_file(other);
  for (const char* time : {"first", "second"}) {
    const ProgramResult result =
        run({"count", counted, "--heatmap", at("photos"), "--density", at("photos"), "--json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(read_text_file(other), before) << time;
    EXPECT_EQ(read_text_file(truth), "somebody's truth") << time;
    const auto json = nlohmann::json::parse(result.out);
    EXPECT_EQ(json["images"][0]["heatmap"], at("photos/a-2.png")) << time;
    EXPECT_EQ(json["images"][0]["density"], at("photos/a-2.npy")) << time;
    EXPECT_THAT(result.err, HasSubstr("'" + other + "' was not made by throng and stays"));
  }
  EXPECT_EQ(Npy(at("photos/a-2.npy")).values.size(), 80U * 60U);
  EXPECT_GE(load_image(at("photos/a-2.png")).width, 80);
}

TEST_F(CountTest, WhatWasMadeOfPicturesIsNotCountedTheNextTime) {
  picture("holiday/a.png");
  picture("holiday/deep/b.jpg");
  std::string first;
  for (const char* time : {"first", "second"}) {
    const ProgramResult result =
        run({"count", at("holiday"), "--heatmap", at("holiday/maps"), "--density", at("holiday/deep/npy")});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(lines(result.out).size(), 3U) << time << ":\n" << result.out;
    if (first.empty()) first = result.out;
    EXPECT_EQ(result.out, first);
  }
  EXPECT_TRUE(std::filesystem::exists(at("holiday/maps/a.png")));
}

TEST_F(CountTest, MapsBesideThePhotosAreNotCountedTheNextTime) {
  picture("same/a.png");
  picture("same/b.jpg");
  std::string first;
  for (const char* time : {"first", "second", "third"}) {
    const ProgramResult result = run({"count", at("same"), "--heatmap", at("same")});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    if (first.empty()) first = result.out;
    EXPECT_EQ(result.out, first) << time;
  }
  const auto files = std::filesystem::directory_iterator(at("same"));
  EXPECT_EQ(std::distance(begin(files), end(files)), 4) << "two photos and their maps";
}

TEST_F(CountTest, NumbersAreNotLostWithAFileThatCannotBeWritten) {
  const std::string path = picture("photo.png"), other = picture("other.png");
  std::filesystem::create_directories(at("maps/photo.png"));
  const nlohmann::json json = run_json({"count", "--json", path, other, "--heatmap", at("maps")}, 1);
  EXPECT_GT(json["images"][0]["count"], 0.0);
  EXPECT_FALSE(json["images"][0].contains("heatmap"));
  EXPECT_EQ(json["images"][1]["heatmap"], at("maps/other.png"));
  EXPECT_EQ(json["counted"], 2);

  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  const ProgramResult table = run({"count", path, other, "--csv", "/dev/full"});
  EXPECT_EQ(table.exit_code, 1);
  EXPECT_THAT(table.err, HasSubstr("/dev/full"));
  EXPECT_THAT(table.out, HasSubstr("\t2 images\n"));
}

// More people than are placed one by one.
TEST_F(CountTest, ACountIsNotLostWithPointsThatCannotBeMade) {
  LoadedModel model = tiny_model();
  model.net.visit([](const std::string& name, ConvBlock& block) {
    if (name.starts_with("head") && name.ends_with(".1")) block.bias.fill_(1e6);
  });
  write_safetensors(model_to_file(model.net, model.card), at("crowded.safetensors"));
  const std::string path = picture("photo.png");
  const nlohmann::json json = run_json({"count", "--json", path, "--model", at("crowded.safetensors"), "--points",
                                        at("p.json"), "--heatmap", at("maps"), "--density", at("maps")},
                                       1);
  EXPECT_GT(json["images"][0]["count"], 1e7);
  EXPECT_EQ(json["images"][0]["heatmap"], at("maps/photo.png"));
  EXPECT_EQ(json["images"][0]["density"], at("maps/photo.npy"));
  EXPECT_EQ(json["counted"], 1);
  const nlohmann::json points = nlohmann::json::parse(read_text_file(at("p.json")))["images"][0];
  EXPECT_FALSE(points.contains("points"));
  EXPECT_THAT(points["error"], HasSubstr("cannot be shown as points"));
}

TEST_F(CountTest, ABadModelIsNoFaultOfThePictures) {
  LoadedModel model = tiny_model();
  model.card.familiarity = Familiarity{{{.name = "smell", .pictures = {{1}, {2}}, .deviation = {1}}}};
  write_safetensors(model_to_file(model.net, model.card), at("odd.safetensors"));
  const ProgramResult result = run({"count", picture("a.png"), picture("b.png"), "--model", at("odd.safetensors")});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("familiarity"));
  EXPECT_EQ(result.out, "");
}

TEST_F(CountTest, TablesHoldEveryPicture) {
  const std::string good = picture("a, \"b\".png", 20, 30), bad = file("bad.jpg", "x");
  EXPECT_EQ(run({"count", good, bad, "--csv", at("t.csv")}).exit_code, 3);
  const std::vector<std::string> table = lines(read_text_file(at("t.csv")));
  ASSERT_EQ(table.size(), 3U);
  EXPECT_EQ(table[0], "path,width,height,count,seconds,error");
  EXPECT_THAT(table[1], HasSubstr("a, \"\"b\"\".png\",20,30,"));
  EXPECT_THAT(table[2], HasSubstr("bad.jpg,,,,,"));
}

TEST_F(CountTest, TablesNeverReplaceAPicture) {
  const std::string one = picture("a.jpg"), two = picture("b.jpg"), odd = at("odd");
  std::filesystem::copy(one, odd);
  const std::string before = read_text_file(one);
  // What the shell makes of --csv *.jpg.
  const ProgramResult pattern = run({"count", "--csv", one, two});
  EXPECT_EQ(pattern.exit_code, 2);
  EXPECT_THAT(pattern.err, HasSubstr("is called like a picture"));
  const ProgramResult itself = run({"count", odd, "--csv", odd});
  EXPECT_EQ(itself.exit_code, 2);
  EXPECT_THAT(itself.err, HasSubstr("is one of the files to count"));
  EXPECT_EQ(read_text_file(one), before);
  EXPECT_EQ(read_text_file(odd), before);
}

TEST_F(CountTest, TablesOnStandardOutputLoseNoResult) {
  const std::string path = picture("photo.png");
  const std::vector<std::string> variables = {"THRONG_MODEL=" + model_};
  const std::string plain = run({"count", path}).out;
  const auto both = testing::AllOf(testing::StartsWith(plain + "path,width,height,count,seconds,error\n"),
                                   HasSubstr(path + ",64,48,"));
  for (const std::string& table : {std::string("/dev/stdout"), at("out")}) {
    const ProgramResult result = Program({"count", path, "--csv", table}, "", variables, at("out")).wait();
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(read_text_file(at("out")), both);
    std::filesystem::remove(at("out"));
  }
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe(ends), 0);
  const ProgramResult piped =
      Program({"count", path, "--csv", "/dev/stdout"}, "", variables, text("/dev/fd/", ends[1])).wait();
  EXPECT_EQ(piped.exit_code, 0) << piped.err;
  ::close(ends[1]);
  EXPECT_THAT(read_text_file(text("/dev/fd/", ends[0])), both);
  ::close(ends[0]);
}

TEST_F(CountTest, LimitsAreObeyed) {
  const std::string path = picture("photo.png", 200, 150);
  const ProgramResult pixels = run({"count", path, "--max-pixels", "29999"});
  EXPECT_EQ(pixels.exit_code, 3);
  EXPECT_THAT(pixels.err, HasSubstr("29999"));
  EXPECT_THAT(pixels.err, HasSubstr("Or allow more with --max-pixels."));
  EXPECT_THAT(run({"count", file("bad.jpg", "x"), "--max-pixels", "29999"}).err,
              testing::Not(HasSubstr("--max-pixels")));
  EXPECT_EQ(run({"count", path, "--max-pixels", "30000"}).exit_code, 0);
  EXPECT_EQ(run({"count", path, "--max-pixels", "1000000000"}).exit_code, 0);
  const ProgramResult memory =
      run({"count", picture("large.png", 1000, 800), picture("small.png", 16, 16), "--memory", "70M"});
  EXPECT_EQ(memory.exit_code, 1);
  EXPECT_THAT(memory.err, HasSubstr("1000 x 800"));
  EXPECT_THAT(memory.err, HasSubstr("70.0 MiB"));
  EXPECT_THAT(memory.out, HasSubstr("small.png\t"));
}

TEST_F(CountTest, APictureTooLargeForTheMemoryIsRefusedInSeconds) {
  save_image(Image{10000, 10000, std::vector<std::uint8_t>(300'000'000)}, at("huge.png"));
  const ProgramResult result = run({"count", at("huge.png"), "--memory", "500M", "--threads", "1"});
  EXPECT_LT(result.cpu_seconds, 5);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("10000 x 10000"));
  EXPECT_THAT(result.err, HasSubstr("500.0 MiB"));
  EXPECT_EQ(result.out, "");
}

/// A JPEG whose header promises a square of that side, and nothing of it behind.
std::string promising_jpeg(std::string bytes, int side) {
  const std::size_t frame = bytes.find("\xff\xc0");
  for (const std::size_t place : {frame + 5, frame + 7}) {
    bytes.at(place) = static_cast<char>(side >> 8);
    bytes.at(place + 1) = static_cast<char>(side & 0xff);
  }
  return bytes;
}

TEST_F(CountTest, MorePixelsThanUsualAreCheckedBeforeTheyAreDecodedToo) {
  const std::string huge = file("huge.jpg", promising_jpeg(read_text_file(picture("small.jpg")), 40000));
  const ProgramResult result = run({"count", huge, "--max-pixels", "2000000000", "--memory", "4G"});
  EXPECT_EQ(result.exit_code, 1) << "decoding it would say that the file is damaged";
  EXPECT_THAT(result.err, HasSubstr("40000 x 40000"));
  EXPECT_THAT(result.err, HasSubstr("4.0 GiB are allowed"));
}

TEST_F(CountTest, TheSameNumberEverywhereUnlessAskedOtherwise) {
  const std::string path = picture("photo.png");
  EXPECT_EQ(run_json({"count", "--json", path})["precision"], "fp32");
}

TEST_F(CountTest, OptionsReachTheCounter) {
  const std::string path = picture("photo.png");
  EXPECT_EQ(run({"count", path, "--threads", "-1"}).exit_code, 2);
  EXPECT_EQ(run({"count", path, "--device", "abacus"}).exit_code, 2);
  EXPECT_EQ(run({"count", path, "--precision", "fp8"}).exit_code, 2);
  EXPECT_EQ(run({"count", path, "--threads", "1", "--precision", "auto"}).exit_code, 0);
}

TEST_F(CountTest, QuietAndVerboseStandAnywhere) {
  const std::string path = picture("photo.png"), bad = file("bad.jpg", "x");
  EXPECT_THAT(run({"count", path, "-v"}).err, HasSubstr("tiny-resnet18"));
  EXPECT_THAT(run({"-v", "count", path}).err, HasSubstr("tiny-resnet18"));
  EXPECT_THAT(run({"count", "-q", bad}).err, HasSubstr("bad.jpg"));
}

TEST_F(CountTest, TheLocaleChangesNoNumber) {
  const std::string path = picture("photo.png");
  const std::string plain = run({"count", path}).out;
  const ProgramResult german =
      run({"count", path, "--csv", at("t.csv")}, "", {"LC_ALL=de_DE.UTF-8", "LANG=de_DE.UTF-8"});
  EXPECT_EQ(german.out, plain);
  EXPECT_THAT(lines(read_text_file(at("t.csv")))[1],
              MatchesRegex(".*photo.png,64,48,[0-9]+\\.[0-9]+,[0-9]+\\.[0-9]+,"));
}

TEST_F(CountTest, FailingOutputsAreFailures) {
  const std::string path = picture("photo.png");
  const std::vector<std::string> variables = {"THRONG_MODEL=" + model_};
  if (std::filesystem::exists("/dev/full")) {
    const ProgramResult full = Program({"count", path}, "", variables, "/dev/full").wait();
    EXPECT_EQ(full.exit_code, 1);
    EXPECT_THAT(full.err, HasSubstr("standard output"));
  }
  const ProgramResult table = run({"count", path, "--csv", at("no/such/folder/t.csv")});
  EXPECT_EQ(table.exit_code, 1);
  EXPECT_EQ(table.out, "");
  EXPECT_THAT(table.err, HasSubstr("t.csv"));
  const ProgramResult maps = run({"count", path, "--density", file("occupied", "x")});
  EXPECT_EQ(maps.exit_code, 1);
  EXPECT_THAT(maps.err, HasSubstr("occupied"));
}

TEST_F(CountTest, ForeignFormatsInAFolderAreNoFailure) {
  const std::string one = picture("f/a.png");
  const std::string gif = file("f/b.gif", "GIF89a"), heic = file("f/c.heic", "x");
  const ProgramResult result = run({"count", at("f")});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, testing::StartsWith(one + "\t"));
  EXPECT_THAT(result.err, HasSubstr("passed over 2 pictures of formats that are not built in (1 gif, 1 heic)"));
  const ProgramResult named = run({"count", one, gif});
  EXPECT_EQ(named.exit_code, 3);
  EXPECT_THAT(named.err, HasSubstr("is a GIF"));
}

TEST_F(CountTest, AmountsOfMemoryAreReadAsPeopleWriteThem) {
  const std::string path = picture("photo.png");
  for (const char* good : {"0", "8G", "1.5 GiB", "4096mb", "9000000000", "1T"}) {
    EXPECT_EQ(run({"count", path, "--memory", good}).exit_code, 0) << good;
  }
  for (const char* bad : {"much", "-1", "8Q", "G", "1.2.3G", "99999999999T"}) {
    const ProgramResult result = run({"count", path, "--memory", bad});
    EXPECT_EQ(result.exit_code, 2) << bad;
    EXPECT_THAT(result.err, testing::StartsWith("throng: --memory: ")) << bad;
    EXPECT_THAT(result.err, HasSubstr(bad));
  }
  EXPECT_EQ(run({"count", path, "--memory", "1M"}).exit_code, 1) << "is less than a picture takes";
}

// A profile changes no number, and its layers are parts of the time that counting took.
TEST_F(CountTest, AProfileShowsWhereTheTimeGoes) {
  const std::string path = picture("photo.png");
  const nlohmann::json plain = run_json({"count", "--json", path})["images"][0];
  const nlohmann::json image = run_json({"count", "--json", "--profile", path})["images"][0];
  EXPECT_EQ(image["count"], plain["count"]);
  EXPECT_FALSE(plain.contains("layers"));
  double sum = 0;
  std::vector<std::string> names;
  for (const auto& layer : image["layers"]) {
    sum += layer["seconds"].get<double>();
    names.push_back(layer["name"]);
  }
  EXPECT_GT(sum, 0.0);
  EXPECT_LE(sum, image["seconds"].get<double>());
  EXPECT_THAT(names, testing::Contains("head1.1"));
  const ProgramResult table = run({"count", "--profile", path});
  const std::vector<std::string> found = lines(table.out);
  ASSERT_EQ(found.size(), image["layers"].size() + 3) << table.out;  // the count, the names of columns, the sum
  EXPECT_THAT(found[1], MatchesRegex("layer +kernel +output +ms +% +GFLOP +GFLOP/s"));
}

// Pictures are decoded ahead, but lines come in the inputs' order, and a pipe that is empty for now holds up none of
// the pictures before it.
TEST_F(CountTest, APipeIsReadAtItsTurn) {
  const std::string before = picture("a.png"), after = picture("c.png", 40, 40, 3);
  const std::string bytes = read_text_file(picture("other.png", 50, 30, 2));
  ASSERT_EQ(::mkfifo(at("pipe.png").c_str(), 0600), 0);
  const int writer = ::open(at("pipe.png").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::write(writer, bytes.data(), 10), 10);
  Program program({"count", before, at("pipe.png"), after}, "", {"THRONG_MODEL=" + model_});
  for (int i = 0; i < 1200 && program.out_so_far().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_THAT(program.out_so_far(), MatchesRegex(before + "\t[0-9.]+\n"));
  ASSERT_EQ(::write(writer, bytes.data() + 10, bytes.size() - 10), static_cast<ssize_t>(bytes.size()) - 10);
  // What nobody has read when the last one closes a pipe is lost.
  int unread = 1;
  for (int i = 0; i < 1200 && ::ioctl(writer, FIONREAD, &unread) == 0 && unread > 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ::close(writer);
  const ProgramResult result = program.wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::vector<std::string> found = lines(result.out);
  ASSERT_EQ(found.size(), 4U) << result.out;
  EXPECT_THAT(found[1], HasSubstr("pipe.png\t"));
  EXPECT_THAT(found[2], HasSubstr("c.png\t"));
  EXPECT_EQ(found[1],
            at("pipe.png") + "\t" + lines(run({"count", at("other.png")}).out)[0].substr(at("other.png").size() + 1));
}

TEST_F(CountTest, TheFirstInterruptIsAnsweredAndTheSecondEndsAtOnce) {
  // A picture that takes for ever.
  ASSERT_EQ(::mkfifo(at("slow.png").c_str(), 0600), 0);
  const int writer = ::open(at("slow.png").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::write(writer, "x", 1), 1);
  Program program({"count", at("slow.png"), picture("b.png")}, "", {"THRONG_MODEL=" + model_});
  const auto eventually = [](const auto& condition) {
    for (int i = 0; i < 1200 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  int unread = 1;
  eventually([&] { return ::ioctl(writer, FIONREAD, &unread) == 0 && unread == 0; });
  ASSERT_EQ(unread, 0) << "the program never came to read the picture";
  program.send(SIGINT);
  eventually([&] { return program.err_so_far().find("a second Ctrl-C ends at once") != std::string::npos; });
  EXPECT_THAT(program.err_so_far(), HasSubstr("stopping after the current picture"));
  program.send(SIGTERM);
  const ProgramResult result = program.wait();
  EXPECT_EQ(result.exit_code, 130) << "143 would be a death by the signal";
  EXPECT_EQ(result.out, "");
  ::close(writer);
}

TEST_F(CountTest, AnInterruptKeepsWhatWasDone) {
  const std::string path = picture("photo.png", 16, 16);
  std::string list;
  for (int i = 0; i < 200000; ++i) list += path + "\n";
  for (const int signal_number : {SIGINT, SIGTERM}) {
    Program program({"count", "-"}, list, {"THRONG_MODEL=" + model_});
    for (int i = 0; i < 3600 && program.out_so_far().empty(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    program.send(signal_number);
    const ProgramResult result = program.wait();
    EXPECT_EQ(result.exit_code, 130);
    const std::vector<std::string> found = lines(result.out);
    ASSERT_GE(found.size(), 2U);
    EXPECT_EQ(found.back().substr(found.back().rfind('\t')), "\t" + text(found.size() - 1, " images"));
    EXPECT_THAT(result.err, HasSubstr("interrupted"));
  }
}

}  // namespace

}  // namespace throng
