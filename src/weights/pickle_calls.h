#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "weights/pickle_stack.h"

namespace throng {

/// What a pickle imports and calls, as far as dicts of tensors need it: dicts, sizes, tensors, parameters, storages.
/// Nothing is imported and nothing runs: what is called under any other name becomes an opaque object, without a look
/// at its arguments.
class PickleCalls {
 public:
  explicit PickleCalls(PickleStack& stack) : stack_(stack) {}

  /// GLOBAL: a name that may be called later.
  void name(std::string_view module, std::string_view name);
  /// REDUCE and NEWOBJ: the tuple of arguments on top, what is called below it.
  void call();
  /// NEWOBJ_EX: a dict of named arguments above these.
  void call_with_names();
  /// BINPERSID: the description of a storage, or of a class, on top.
  void storage();
  /// BUILD: an object's state on top. Attributes (the _metadata of a state dict, the hooks of a parameter, whatever an
  /// opaque object holds) carry no weights and are dropped.
  void build();

 private:
  using Index = PickleStack::Index;

  void ordered_dict(const std::vector<Index>& arguments);
  void size(Index argument);
  void tensor(const std::vector<Index>& arguments);

  PickleStack& stack_;
  std::size_t copied_ = 0;  ///< pairs of lists that became dicts
  std::size_t named_ = 0;   ///< bytes of names
};

}  // namespace throng
