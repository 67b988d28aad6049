#include <map>
#include <nlohmann/json.hpp>

#include "core/draw.h"
#include "data/importers/data_set_folder.h"

// Annotation files come from strangers: whatever they say, an importer either makes a manifest or throws an Error that
// says whose fault it is. Run under the sanitizers.
namespace throng {
namespace {

/// A small valid file of each tool.
const std::map<std::string, std::string>& samples() {
  static const std::map<std::string, std::string> kSamples = {
      {"labelme", R"({"shapes": [{"label": "a", "points": [[1, 2], [3, 4]], "shape_type": "rectangle"},
          {"label": "b", "points": [[1, 2]], "shape_type": "point"}], "imagePath": "a.jpg", "imageWidth": 40,
          "imageHeight": 20})"},
      {"coco", R"({"images": [{"id": 1, "file_name": "a.jpg", "width": 40, "height": 20}], "categories":
          [{"id": 1, "name": "person", "keypoints": ["nose", "left_eye"]}], "annotations": [{"image_id": 1, "category_id":
          1, "bbox": [1, 2, 3, 4], "iscrowd": 0, "keypoints": [0, 0, 0, 4, 5, 2]}]})"},
      {"label_studio", R"([{"data": {"image": "a.jpg"}, "annotations": [{"was_cancelled": false, "result": [
          {"original_width": 40, "original_height": 20, "image_rotation": 0, "value": {"x": 1, "y": 2, "width": 3,
          "height": 4, "rotation": 5, "rectanglelabels": ["x"]}}, {"value": {"points": [[1, 2], [3, 4]]}}]}]}])"},
      {"via",
       R"({"_via_img_metadata": {"a.jpg1": {"filename": "a.jpg", "regions": [{"shape_attributes": {"name": "polygon",
          "all_points_x": [1, 2], "all_points_y": [3, 4]}, "region_attributes": {"label": "x"}}, {"shape_attributes":
          {"name": "rect", "x": 1, "y": 2, "width": 3, "height": 4}, "region_attributes": {}}]}}})"},
      {"nwpu", R"({"img_id": "0001.jpg", "human_num": 1, "points": [[1, 2]], "boxes": [[1, 2, 3, 4]]})"}};
  return kSamples;
}

class HostileFiles : public DataSetFolder {
 protected:
  void SetUp() override {
    picture("a.jpg");
    picture("images/0001.jpg");
    write("train.txt", "0001\n");
  }

  /// Whether it was imported.
  bool survives(const std::string& importer, const std::string& content) {
    write(importer == "nwpu" ? "jsons/0001.json" : "export.json", content);
    try {
      import(importer);
      return true;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
      EXPECT_THAT(error.what(), ::testing::HasSubstr(folder().string()));
    }
    return false;
  }
};

TEST_F(HostileFiles, AnyValueMayBeOfAnyType) {
  const std::vector<std::string> strange = {"null", "7",    "-1e300", "\"x\"",          "[]",
                                            "{}",   "[[]]", "true",   "[null, 1, \"\"]"};
  for (const auto& [importer, sample] : samples()) {
    ASSERT_TRUE(survives(importer, sample)) << importer;
    const nlohmann::json valid = nlohmann::json::parse(sample);
    const nlohmann::json places = valid.flatten();
    for (const auto& [pointer, value] : places.items()) {
      // The value itself, and all that it lies in.
      for (nlohmann::json::json_pointer place(pointer); !place.empty(); place.pop_back()) {
        for (const std::string& other : strange) {
          nlohmann::json changed = valid;
          changed[place] = nlohmann::json::parse(other);
          EXPECT_NO_THROW(survives(importer, changed.dump())) << importer << " " << changed;
        }
      }
    }
  }
}

TEST_F(HostileFiles, DamagedBytesAreErrorsOrHarmless) {
  int refused = 0;
  for (const auto& [importer, sample] : samples()) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
      const Draw draw(seed, importer);
      std::string bytes = sample;
      for (std::uint64_t i = 0; i <= seed % 3; ++i) {
        const auto place = static_cast<std::size_t>(draw.integer(2 * i, static_cast<std::int64_t>(bytes.size())));
        bytes[place] = static_cast<char>(draw.bits(2 * i + 1));
      }
      EXPECT_NO_THROW(refused += survives(importer, bytes) ? 0 : 1) << importer << " " << seed;
    }
  }
  EXPECT_GT(refused, 100);
}

TEST_F(HostileFiles, DeepNestingIsNoOverflow) {
  EXPECT_FALSE(survives("labelme", std::string(200000, '[')));
  EXPECT_FALSE(survives("labelme", std::string(200000, '[') + std::string(200000, ']')));
  std::string xml;
  for (int i = 0; i < 100000; ++i) xml += "<annotations>";
  write("a.xml", xml);
  EXPECT_THAT(problem("cvat"), ::testing::HasSubstr("a.xml"));
}

}  // namespace
}  // namespace throng
