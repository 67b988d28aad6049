#pragma once

#include <stdexcept>
#include <string>

#include "throng/export.h"

namespace throng {

/// What an error is about; the command line turns it into its exit code.
enum class ErrorKind {
  failure,      ///< something went wrong while working (exit code 1)
  usage,        ///< a wrong option, argument or configuration (2)
  input,        ///< an unreadable image, annotation or manifest (3)
  model,        ///< a bad model file (4)
  interrupted,  ///< the user asked to stop (130)
};

/// The one exception type of the library. `what()` is a sentence: what is wrong, where, and what to do about it.
class THRONG_API Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& sentence) : std::runtime_error(sentence), kind_(kind) {}

  ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace throng
