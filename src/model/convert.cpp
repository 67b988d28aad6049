#include "model/convert.h"

#include "model/half.h"
#include "weights/name_map.h"

namespace throng {

bool is_model(const TensorFile& file, const std::string& recognised) {
  return file.metadata.contains(kMetadataKey) || recognised == "released hmode";
}

TensorFile converted_weights(const std::filesystem::path& from, const std::string& name, StoredPrecision precision) {
  TensorFile file = read_tensor_file(from);
  const std::string recognised = rename_to_ours(file, from.string());
  if (is_model(file, recognised)) {
    LoadedModel model = load_model(from);
    if (!name.empty()) model.card.name = name;
    return model_to_file(model.net, model.card, precision);
  }
  if (!name.empty()) file.metadata["name"] = name;
  if (precision == StoredPrecision::fp16) {
    for (auto& [tensor_name, tensor] : file.tensors) tensor = in_half(tensor_name, tensor);
  }
  return file;
}

}  // namespace throng
