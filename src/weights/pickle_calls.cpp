#include "weights/pickle_calls.h"

#include <array>
#include <string>
#include <utility>

#include "core/text.h"
#include "weights/element_type.h"

namespace throng {

namespace {

using Kind = PickleObject::Kind;

constexpr std::size_t kMaxPairs = 1'000'000;
constexpr std::size_t kMaxArguments = 16;
constexpr std::size_t kMaxKey = 256;
// Names that are put together of strings cost memory each time: all of them and each have an end.
constexpr std::size_t kMaxName = 512;
constexpr std::size_t kMaxNames = 16 << 20;  ///< bytes

constexpr std::array<std::string_view, 7> kCallable{"collections.OrderedDict",
                                                    "torch._utils._rebuild_tensor",
                                                    "torch._utils._rebuild_tensor_v2",
                                                    "torch._utils._rebuild_parameter",
                                                    "torch.nn.parameter.Parameter",
                                                    "torch.Size",
                                                    "torch._utils._rebuild_parameter_with_state"};

constexpr std::array<std::string_view, 10> kDtypes{"float64", "float32", "float16", "bfloat16", "int64",
                                                   "int32",   "int16",   "int8",    "uint8",    "bool"};

bool is_known_global(std::string_view name) {
  for (const std::string_view known : kCallable) {
    if (name == known) return true;
  }
  constexpr std::string_view kModule = "torch.";
  if (!name.starts_with(kModule)) return false;
  name.remove_prefix(kModule.size());
  for (const std::string_view dtype : kDtypes) {
    if (name == dtype) return true;
  }
  return element_type_of_storage(name) != nullptr;
}

/// Calls that make tensors of kinds that are not read: without them a dict would lack some of its tensors.
bool makes_unknown_tensor(std::string_view name) {
  return name.starts_with("torch.") && name.find("._rebuild") != std::string_view::npos;
}

}  // namespace

void PickleCalls::name(std::string_view module, std::string_view name) {
  std::string full = text(module, ".", name);
  named_ += full.size();
  if (full.size() > kMaxName || named_ > kMaxNames) stack_.fail("names classes without end; it was made to harm");
  const Kind kind = is_known_global(full) ? Kind::global : Kind::opaque;
  stack_.push({.kind = kind, .text = std::move(full)});
}

void PickleCalls::call() {
  const PickleObject& tuple = stack_.at(stack_.pop(), Kind::tuple, "a tuple of arguments");
  const PickleObject& function = stack_[stack_.pop()];
  if (function.kind == Kind::opaque) {
    if (makes_unknown_tensor(function.text)) stack_.refuse(text("calls ", quoted_name(function.text)));
    stack_.push({.kind = Kind::opaque});
    return;
  }
  if (function.kind != Kind::global) stack_.refuse("calls something that is not a known function");
  if (tuple.items.size() > kMaxArguments) {
    stack_.refuse(text("makes a call with ", tuple.items.size(), " arguments"));
  }
  // Copies, for the objects move when others are added.
  const std::vector<Index> arguments = tuple.items;
  const std::string name = function.text;
  if (name == "collections.OrderedDict") {
    ordered_dict(arguments);
  } else if (name == "torch.Size" && arguments.size() == 1) {
    size(arguments[0]);
  } else if (name.starts_with("torch._utils._rebuild_tensor") && arguments.size() >= 4) {
    tensor(arguments);
  } else if ((name.starts_with("torch._utils._rebuild_parameter") || name == "torch.nn.parameter.Parameter") &&
             !arguments.empty()) {
    stack_.at(arguments[0], Kind::tensor, "a parameter's tensor");
    stack_.push_known(arguments[0]);
  } else {
    stack_.refuse(text("calls ", quoted_name(name), " with ", arguments.size(), " arguments"));
  }
}

void PickleCalls::call_with_names() {
  stack_.at(stack_.pop(), Kind::dict, "a dict of named arguments");
  call();
}

void PickleCalls::storage() {
  PickleObject object{.kind = Kind::storage,
                      .items = stack_.at(stack_.pop(), Kind::tuple, "the description of a storage").items};
  const auto& items = object.items;
  // Legacy files name the classes of whole networks so, with their source beside them.
  if (items.size() >= 2 && stack_[items[0]].text == "module" && stack_[items[1]].kind == Kind::opaque) {
    stack_.push_known(items[1]);
    return;
  }
  if (items.size() < 5 || items.size() > 6 || stack_[items[0]].text != "storage") {
    stack_.refuse("refers to something outside itself that is not a tensor's storage");
  }
  // Its elements have a size that is not known.
  if (stack_[items[1]].kind == Kind::opaque) stack_.refuse(text("names ", quoted_name(stack_[items[1]].text)));
  stack_.at(items[1], Kind::global, "a storage class");
  if (stack_.at(items[2], Kind::string, "a storage's key").text.size() > kMaxKey) {
    stack_.fail("has a storage with a huge key");
  }
  stack_.at(items[4], Kind::integer, "a storage's length");
  stack_.push(std::move(object));
}

void PickleCalls::build() {
  stack_.pop();
  const Kind kind = stack_[stack_.top()].kind;
  const bool has_state = kind == Kind::dict || kind == Kind::list || kind == Kind::tensor || kind == Kind::opaque;
  if (!has_state) stack_.refuse("sets the state of an object (BUILD)");
}

/// Python 3 fills it by SETITEMS; Python 2 passes a list of pairs.
void PickleCalls::ordered_dict(const std::vector<Index>& arguments) {
  PickleObject dict{.kind = Kind::dict};
  if (!arguments.empty()) {
    const std::vector<Index>& pairs = stack_.at(arguments[0], Kind::list, "a list of pairs").items;
    // One list may be passed any number of times: without a limit a small file could fill the memory.
    copied_ += pairs.size();
    if (copied_ > kMaxPairs) stack_.fail(text("copies more than ", kMaxPairs, " pairs"));
    for (const Index pair : pairs) {
      const PickleObject& object = stack_[pair];
      const bool is_pair = (object.kind == Kind::list || object.kind == Kind::tuple) && object.items.size() == 2;
      if (!is_pair) stack_.fail("makes a dict of something other than pairs; the file is damaged");
      dict.items.insert(dict.items.end(), object.items.begin(), object.items.end());
    }
  }
  stack_.push(std::move(dict));
}

void PickleCalls::size(Index argument) {
  const PickleObject& from = stack_[argument];
  if (from.kind != Kind::tuple && from.kind != Kind::list) {
    stack_.fail("makes a torch.Size of something other than a tuple");
  }
  if (from.items.size() > kMaxDimensions) stack_.fail(text("has a tensor of ", from.items.size(), " dimensions"));
  stack_.push({.kind = Kind::tuple, .items = from.items});
}

void PickleCalls::tensor(const std::vector<Index>& arguments) {
  stack_.at(arguments[0], Kind::storage, "a tensor's storage");
  stack_.at(arguments[1], Kind::integer, "a tensor's offset");
  stack_.at(arguments[2], Kind::tuple, "a tensor's sizes");
  stack_.at(arguments[3], Kind::tuple, "a tensor's strides");
  // Marks such as "negated" change what the stored numbers mean.
  if (arguments.size() > 6 && !stack_[arguments[6]].items.empty()) {
    stack_.refuse("has a tensor with special attributes");
  }
  stack_.push({.kind = Kind::tensor, .items = {arguments.begin(), arguments.begin() + 4}});
}

}  // namespace throng
