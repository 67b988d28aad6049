#include "weights/pickle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weights/pth_bytes.h"

namespace throng {
namespace {

using Kind = PickleObject::Kind;
using testing::HasSubstr;

class PickleBytes : public testing::Test {
 protected:
  Pickle read(const std::string& bytes) const {
    const InputFile file(folder_.write("p.pkl", bytes));
    ByteReader in(file, {0, file.size()});
    Pickle pickle = read_pickle(in);
    EXPECT_EQ(in.left(), 0U);
    return pickle;
  }
  PickleObject value(const std::string& opcodes) const {
    const Pickle pickle = read(pth::pickle(opcodes));
    return pickle[pickle.root];
  }

  ScratchFolder folder_;
};

TEST_F(PickleBytes, NumbersAreWhatPythonMeansByThem) {
  EXPECT_EQ(value("K\xff").integer, 255);
  EXPECT_EQ(value("M\xff\xff").integer, 65535);
  EXPECT_EQ(value("J\xff\xff\xff\xff").integer, -1);
  EXPECT_EQ(value(little_endian(0x8a, 2)).integer, 0);
  EXPECT_EQ(value("\x8a\x01\x80").integer, -128);
  EXPECT_EQ(value(little_endian(0x0080028a, 4)).integer, 128);
  EXPECT_EQ(value(text("\x8b", little_endian(1, 4), "\x80")).integer, -128);
  const PickleObject big = value("\x8a\x09" + little_endian(0, 8) + "\x01");  // 1 << 64
  EXPECT_EQ(big.kind, Kind::big_integer);
  EXPECT_EQ(big.text, little_endian(0, 8) + "\x01");
  // 1.5 is 3ff8000000000000, big-endian.
  EXPECT_EQ(value("G\x3f\xf8" + little_endian(0, 6)).real, 1.5);
  EXPECT_EQ(value("\x88").integer, 1);
  EXPECT_EQ(value("\x89").kind, Kind::boolean);
  EXPECT_EQ(value("N").kind, Kind::none);
}

// pickle.dumps({'a': (1, [2, None]), 'b': 'x'}, protocol=4) of CPython 3.11.
TEST_F(PickleBytes, ReadsWhatPythonWrote) {
  const std::string bytes = std::string("\x80\x04\x95\x1c\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01", 16) +
                            "a\x94K\x01]\x94(K\x02Ne\x86\x94\x8c\x01" + "b\x94\x8c\x01x\x94u.";
  const Pickle pickle = read(bytes);
  const PickleObject& dict = pickle[pickle.root];
  ASSERT_EQ(dict.kind, Kind::dict);
  ASSERT_EQ(dict.items.size(), 4U);
  EXPECT_EQ(pickle[dict.items[0]].text, "a");
  const PickleObject& tuple = pickle[dict.items[1]];
  ASSERT_EQ(tuple.kind, Kind::tuple);
  EXPECT_EQ(pickle[tuple.items[0]].integer, 1);
  const PickleObject& list = pickle[tuple.items[1]];
  ASSERT_EQ(list.kind, Kind::list);
  EXPECT_EQ(pickle[list.items[0]].integer, 2);
  EXPECT_EQ(pickle[list.items[1]].kind, Kind::none);
  EXPECT_EQ(pickle[dict.items[3]].text, "x");
}

TEST_F(PickleBytes, RememberedObjectsAreShared) {
  const Pickle pickle = read(pth::pickle("]q\x05h\x05\x86"));
  const PickleObject& pair = pickle[pickle.root];
  EXPECT_EQ(pair.items.at(0), pair.items.at(1));
}

TEST_F(PickleBytes, WhatIsCalledByAnUnknownNameIsOpaque) {
  const PickleObject name = value(pth::global("os", "system"));
  EXPECT_EQ(name.kind, Kind::opaque);
  EXPECT_EQ(name.text, "os.system");
  EXPECT_EQ(value(pth::global("os", "system") + pth::str("touch harm") + "\x85R").kind, Kind::opaque);
  EXPECT_EQ(value(pth::global("a", "B") + ")\x81}b").kind, Kind::opaque);
  EXPECT_EQ(value(pth::global("a", "B") + ")}\x92").kind, Kind::opaque);
  EXPECT_EQ(value(pth::global("a", "B") + ")R)R").kind, Kind::opaque) << "what it made is called";
  EXPECT_EQ(value("C\x03"
                  "abc")
                .kind,
            Kind::opaque);
  EXPECT_EQ(value("\x8f(K\x01\x90").kind, Kind::opaque);
  EXPECT_EQ(value("(K\x01\x91").kind, Kind::opaque);
}

TEST_F(PickleBytes, AnOpaqueObjectThatIsFilledBecomesWhatItIsFilledAs) {
  const PickleObject dict = value(pth::global("a", "Dict") + ")R" + pth::str("k") + "K\x01s");
  EXPECT_EQ(dict.kind, Kind::dict);
  EXPECT_EQ(dict.items.size(), 2U);
  EXPECT_EQ(value(pth::global("a", "List") + ")RK\x01"
                                             "a")
                .kind,
            Kind::list);
  const std::string both = pth::global("a", "Both") +
                           ")RK\x01"
                           "aK\x01K\x02s";
  EXPECT_THAT(error_of([&] { value(both); }), HasSubstr("needs a dict"));
}

}  // namespace
}  // namespace throng
