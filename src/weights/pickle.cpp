#include "weights/pickle.h"

#include <bit>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "weights/pickle_calls.h"
#include "weights/pickle_opcodes.h"
#include "weights/pickle_stack.h"

namespace throng {

namespace {

using Kind = PickleObject::Kind;
using Index = PickleStack::Index;

constexpr std::size_t kMaxOpcodes = 8'000'000;
constexpr std::uint64_t kMaxGlobalName = 256;

/// The virtual machine: carries out one opcode after the other.
class Machine {
 public:
  explicit Machine(ByteReader& in) : in_(in), stack_(in), calls_(stack_) {}

  Pickle run() {
    for (std::size_t count = 0; count < kMaxOpcodes; ++count) {
      stack_.begin_opcode();
      const std::uint8_t code = in_.byte();
      if (code == kStop) return stack_.finish();
      if (!value(code) && !container(code) && !opaque(code) && !memo(code) && !object(code)) refuse_opcode(code);
    }
    stack_.fail(text("has more than ", kMaxOpcodes, " opcodes"));
  }

 private:
  [[noreturn]] void refuse_opcode(std::uint8_t code) const {
    for (const NamedOpcode& known : kRefused) {
      if (known.code == code) stack_.refuse(text("uses the opcode ", known.name));
    }
    stack_.fail(text("holds the byte ", static_cast<int>(code), " where an opcode should be; the file is damaged"));
  }

  // --- opcodes; each group returns false for a code that is not its own ---

  bool value(std::uint8_t code) {
    switch (code) {
      case kNone:
        stack_.push({});
        return true;
      case kTrue:
        stack_.push({.kind = Kind::boolean, .integer = 1});
        return true;
      case kFalse:
        stack_.push({.kind = Kind::boolean});
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
      case kLong4:
        push_long(in_.bytes(in_.little_endian(4)));
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

  void push_integer(std::int64_t value) { stack_.push({.kind = Kind::integer, .integer = value}); }
  void push_string(std::uint64_t bytes) { stack_.push({.kind = Kind::string, .text = in_.bytes(bytes)}); }

  void push_long(std::string bytes) {
    if (bytes.size() > 8) {
      stack_.push({.kind = Kind::big_integer, .text = std::move(bytes)});
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
    stack_.push({.kind = Kind::real, .real = std::bit_cast<double>(bits)});
  }

  bool container(std::uint8_t code) {
    switch (code) {
      case kMark:
        stack_.mark();
        return true;
      case kEmptyDict:
        stack_.push({.kind = Kind::dict});
        return true;
      case kEmptyList:
        stack_.push({.kind = Kind::list});
        return true;
      case kEmptyTuple:
        stack_.push({.kind = Kind::tuple});
        return true;
      case kTuple:
        stack_.push({.kind = Kind::tuple, .items = stack_.pop_to_mark()});
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
        stack_.append({stack_.pop()}, Kind::list, "a list");
        return true;
      case kAppends:
        stack_.append(stack_.pop_to_mark(), Kind::list, "a list");
        return true;
      case kSetItem:
        set_item();
        return true;
      case kSetItems:
        set_items(stack_.pop_to_mark());
        return true;
      default:
        return false;
    }
  }

  void push_tuple(std::size_t count) {
    std::vector<Index> items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = stack_.pop();
    stack_.push({.kind = Kind::tuple, .items = std::move(items)});
  }

  void set_item() {
    const Index value = stack_.pop();
    const Index key = stack_.pop();
    stack_.append({key, value}, Kind::dict, "a dict");
  }

  void set_items(const std::vector<Index>& items) {
    if (items.size() % 2 != 0) stack_.fail("sets a key of a dict without a value; the file is damaged");
    stack_.append(items, Kind::dict, "a dict");
  }

  /// Plain data that no tensor needs: bytes and sets.
  bool opaque(std::uint8_t code) {
    switch (code) {
      case kShortBinBytes:
        push_bytes(in_.little_endian(1));
        return true;
      case kBinBytes:
        push_bytes(in_.little_endian(4));
        return true;
      case kBinBytes8:
      case kByteArray8:
        push_bytes(in_.little_endian(8));
        return true;
      case kEmptySet:
        stack_.push({.kind = Kind::opaque});
        return true;
      case kAddItems:
        stack_.pop_to_mark();
        stack_.at(stack_.top(), Kind::opaque, "a set");
        return true;
      case kFrozenSet:
        stack_.pop_to_mark();
        stack_.push({.kind = Kind::opaque});
        return true;
      default:
        return false;
    }
  }

  void push_bytes(std::uint64_t bytes) {
    in_.skip(bytes);
    stack_.push({.kind = Kind::opaque});
  }

  bool memo(std::uint8_t code) {
    switch (code) {
      case kBinGet:
        stack_.recall(in_.little_endian(1));
        return true;
      case kLongBinGet:
        stack_.recall(in_.little_endian(4));
        return true;
      case kBinPut:
        stack_.remember(in_.little_endian(1));
        return true;
      case kLongBinPut:
        stack_.remember(in_.little_endian(4));
        return true;
      case kMemoize:
        stack_.remember_next();
        return true;
      default:
        return false;
    }
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
        calls_.storage();
        return true;
      case kReduce:
      case kNewObject:
        calls_.call();
        return true;
      case kNewObjectEx:
        calls_.call_with_names();
        return true;
      case kBuild:
        calls_.build();
        return true;
      default:
        return false;
    }
  }

  void protocol(int version) const {
    if (version < 2 || version > 5) stack_.fail(text("has protocol ", version, "; 2 to 5 are read"));
  }

  void frame(std::uint64_t bytes) const {
    if (bytes > in_.left()) stack_.fail("announces more bytes than the file has; it is damaged or incomplete");
  }

  void line_global() {
    const std::string module = in_.line(kMaxGlobalName);
    calls_.name(module, in_.line(kMaxGlobalName));
  }

  void stack_global() {
    const Index name = stack_.pop();
    const Index module = stack_.pop();
    calls_.name(stack_.at(module, Kind::string, "a module's name").text,
                stack_.at(name, Kind::string, "a class's name").text);
  }

  ByteReader& in_;
  PickleStack stack_;
  PickleCalls calls_;
};

}  // namespace

Pickle read_pickle(ByteReader& in) { return Machine(in).run(); }

}  // namespace throng
