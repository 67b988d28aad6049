#include "synth/scene_files.h"

#include "core/file.h"
#include "core/text.h"
#include "image/codec.h"
#include "synth/empties.h"
#include "throng/error.h"

namespace throng {

namespace {

std::string file_name(std::int64_t number) {
  const std::string digits = text(number);
  return text("scene_", std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0'), digits, ".png");
}

LabelledImage picture_of(const std::string& kind, const SceneOptions& scene) {
  return kind.empty() ? render_scene(scene) : draw_empty(kind, scene);
}

}  // namespace

Manifest write_scenes(const SceneFilesOptions& options, const Reporter& reporter, const std::stop_token& stop) {
  if (options.count < 1)
    throw Error(ErrorKind::usage, text("cannot render ", options.count, " scenes; ask for 1 or more"));
  Manifest manifest;
  manifest.name = text("synth, seed ", options.scene.seed);
  for (std::int64_t i = 0; i < options.count; ++i) {
    reporter.progress(i, options.count, file_name(i + 1));
    if (stop.stop_requested()) {
      throw Error(ErrorKind::interrupted, text("interrupted after ", i, " of ", options.count,
                                               " scenes; run the same command again for the rest and the manifest"));
    }
    SceneOptions scene = options.scene;
    scene.seed += static_cast<std::uint64_t>(i);
    LabelledImage rendered = picture_of(options.kind, scene);
    if (i == 0) make_folder(options.folder);  // not for options that make no scene
    const std::filesystem::path path = options.folder / file_name(i + 1);
    save_image(*rendered.image, path);
    manifest.entries.push_back({path, scene.width, scene.height, std::move(rendered.points), options.split, ""});
  }
  write_manifest(manifest, options.folder / "manifest.jsonl");
  reporter.progress(options.count, options.count);
  return manifest;
}

}  // namespace throng
