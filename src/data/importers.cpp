#include "data/importers.h"

#include <array>

#include "core/text.h"
#include "data/importers/layouts.h"
#include "throng/error.h"

namespace throng {
namespace {

// The order is that in which `auto` looks: what is particular before what fits much.
constexpr std::array kImporters = {
    Importer{"auto", "finds out which of the following it is, and says so", import_automatically, nullptr, true},
    Importer{"shanghaitech", "part A or B: train_data/ and test_data/, each with images/ and ground_truth/GT_NAME.mat",
             import_shanghaitech, is_shanghaitech},
    Importer{"shanghaitech_rgbd", "train_data/train_img/ with train_gt/, test_data/test_img/ with test_bbox_anno/",
             import_shanghaitech_rgbd, is_shanghaitech_rgbd},
    Importer{"ucf_cc_50", "1.jpg to 50.jpg with 1_ann.mat to 50_ann.mat; the splits are fold1 to fold5",
             import_ucf_cc_50, is_ucf_cc_50},
    Importer{"ucf_qnrf", "Train/ and Test/, each img_0001.jpg with img_0001_ann.mat beside it", import_ucf_qnrf,
             is_ucf_qnrf},
    Importer{"jhu", "JHU-CROWD++: train/, val/ and test/, each with images/, gt/NAME.txt and image_labels.txt",
             import_jhu, is_jhu},
    Importer{"nwpu", "NWPU-Crowd: images/, jsons/ or mats/ or ..._gt_loc.txt, and train.txt, val.txt, test.txt",
             import_nwpu, is_nwpu},
    Importer{"trancos", "images/NAME.jpg with NAME.txt or NAMEdots.png and NAMEmask.mat, and image_sets/training.txt",
             import_trancos, is_trancos},
    Importer{"mall", "frames/seq_000001.jpg and so on, mall_gt.mat and perspective_roi.mat", import_mall, is_mall},
    Importer{"cvat", "XML of CVAT, \"for images\" or \"for video\": points, boxes, polygons", import_cvat, is_cvat,
             true},
    Importer{"labelme", "NAME.json of labelme: points, rectangles, circles, polygons", import_labelme, is_labelme,
             true},
    Importer{"coco", "JSON of COCO with \"images\" and \"annotations\": keypoints or boxes", import_coco, is_coco,
             true},
    Importer{"label_studio", "JSON or JSON_MIN of Label Studio: key points, rectangles, ellipses, polygons",
             import_label_studio, is_label_studio, true},
    Importer{"via", "project, JSON or CSV of the VGG Image Annotator: points, boxes, circles, polygons", import_via,
             is_via, true},
    Importer{"yolo",
             "images/NAME.jpg with labels/NAME.txt (or beside it), lines \"class cx cy width height\" in shares",
             import_yolo, is_yolo, true},
    Importer{"points",
             "your own pictures, each NAME.jpg with NAME.txt or NAME.csv beside it, one \"x y\" in pixels a line, or "
             "with NAME_dots.png",
             import_points, is_points},
};

}  // namespace

std::span<const Importer> importers() { return kImporters; }

const Importer& find_importer(std::string_view name) {
  std::vector<std::string> names;
  for (const Importer& importer : kImporters) {
    if (importer.name == name) return importer;
    names.emplace_back(importer.name);
  }
  const std::string near = nearest_name(name, names);
  throw Error(ErrorKind::usage,
              text("there is no importer '", name, "'", near.empty() ? "" : ", did you mean '" + near + "'?",
                   "; there are: ", join(names, ", ")));
}

Manifest import_data_set(std::string_view name, const ImportRequest& request) {
  const Importer& importer = find_importer(name);
  if (!request.classes.empty() && !importer.has_classes) {
    throw Error(ErrorKind::usage,
                text("the annotations of '", name, "' have no classes; leave out --classes (all of them are counted)"));
  }
  return importer.run(request);
}

}  // namespace throng
