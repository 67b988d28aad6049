#pragma once

#include <filesystem>

#include "data/importers.h"
#include "data/manifest.h"

// The importers, each in a file of its own; docs/importers.md shows the layouts. `is_...` is Importer::recognises.
namespace throng {

/// Zhang et al., CVPR 2016: parts A and B, GT_NAME.mat with image_info{1}.location, or GT_NAME.txt or .csv.
Manifest import_shanghaitech(const ImportRequest& request);
bool is_shanghaitech(const std::filesystem::path& folder);

/// Lian et al., CVPR 2019: points in the training half, boxes in the test half, whose centres are taken.
Manifest import_shanghaitech_rgbd(const ImportRequest& request);
bool is_shanghaitech_rgbd(const std::filesystem::path& folder);

/// Idrees et al., CVPR 2013: fifty pictures N.jpg with N_ann.mat. The splits are the folds of the usual five-fold
/// validation: ten consecutive numbers each, "fold1" to "fold5".
Manifest import_ucf_cc_50(const ImportRequest& request);
bool is_ucf_cc_50(const std::filesystem::path& folder);

/// Idrees et al., ECCV 2018: Train/ and Test/ with img_0001.jpg and img_0001_ann.mat.
Manifest import_ucf_qnrf(const ImportRequest& request);
bool is_ucf_qnrf(const std::filesystem::path& folder);

/// Sindagi et al., 2020 (JHU-CROWD++): labels level (low to 50 people, medium to 500, high), scene, weather,
/// distractor.
Manifest import_jhu(const ImportRequest& request);
bool is_jhu(const std::filesystem::path& folder);

/// Wang et al., TPAMI 2020 (NWPU-Crowd): labels level and scene where the lists have them; the test pictures, whose
/// truth is not public, are not annotated.
Manifest import_nwpu(const ImportRequest& request);
bool is_nwpu(const std::filesystem::path& folder);

/// Guerrero-Gomez-Olmedo et al., 2015: vehicles, with a region of interest for each picture.
Manifest import_trancos(const ImportRequest& request);
bool is_trancos(const std::filesystem::path& folder);

/// Chen et al., BMVC 2012: frames of one camera; the first 800 are the training half.
Manifest import_mall(const ImportRequest& request);
bool is_mall(const std::filesystem::path& folder);

/// labelme (Wada): a JSON file for each picture.
Manifest import_labelme(const ImportRequest& request);
bool is_labelme(const std::filesystem::path& folder);

/// CVAT's own XML, of images and of videos.
Manifest import_cvat(const ImportRequest& request);
bool is_cvat(const std::filesystem::path& folder);

/// Label Studio's JSON and JSON_MIN.
Manifest import_label_studio(const ImportRequest& request);
bool is_label_studio(const std::filesystem::path& folder);

/// VGG Image Annotator: its project (VIA 2), its exported JSON (VIA 1 and 2) or CSV.
Manifest import_via(const ImportRequest& request);
bool is_via(const std::filesystem::path& folder);

/// COCO: keypoints (of which the head's are taken) and boxes.
Manifest import_coco(const ImportRequest& request);
bool is_coco(const std::filesystem::path& folder);

/// YOLO: a text file for each picture, relative boxes.
Manifest import_yolo(const ImportRequest& request);
bool is_yolo(const std::filesystem::path& folder);

/// One's own pictures with NAME.txt, NAME.csv ("x y" lines) or a dot picture beside each, in a folder and those below
/// it; all become split "train".
Manifest import_points(const ImportRequest& request);
bool is_points(const std::filesystem::path& folder);

/// Runs the first importer that recognises the folder, and says by a note which. Throws Error(input) that lists what
/// was looked for when none does.
Manifest import_automatically(const ImportRequest& request);

}  // namespace throng
