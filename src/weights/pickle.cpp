#include "weights/pickle.h"

#include <array>
#include <bit>
#include <limits>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "weights/element_type.h"
#include "weights/pickle_opcodes.h"

namespace throng {

namespace {

using Kind = PickleObject::Kind;
using Index = std::uint32_t;

// A checkpoint of thousands of tensors has some hundred thousand objects; the limits keep a hostile one from eating
// memory that is many times its size.
constexpr std::size_t kMaxObjects = 1'000'000;
constexpr std::size_t kMaxOpcodes = 8'000'000;
constexpr std::size_t kMaxArguments = 16;
constexpr std::uint64_t kMaxGlobalName = 256;
constexpr std::size_t kMaxKey = 256;
constexpr Index kNoMemo = std::numeric_limits<Index>::max();

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

/// The virtual machine: a stack of objects, the marks in it, and the memo.
class Machine {
 public:
  explicit Machine(ByteReader& in) : in_(in) {}

  Pickle run() {
    for (std::size_t count = 0; count < kMaxOpcodes; ++count) {
      opcode_at_ = in_.position();
      const std::uint8_t code = in_.byte();
      if (code == kStop) {
        pickle_.root = pop();
        if (!stack_.empty() || !marks_.empty()) fail("ends with values left over; the file is damaged");
        return std::move(pickle_);
      }
      if (!value(code) && !container(code) && !memo(code) && !object(code)) refuse_opcode(code);
    }
    fail(text("has more than ", kMaxOpcodes, " opcodes"));
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    in_.file().fail(text("the pickle at byte ", opcode_at_, " ", what));
  }

  [[noreturn]] void refuse(std::string_view what) const {
    fail(text(what,
              ", which a dict of tensors does not need; code in pickles is never run. Save the weights alone, with "
              "torch.save(model.state_dict(), path), or as safetensors"));
  }

  [[noreturn]] void refuse_opcode(std::uint8_t code) const {
    for (const NamedOpcode& known : kRefused) {
      if (known.code == code) refuse(text("uses the opcode ", known.name));
    }
    fail(text("holds the byte ", static_cast<int>(code), " where an opcode should be; the file is damaged"));
  }

  // --- stack ---

  Index add(PickleObject object) {
    if (pickle_.objects.size() == kMaxObjects) fail(text("makes more than ", kMaxObjects, " objects"));
    pickle_.objects.push_back(std::move(object));
    return static_cast<Index>(pickle_.objects.size() - 1);
  }

  void push(PickleObject object) { stack_.push_back(add(std::move(object))); }

  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  Index pop() {
    if (stack_.size() <= floor()) fail("takes a value from an empty stack; the file is damaged");
    const Index top = stack_.back();
    stack_.pop_back();
    return top;
  }

  Index top() const {
    if (stack_.size() <= floor()) fail("uses a value of an empty stack; the file is damaged");
    return stack_.back();
  }

  std::vector<Index> pop_to_mark() {
    if (marks_.empty()) fail("has no mark where one is needed; the file is damaged");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<Index> items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return items;
  }

  PickleObject& at(Index index, Kind kind, std::string_view what) {
    PickleObject& object = pickle_.objects[index];
    if (object.kind != kind) fail(text("needs ", what, " and finds another object; the file is damaged"));
    return object;
  }

  // --- opcodes; each group returns false for a code that is not its own ---

  bool value(std::uint8_t code) {
    switch (code) {
      case kNone:
        push({});
        return true;
      case kTrue:
        push({.kind = Kind::boolean, .integer = 1});
        return true;
      case kFalse:
        push({.kind = Kind::boolean});
        return true;
      case kBinInt:
        push_integer(static_cast<std::int32_t>(in_.little_endian(4)));
        return true;
      case kBinInt1:
        push_integer(static_cast<std::int64_t>(in_.little_endian(1)));
        return true;
      case kBinInt2:
        push_integer(static_cast<std::int64_t>(in_.little_endian(2)));
        return true;
      case kLong1:
        push_long(in_.bytes(in_.byte()));
        return true;
      case kBinFloat:
        push_real();
        return true;
      case kShortBinString:
      case kShortBinUnicode:
        push_string(in_.little_endian(1));
        return true;
      case kBinString:
      case kBinUnicode:
        push_string(in_.little_endian(4));
        return true;
      case kBinUnicode8:
        push_string(in_.little_endian(8));
        return true;
      default:
        return false;
    }
  }

  void push_integer(std::int64_t value) { push({.kind = Kind::integer, .integer = value}); }
  void push_string(std::uint64_t bytes) { push({.kind = Kind::string, .text = in_.bytes(bytes)}); }

