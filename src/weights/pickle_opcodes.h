#pragma once

#include <array>
#include <cstdint>
#include <string_view>

// The opcodes of Python's pickletools that read_pickle carries out, and the names of those that it refuses.
namespace throng {

enum Opcode : std::uint8_t {
  kMark = '(',
  kStop = '.',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersistentId = 'Q',
  kReduce = 'R',
  kBinString = 'T',
  kShortBinString = 'U',
  kBinUnicode = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kSetItems = 'u',
  kEmptyDict = '}',
  kEmptyList = ']',
  kEmptyTuple = ')',
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kBinFloat = 'G',
  kProtocol = 0x80,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kTrue = 0x88,
  kFalse = 0x89,
  kNewObject = 0x81,
  kLong1 = 0x8a,
  kLong4 = 0x8b,
  kShortBinUnicode = 0x8c,
  kBinUnicode8 = 0x8d,
  kBinBytes8 = 0x8e,
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kFrozenSet = 0x91,
  kNewObjectEx = 0x92,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
  kByteArray8 = 0x96,
};

struct NamedOpcode {
  std::uint8_t code;
  std::string_view name;
};
// Opcodes that Python knows and a dict of tensors does not need: only their names, for the message.
constexpr std::array<NamedOpcode, 20> kRefused{{
    {'i', "INST"},   {'o', "OBJ"},  {0x82, "EXT1"},    {0x83, "EXT2"},        {0x84, "EXT4"},
    {'P', "PERSID"}, {'0', "POP"},  {'1', "POP_MARK"}, {'2', "DUP"},          {'F', "FLOAT"},
    {'I', "INT"},    {'L', "LONG"}, {'S', "STRING"},   {'V', "UNICODE"},      {'d', "DICT"},
    {'l', "LIST"},   {'g', "GET"},  {'p', "PUT"},      {0x97, "NEXT_BUFFER"}, {0x98, "READONLY_BUFFER"},
}};

}  // namespace throng
