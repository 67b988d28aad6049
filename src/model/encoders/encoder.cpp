#include "model/encoder.h"

#include <vector>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

struct NamedEncoder {
  const char* name;
  std::unique_ptr<Encoder> (*make)(const ModelConfig&, EncoderEnd);
};

constexpr NamedEncoder kEncoders[] = {
    {"vgg16_bn", make_vgg16_bn}, {"vgg16", make_vgg16},       {"vgg19", make_vgg19},
    {"resnet18", make_resnet18}, {"resnet50", make_resnet50},
};

}  // namespace

std::unique_ptr<Encoder> make_encoder(const ModelConfig& config, EncoderEnd end) {
  std::vector<std::string> names;
  for (const NamedEncoder& encoder : kEncoders) {
    if (config.encoder == encoder.name) return encoder.make(config, end);
    names.emplace_back(encoder.name);
  }
  throw Error(ErrorKind::usage, text("model.encoder is \"", config.encoder, "\": use one of ", join(names, ", ")));
}

}  // namespace throng