  void push_long(std::string bytes) {
    if (bytes.size() > 8) {
      push({.kind = Kind::big_integer, .text = std::move(bytes)});
      return;
    }
    const bool negative = !bytes.empty() && (static_cast<unsigned char>(bytes.back()) & 0x80) != 0;
    std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
    push_integer(static_cast<std::int64_t>(value));
  }

  void push_real() {
    std::uint64_t bits = 0;  // the one big-endian number of the format
    for (int i = 0; i < 8; ++i) bits = (bits << 8) | in_.byte();
    push({.kind = Kind::real, .real = std::bit_cast<double>(bits)});
  }

  bool container(std::uint8_t code) {
    switch (code) {
      case kMark:
        marks_.push_back(stack_.size());
        return true;
      case kEmptyDict:
        push({.kind = Kind::dict});
        return true;
      case kEmptyList:
        push({.kind = Kind::list});
        return true;
      case kEmptyTuple:
        push({.kind = Kind::tuple});
        return true;
      case kTuple:
        push({.kind = Kind::tuple, .items = pop_to_mark()});
        return true;
      case kTuple1:
        push_tuple(1);
        return true;
      case kTuple2:
        push_tuple(2);
        return true;
      case kTuple3:
        push_tuple(3);
        return true;
      case kAppend:
        append({pop()}, Kind::list, "a list");
        return true;
      case kAppends:
        append(pop_to_mark(), Kind::list, "a list");
        return true;
      case kSetItem:
        set_item();
        return true;
      case kSetItems:
        set_items(pop_to_mark());
        return true;
      default:
        return false;
    }
  }

  void push_tuple(std::size_t count) {
    std::vector<Index> items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = pop();
    push({.kind = Kind::tuple, .items = std::move(items)});
  }

  void append(const std::vector<Index>& items, Kind kind, std::string_view what) {
    std::vector<Index>& to = at(top(), kind, what).items;
    to.insert(to.end(), items.begin(), items.end());
  }

  void set_item() {
    const Index value = pop();
    const Index key = pop();
    append({key, value}, Kind::dict, "a dict");
  }

  void set_items(const std::vector<Index>& items) {
    if (items.size() % 2 != 0) fail("sets a key of a dict without a value; the file is damaged");
    append(items, Kind::dict, "a dict");
  }

  bool memo(std::uint8_t code) {
    switch (code) {
      case kBinGet:
        recall(in_.little_endian(1));
        return true;
      case kLongBinGet:
        recall(in_.little_endian(4));
        return true;
      case kBinPut:
        remember(in_.little_endian(1));
        return true;
      case kLongBinPut:
        remember(in_.little_endian(4));
        return true;
      case kMemoize:
        remember(memo_.size());
        return true;
      default:
        return false;
    }
  }

  void remember(std::uint64_t slot) {
    if (slot >= kMaxObjects) fail(text("uses memo slot ", slot, ", more than a file of weights can have"));
    if (slot >= memo_.size()) memo_.resize(slot + 1, kNoMemo);
    memo_[slot] = top();
  }

  void recall(std::uint64_t slot) {
    if (slot >= memo_.size() || memo_[slot] == kNoMemo) fail(text("uses memo slot ", slot, " before it is filled"));
    stack_.push_back(memo_[slot]);
  }

  bool object(std::uint8_t code) {
    switch (code) {
      case kProtocol:
        protocol(in_.byte());
        return true;
      case kFrame:
        frame(in_.little_endian(8));
        return true;
      case kGlobal:
        line_global();
        return true;
      case kStackGlobal:
        stack_global();
        return true;
      case kBinPersistentId:
        storage();
        return true;
      case kReduce:
        reduce();
        return true;
      case kBuild:
        build();
        return true;
      default:
        return false;
    }
  }

  void protocol(int version) const {
    if (version < 2 || version > 5) fail(text("has protocol ", version, "; 2 to 5 are read"));
  }

  void frame(std::uint64_t bytes) const {
    if (bytes > in_.left()) fail("announces more bytes than the file has; it is damaged or incomplete");
  }

  void line_global() {
    const std::string module = in_.line(kMaxGlobalName);
    push_global(module, in_.line(kMaxGlobalName));
  }

  void stack_global() {
    const Index name = pop();
    const Index module = pop();
    push_global(at(module, Kind::string, "a module's name").text, at(name, Kind::string, "a class's name").text);
  }

  void push_global(std::string_view module, std::string_view name) {
    std::string full = text(module, ".", name);
    if (!is_known_global(full)) refuse(text("names ", quoted_name(full)));
    push({.kind = Kind::global, .text = std::move(full)});
  }

