#include "infer/torch_errors.h"

#include "core/text.h"
#include "throng/error.h"

namespace throng {

void throw_as_failure(const c10::Error& error, const TorchWork& work) {
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr) {
    throw Error(ErrorKind::failure,
                text("the memory of ", work.device.str(), " does not suffice for ", work.object, ": ", work.instead));
  }
  throw Error(ErrorKind::failure, text(work.doing, " ", work.object, " failed: ", error.what_without_backtrace()));
}

}  // namespace throng
