#include "infer/shipped_model.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "core/text.h"
#include "throng/counter.h"
#include "throng/error.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

constexpr char kDefaultModel[] = "throng-small";

// The folder of the file that this code was loaded from: the program, or the shared library that it links.
fs::path folder_of_library() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&default_model_path), &info) == 0 || !info.dli_fname) return {};
  std::error_code error;
  return fs::canonical(info.dli_fname, error).parent_path();
}

std::vector<fs::path> candidates(const std::string& name) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path library = folder_of_library();
  std::vector<fs::path> places;
  if (!program.empty()) places = {program / "../share/throng/models", program / "../models"};
  if (!library.empty()) {
    // lib and lib/ARCHITECTURE
    places.push_back(library / "../share/throng/models");
    places.push_back(library / "../../share/throng/models");
  }
  for (fs::path& place : places) place = (place / (name + ".safetensors")).lexically_normal();
  return places;
}

}  // namespace

fs::path shipped_model_path(const std::string& name) {
  std::vector<std::string> looked;
  for (const fs::path& candidate : candidates(name)) {
    if (std::error_code error; fs::exists(candidate, error)) return candidate;
    looked.push_back(candidate.string());
  }
  throw Error(ErrorKind::model, text("the model ", name, " that comes with Throng was not found (looked for ",
                                     join(looked, ", "), "): name a model file with --model or in THRONG_MODEL"));
}

fs::path default_model_path() {
  if (const char* named = std::getenv("THRONG_MODEL"); named && *named) {
    if (std::error_code error; fs::exists(named, error)) return named;
    throw Error(ErrorKind::model, text("THRONG_MODEL names ", named,
                                       ", which does not exist or cannot be reached: correct it or unset it"));
  }
  return shipped_model_path(kDefaultModel);
}

}  // namespace throng