  void storage() {
    PickleObject object{.kind = Kind::storage, .items = at(pop(), Kind::tuple, "the description of a storage").items};
    const auto& items = object.items;
    if (items.size() < 5 || items.size() > 6 || pickle_[items[0]].text != "storage") {
      refuse("refers to something outside itself that is not a tensor's storage");
    }
    at(items[1], Kind::global, "a storage class");
    if (at(items[2], Kind::string, "a storage's key").text.size() > kMaxKey) fail("has a storage with a huge key");
    at(items[4], Kind::integer, "a storage's length");
    push(std::move(object));
  }

  void reduce() {
    const PickleObject& tuple = at(pop(), Kind::tuple, "a tuple of arguments");
    if (tuple.items.size() > kMaxArguments) refuse(text("makes a call with ", tuple.items.size(), " arguments"));
    const std::vector<Index> arguments = tuple.items;
    const PickleObject& function = pickle_[pop()];
    if (function.kind != Kind::global) refuse("calls something that is not a known function");
    // The copy outlives the object, which moves when objects are added.
    const std::string name = function.text;
    if (name == "collections.OrderedDict") {
      ordered_dict(arguments);
    } else if (name == "torch.Size" && arguments.size() == 1) {
      size(arguments[0]);
    } else if (name.starts_with("torch._utils._rebuild_tensor") && arguments.size() >= 4) {
      tensor(arguments);
    } else if ((name.starts_with("torch._utils._rebuild_parameter") || name == "torch.nn.parameter.Parameter") &&
               !arguments.empty()) {
      at(arguments[0], Kind::tensor, "a parameter's tensor");
      stack_.push_back(arguments[0]);
    } else {
      refuse(text("calls ", quoted_name(name), " with ", arguments.size(), " arguments"));
    }
  }

  /// Python 3 fills it by SETITEMS; Python 2 passes a list of pairs.
  void ordered_dict(const std::vector<Index>& arguments) {
    PickleObject dict{.kind = Kind::dict};
    if (!arguments.empty()) {
      const std::vector<Index>& pairs = at(arguments[0], Kind::list, "a list of pairs").items;
      // One list may be passed any number of times: without a limit a small file could fill the memory.
      copied_ += pairs.size();
      if (copied_ > kMaxObjects) fail(text("copies more than ", kMaxObjects, " pairs"));
      for (const Index pair : pairs) {
        const auto is_pair = [this](Index index) {
          const PickleObject& object = pickle_[index];
          return (object.kind == Kind::list || object.kind == Kind::tuple) && object.items.size() == 2;
        };
        if (!is_pair(pair)) fail("makes a dict of something other than pairs; the file is damaged");
        dict.items.insert(dict.items.end(), pickle_[pair].items.begin(), pickle_[pair].items.end());
      }
    }
    push(std::move(dict));
  }

  void size(Index argument) {
    const PickleObject& from = pickle_[argument];
    if (from.kind != Kind::tuple && from.kind != Kind::list) fail("makes a torch.Size of something other than a tuple");
    if (from.items.size() > kMaxDimensions) fail(text("has a tensor of ", from.items.size(), " dimensions"));
    push({.kind = Kind::tuple, .items = from.items});
  }

  void tensor(const std::vector<Index>& arguments) {
    at(arguments[0], Kind::storage, "a tensor's storage");
    at(arguments[1], Kind::integer, "a tensor's offset");
    at(arguments[2], Kind::tuple, "a tensor's sizes");
    at(arguments[3], Kind::tuple, "a tensor's strides");
    // Marks such as "negated" change what the stored numbers mean.
    if (arguments.size() > 6 && !pickle_[arguments[6]].items.empty()) refuse("has a tensor with special attributes");
    push({.kind = Kind::tensor, .items = {arguments.begin(), arguments.begin() + 4}});
  }

  /// Attributes (the _metadata of a state dict, the hooks of a parameter) carry no weights and are dropped.
  void build() {
    pop();
    const Kind kind = pickle_[top()].kind;
    if (kind != Kind::dict && kind != Kind::tensor) refuse("sets the state of an object (BUILD)");
  }

  ByteReader& in_;
  std::uint64_t opcode_at_ = 0;
  Pickle pickle_;
  std::vector<Index> stack_;
  std::vector<std::size_t> marks_;
  std::vector<Index> memo_;
  std::size_t copied_ = 0;
};

}  // namespace

Pickle read_pickle(ByteReader& in) { return Machine(in).run(); }

}  // namespace throng
