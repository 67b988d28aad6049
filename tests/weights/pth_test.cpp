#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/file.h"
#include "weights/pth_bytes.h"
#include "weights/tensor_file.h"

namespace throng {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names_of(const TensorFile& file) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : file.tensors) names.push_back(name);
  return names;
}

std::string floats(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

std::vector<float> values_of(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.to(at::kFloat).reshape(-1);
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

// --- files that torch wrote ---

/// Runs make_pth.py once, with the first Python that has torch.
class PthOfTorch : public testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() {
    folder_ = new ScratchFolder;
    for (const std::string python : {THRONG_SOURCE_DIR "/.venv/bin/python", "python3"}) {
      const std::string command = "'" + python + "' " THRONG_SOURCE_DIR "/tests/weights/make_pth.py '" +
                                  folder_->path().string() + "' 2>'" + (folder_->path() / "log").string() + "'";
      const int status = std::system(command.c_str());
      const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
      made_ = code == 0;
      constexpr int kNoTorch = 3;
      constexpr int kNoPython = 127;
      if (code == kNoTorch || code == kNoPython) continue;
      EXPECT_TRUE(made_) << read_text_file(folder_->path() / "log");
      return;
    }
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  void SetUp() override {
    if (!made_) GTEST_SKIP() << "no Python with torch was found to write the files";
  }

  static std::filesystem::path path(const std::string& kind) { return folder_->path() / (GetParam() + kind + ".pth"); }
  static std::filesystem::path harm() { return folder_->path() / "harm_was_done"; }

 private:
  static inline ScratchFolder* folder_ = nullptr;
  static inline bool made_ = false;
};

/// The values of state_dict() in make_pth.py.
std::map<std::string, at::Tensor> expected_state() {
  const auto range = [](int count) { return at::arange(count, at::kFloat); };
  return {
      {"conv.weight", (range(24) / 8 - 1).reshape({2, 3, 2, 2})},
      {"conv.bias", at::tensor({0.5F, -0.25F})},
      {"f64", at::tensor({0.0, 1.0 / 3, 2.0 / 3}, at::kDouble)},
      {"f16", (range(6) / 4).to(at::kHalf)},
      {"bf16", (range(6) * 3).to(at::kBFloat16)},
      {"i64", at::tensor(std::vector<std::int64_t>{-5, std::int64_t{1} << 40})},
      {"i32", at::tensor({-70000, 70000}, at::kInt)},
      {"i16", at::tensor({-300, 300}, at::kShort)},
      {"i8", at::tensor({-128, 127}, at::kChar)},
      {"u8", at::tensor({0, 255}, at::kByte)},
      {"flags", at::tensor({1, 0, 1}, at::kInt).to(at::kBool)},
      {"scalar", at::scalar_tensor(7.5, at::kFloat)},
      {"empty", at::zeros({0, 3})},
      {"transposed", at::tensor({0.0F, 3.0F, 1.0F, 4.0F, 2.0F, 5.0F}).reshape({3, 2})},
      {"every_second", at::tensor({5.0F, 7.0F, 9.0F, 11.0F, 13.0F})},
      {"middle", at::tensor({8.0F, 9.0F, 10.0F, 11.0F})},
      {"expanded", at::tensor({2.0F, 2.0F, 2.0F, 3.0F, 3.0F, 3.0F}).reshape({2, 3}).t().reshape({3, 2})},
      {"channels_last", range(24).reshape({1, 2, 3, 4})},
      {"tied_a", range(4)},
      {"tied_b", range(4).reshape({2, 2})},
  };
}

void expect_state(const TensorFile& file) {
  const auto expected = expected_state();
  EXPECT_EQ(file.tensors.size(), expected.size());
  for (const auto& [name, tensor] : expected) {
    const auto found = file.tensors.find(name);
    ASSERT_NE(found, file.tensors.end()) << name;
    EXPECT_EQ(found->second.scalar_type(), tensor.scalar_type()) << name;
    EXPECT_TRUE(found->second.is_contiguous()) << name;
    EXPECT_TRUE(found->second.equal(tensor)) << name << "\n" << found->second;
  }
}

TEST_P(PthOfTorch, HoldsEveryTypeAndLayout) { expect_state(read_tensor_file(path(""))); }
TEST_P(PthOfTorch, MayHaveALaterProtocol) { expect_state(read_pth(path("_protocol4"))); }
TEST_P(PthOfTorch, MayBeNestedBesideAnOptimiser) { expect_state(read_pth(path("_nested"))); }
TEST_P(PthOfTorch, MayBeNestedUnderAnyName) { expect_state(read_pth(path("_unusual"))); }

TEST_P(PthOfTorch, LosesItsModulePrefix) {
  const TensorFile file = read_pth(path("_module"));
  EXPECT_THAT(names_of(file), ElementsAre("0.bias", "0.weight", "1.bias", "1.num_batches_tracked", "1.running_mean",
                                          "1.running_var", "1.weight"));
  EXPECT_THAT(values_of(file.tensors.at("0.bias")), ElementsAre(2, 2));
  EXPECT_THAT(values_of(file.tensors.at("1.bias")), ElementsAre(4, 4));
  EXPECT_EQ(file.tensors.at("0.weight").sizes(), (std::vector<std::int64_t>{2, 1, 1, 1}));
}

TEST_P(PthOfTorch, MayHoldParameters) {
  const TensorFile file = read_pth(path("_parameters"));
  EXPECT_THAT(names_of(file), ElementsAre("0.bias", "0.weight", "1.bias", "1.weight"));
  EXPECT_THAT(values_of(file.tensors.at("1.weight")), ElementsAre(3, 3));
  EXPECT_FALSE(file.tensors.at("1.weight").requires_grad());
}

TEST_P(PthOfTorch, NeverRunsCode) {
  EXPECT_THAT(names_of(read_pth(path("_harmful"))), ElementsAre("weight"));
  EXPECT_FALSE(std::filesystem::exists(harm()));
}

TEST_P(PthOfTorch, RefusesWhatIsNotWeights) {
  EXPECT_THAT(error_of([&] { read_pth(path("_whole")); }), AllOf(HasSubstr("no dict of tensors"), HasSubstr("Linear")));
  EXPECT_THAT(error_of([&] { read_pth(path("_list")); }), HasSubstr("no dict of tensors"));
  EXPECT_THAT(error_of([&] { read_pth(path("_complex")); }), HasSubstr("torch.ComplexFloatStorage"));
}

TEST_P(PthOfTorch, MayStandBesideWhatOtherClassesMake) {
  for (const char* kind : {"_surrounded2", "_surrounded4", "_surrounded5"}) {
    SCOPED_TRACE(kind);
    expect_state(read_pth(path(kind)));
  }
}

TEST_P(PthOfTorch, TruncatedAnywhereIsAnError) {
  const std::string bytes = read_text_file(path("_nested"));
  const ScratchFolder scratch;
  for (std::size_t length = 0; length < bytes.size(); length += 13) {
    error_of([&] { read_tensor_file(scratch.write("cut.pth", bytes.substr(0, length))); });
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, PthOfTorch, testing::Values("zip", "legacy"),
                         [](const auto& info) { return info.param; });

using PthOfTorchAlone = PthOfTorch;
TEST_P(PthOfTorchAlone, OtherFilesAreRefused) {
  EXPECT_THAT(error_of([&] { read_pth(path("torchscript")); }), HasSubstr("TorchScript"));
  EXPECT_THAT(error_of([&] { read_pth(path("bare_pickle")); }), HasSubstr("posix.system"));
  EXPECT_FALSE(std::filesystem::exists(harm()));
}
INSTANTIATE_TEST_SUITE_P(Formats, PthOfTorchAlone, testing::Values(""));

// --- files built here, in both formats ---

using Storages = std::vector<pth::StorageBytes>;

class Pth : public testing::TestWithParam<std::string> {
 protected:
  static std::string bytes(const std::string& opcodes, const Storages& storages) {
    return GetParam() == "zip" ? pth::zip_file(opcodes, storages) : pth::legacy_file(opcodes, storages);
  }
  TensorFile read(const std::string& opcodes, const Storages& storages = kSix) const {
    return read_tensor_file(scratch_.write("file.pth", bytes(opcodes, storages)));
  }
  std::string error(const std::string& opcodes, const Storages& storages = kSix) const {
    return error_of([&] { read(opcodes, storages); });
  }
  /// A file with this one tensor, of the storage of six floats.
  static std::string one(const std::string& tensor) { return pth::dict({{"weight", tensor}}); }
  static std::string six() { return pth::storage("FloatStorage", "7", 6); }

  static inline const Storages kSix{{"7", floats({0, 1, 2, 3, 4, 5}), 6}};
  ScratchFolder scratch_;
};
INSTANTIATE_TEST_SUITE_P(Formats, Pth, testing::Values("zip", "legacy"), [](const auto& info) { return info.param; });

TEST_P(Pth, ReadsAViewWithOffsetAndStrides) {
  const TensorFile file = read(one(pth::tensor(six(), 1, {2, 2}, {1, 2})));
  EXPECT_THAT(values_of(file.tensors.at("weight")), ElementsAre(1, 3, 2, 4));
}

TEST_P(Pth, ReadsWhatPython2AndOldTorchWrote) {
  const auto old_string = [](const std::string& value) { return "U" + little_endian(value.size(), 1) + value; };
  const std::string view = "(" + pth::str("view") + pth::integer(2) + pth::integer(3) + "t";
  const std::string storage = "(" + old_string("storage") + pth::global("torch", "FloatStorage") + old_string("7") +
                              old_string("cuda:0") + "K\x06" + view + "tQ";
  const std::string tensor = pth::global("torch._utils", "_rebuild_tensor") + "(" + storage + "K\x01" +
                             pth::tuple({2}) + pth::tuple({1}) + "tR";
  const std::string pairs =
      pth::global("collections", "OrderedDict") + "(](](" + old_string("weight") + tensor + "eetR";
  EXPECT_THAT(values_of(read(pairs).tensors.at("weight")), ElementsAre(3, 4));
}

TEST_P(Pth, OfEqualKeysTheLastCounts) {
  const TensorFile file = read(pth::dict(
      {{"weight", pth::tensor(six(), 0, {1}, {1})}, {"weight", pth::tensor(six(), 5, {1}, {1})}, {"epoch", "K\x03"}}));
  EXPECT_THAT(names_of(file), ElementsAre("weight"));
  EXPECT_THAT(values_of(file.tensors.at("weight")), ElementsAre(5));
}

TEST_P(Pth, KeepsAModulePrefixThatNotAllNamesHave) {
  const std::string weight = pth::tensor(six(), 0, {1}, {1});
  EXPECT_THAT(names_of(read(pth::dict({{"module.a", weight}, {"b", weight}}))), ElementsAre("b", "module.a"));
}

TEST_P(Pth, RefusesFunctionsAndOpcodesByName) {
  const auto call = [](const std::string& module, const std::string& name) {
    return pth::dict({{"weight", pth::global(module, name) + "(" + pth::str("1+1") + "tR"}});
  };
  const auto refused = [&](const std::string& what) { return AllOf(HasSubstr(what), HasSubstr("never run")); };
  EXPECT_THAT(error(call("os", "system"), {}), refused("'os.system'"));
  EXPECT_THAT(error(call("builtins", "eval"), {}), refused("'builtins.eval'"));
  EXPECT_THAT(error(call("__builtin__", "getattr"), {}), refused("'__builtin__.getattr'"));
  EXPECT_THAT(error(call("torch", "load"), {}), refused("'torch.load'"));
  EXPECT_THAT(error(call("torch._utils", "_rebuild_tensor_v3")), refused("'torch._utils._rebuild_tensor_v3'"));
  EXPECT_THAT(error(pth::str("os") + pth::str("system") + "\x93", {}), refused("'os.system'"));
  EXPECT_THAT(error(call("torch", "float32")), refused("'torch.float32'"));
  EXPECT_THAT(error("(" + pth::str("1+1") + "ios\nsystem\n"), refused("INST"));
  EXPECT_THAT(error(pth::global("torch", "Size") + ")\x81"), refused("'torch.Size' with 0"));
  EXPECT_THAT(error(pth::global("torch._utils", "_rebuild_qtensor") + ")R"),
              refused("'torch._utils._rebuild_qtensor'"));
  EXPECT_THAT(error("0"), refused("POP"));
  EXPECT_THAT(error("\x82\x01"), refused("EXT1"));
  EXPECT_THAT(error("K\x01}b"), refused("BUILD"));
  EXPECT_THAT(error("(" + pth::str("module") + "NNNNtQ"), refused("not a tensor's storage"));
  EXPECT_THAT(error("K\x01)R"), refused("calls something"));
  EXPECT_THAT(error("\xff"), HasSubstr("255"));
}

/// As NumPy writes a number: a call of numpy.core.multiarray.scalar with a dtype that was given a state, and bytes.
std::string numpy_scalar() {
  const std::string dtype = pth::global("numpy", "dtype") + pth::str("f8") + "\x89\x88\x87R" + "(K\x03" +
                            pth::str("<") + "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x01tb";
  const std::string bytes = pth::global("_codecs", "encode") + pth::str("12345678") + pth::str("latin1") + "\x86R";
  return pth::global("numpy.core.multiarray", "scalar") + dtype + bytes + "\x86R";
}

TEST_P(Pth, PassesOverWhatOtherClassesMake) {
  const std::string weight = pth::tensor(six(), 4, {1}, {1});
  const std::string name_space =
      pth::global("argparse", "Namespace") + ")\x81}(" + pth::str("net") + one(pth::tensor(six(), 0, {1}, {1})) + "ub";
  const std::string called = pth::global("os", "system") + pth::str("touch harm") + "\x85R";
  const std::string with_names = pth::global("a", "B") + ")}\x92";
  const TensorFile file = read(pth::dict({{"args", name_space},
                                          {"best", numpy_scalar()},
                                          {"harm", called},
                                          {"made", with_names},
                                          {"raw", std::string("C\x03") + "abc"},
                                          {"set", "\x8f(K\x01K\x02\x90"},
                                          {"model", one(weight)}}));
  EXPECT_THAT(names_of(file), ElementsAre("weight"));
  EXPECT_THAT(values_of(file.tensors.at("weight")), ElementsAre(4));
}

TEST_P(Pth, ADictOfAnotherClassIsADict) {
  const std::string weight = pth::str("weight") + pth::tensor(six(), 3, {1}, {1});
  const TensorFile file = read(pth::global("mine", "StateDict") + ")R(" + weight + "u}b");
  EXPECT_THAT(values_of(file.tensors.at("weight")), ElementsAre(3));
  EXPECT_THAT(error(pth::global("mine", "List") + ")R(" + weight + "e"),
              AllOf(HasSubstr("no dict of tensors"), HasSubstr("'mine.List'")));
}

TEST_P(Pth, NamesThatArePutTogetherAreLimited) {
  // A name of a megabyte, and forty thousand classes of five hundred bytes out of two strings.
  const auto named = [](std::size_t bytes, int times) {
    std::string opcodes = "](" + pth::str(std::string(bytes, 'm')) + "q\x01";
    for (int i = 0; i < times; ++i) opcodes += "h\x01h\x01\x93";
    return opcodes + "e";
  };
  EXPECT_THAT(error(named(1 << 20, 1)), HasSubstr("without end"));
  EXPECT_THAT(error(named(250, 40'000)), HasSubstr("without end"));
  EXPECT_THAT(error(named(250, 100), {}), HasSubstr("no dict of tensors"));
}

TEST_P(Pth, NamesInMessagesAreHarmless) {
  const std::string name = "\x1b[31m" + std::string(10'000, 'a');
  const std::string message = error(pth::global("os", "\x1b[2J"), {});
  EXPECT_THAT(message, HasSubstr("'os.?[2J'"));
  EXPECT_THAT(error(pth::dict({{name, pth::tensor(six(), 0, {1}, {1})}})), HasSubstr("10005 bytes"));
}

TEST_P(Pth, RefusesTensorsOutsideTheirStorage) {
  const auto view = [&](std::int64_t offset, const std::vector<std::int64_t>& sizes,
                        const std::vector<std::int64_t>& strides) {
    return error(one(pth::tensor(six(), offset, sizes, strides)));
  };
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  EXPECT_THAT(view(0, {7}, {1}), HasSubstr("beyond the end of its storage"));
  EXPECT_THAT(view(6, {1}, {1}), HasSubstr("beyond"));
  EXPECT_THAT(view(7, {0}, {1}), HasSubstr("beyond"));
  EXPECT_THAT(view(0, {2}, {6}), HasSubstr("beyond"));
  EXPECT_THAT(view(0, {3, 3}, {kHuge, kHuge}), HasSubstr("beyond"));
  EXPECT_THAT(view(std::numeric_limits<std::int64_t>::max(), {1}, {1}), HasSubstr("beyond"));
  EXPECT_THAT(view(-1, {1}, {1}), HasSubstr("impossible"));
  EXPECT_THAT(view(0, {1, 1}, {1}), HasSubstr("impossible"));
  EXPECT_THAT(view(0, {kHuge, 4}, {0, 0}), HasSubstr("impossible"));
  EXPECT_THAT(view(0, {0, kHuge, 4}, {1, 1, 1}), HasSubstr("impossible"));
  EXPECT_THAT(view(0, {-1}, {1}), HasSubstr("natural number"));
  EXPECT_THAT(view(0, {2}, {-1}), HasSubstr("natural number"));
  const std::vector<std::int64_t> many(17, 1);
  EXPECT_THAT(view(0, many, many), HasSubstr("17 dimensions"));
}

TEST_P(Pth, RefusesViewsThatWouldFillTheMemory) {
  constexpr std::int64_t kGibi = std::int64_t{1} << 30;
  EXPECT_THAT(error(one(pth::tensor(six(), 0, {kGibi}, {0}))), HasSubstr("larger than the file"));
  std::vector<std::pair<std::string, std::string>> entries;
  for (int i = 0; i < 10; ++i) entries.emplace_back(std::to_string(i), pth::tensor(six(), 0, {1 << 20}, {0}));
  EXPECT_THAT(error(pth::dict(entries)), HasSubstr("larger than the file"));
}

TEST_P(Pth, RefusesStoragesThatLie) {
  const auto of = [](const std::string& storage) { return one(pth::tensor(storage, 0, {1}, {1})); };
  error(of(pth::storage("FloatStorage", "7", 5)));
  error(of(pth::storage("FloatStorage", "7", std::int64_t{1} << 62)));
  EXPECT_THAT(error(of(pth::storage("FloatStorage", "7", -6))), HasSubstr("negative"));
  error(of(pth::storage("DoubleStorage", "7", 6)));
  error(of(pth::storage("FloatStorage", "8", 6)));
  EXPECT_THAT(error(of(pth::storage("FloatStorage", std::string(300, '7'), 6))), HasSubstr("huge key"));
  EXPECT_THAT(error(of(six()), {{"7", floats({1, 2}), 6}}), HasSubstr("7"));
  EXPECT_THAT(error(of(pth::storage("BoolStorage", "7", 2)), {{"7", std::string("\x01\x02"), 2}}), HasSubstr("bool"));
  EXPECT_THAT(error(pth::dict({{"a", pth::tensor(six(), 0, {1}, {1})},
                               {"b", pth::tensor(pth::storage("IntStorage", "7", 6), 0, {1}, {1})}})),
              HasSubstr("in two ways"));
}

TEST_P(Pth, RefusesABrokenStackAndMemo) {
  for (const std::string opcodes :
       {"",      "R",     "t",  "s",  "u",    "a",   "e",   "\x85", "\x93", "b",          "Q",
        "q\x01", "h\x01", "Nt", "(N", "}(Nu", "]Ns", "}Na", "(a",   "}(s",  "Nq\x01h\x02"}) {
    EXPECT_THAT(error(opcodes), HasSubstr("pickle")) << opcodes;
  }
  EXPECT_THAT(error("Nr" + little_endian(0xffffffff, 4)), HasSubstr("memo"));
  EXPECT_THAT(error("X" + little_endian(0xfffffff0, 4)), HasSubstr("ends too early"));
  EXPECT_THAT(error("\x8d" + little_endian(~std::uint64_t{0}, 8)), HasSubstr("ends too early"));
  EXPECT_THAT(error("\x95" + little_endian(~std::uint64_t{0}, 8)), HasSubstr("announces"));
}

TEST_P(Pth, SurvivesDeepAndCyclicNesting) {
  constexpr int kDeep = 300'000;
  std::string lists;
  for (int i = 0; i < kDeep; ++i) lists += "]";
  lists += std::string(kDeep - 1, 'a');
  EXPECT_THAT(error(lists, {}), HasSubstr("no dict of tensors"));
  std::string dicts;
  for (int i = 0; i < kDeep; ++i) dicts += "}U\x05model";
  dicts += "}" + std::string(kDeep, 's');
  EXPECT_THAT(error(dicts, {}), HasSubstr("no dict of tensors"));
  const std::string itself = "}q\x01U\x05modelh\x01sU\x01zh\x01s";
  EXPECT_THAT(error(itself, {}), HasSubstr("no dict of tensors"));
}

TEST_P(Pth, SharedTuplesAreNotExpanded) {
  // Sixty tuples, each of the one before twice: 2^60 values if they were walked.
  std::string laughs = "NN\x86";
  for (int i = 0; i < 60; ++i) laughs += "q\x01h\x01\x86";
  const TensorFile file = read(pth::dict({{"laughs", laughs}, {"weight", pth::tensor(six(), 2, {1}, {1})}}));
  EXPECT_THAT(values_of(file.tensors.at("weight")), ElementsAre(2));
}

TEST_P(Pth, CopiesOfOneListAreLimited) {
  // A list of 3,000 pairs that 3,000 dicts are made of: nine million pairs in 30 kB.
  std::string bomb = "](";
  for (int i = 0; i < 3000; ++i) bomb += "NN\x86";
  bomb += "e\x85q\x01";
  bomb += pth::global("collections", "OrderedDict") + "q\x02(";
  for (int i = 0; i < 3000; ++i) bomb += "h\x02h\x01R";
  EXPECT_THAT(error(bomb + "t"), HasSubstr("copies more than"));
}

/// Whatever a flipped bit does, the reader throws Error or returns tensors that can be used.
TEST_P(Pth, BitFlipsAndTruncationDoNoHarm) {
  const std::string weights = pth::dict({{"model", pth::dict({{"module.a", pth::tensor(six(), 1, {2, 2}, {1, 2})},
                                                              {"module.b", pth::tensor(six(), 0, {6}, {1})}})},
                                         {"epoch", "K\x03"}});
  const std::string good = bytes(weights, kSix);
  EXPECT_THAT(names_of(read_tensor_file(scratch_.write("good.pth", good))), ElementsAre("a", "b"));
  for (std::size_t length = 0; length < good.size(); ++length) {
    error_of([&] { read_tensor_file(scratch_.write("cut.pth", good.substr(0, length))); });
  }
  int refused = 0;
  for (std::size_t bit = 0; bit < good.size() * 8; bit += 3) {
    std::string flipped = good;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto path = scratch_.write("flipped.pth", flipped);
    try {
      for (const auto& [name, tensor] : read_tensor_file(path).tensors) {
        EXPECT_LE(tensor.nbytes(), good.size()) << name;
        EXPECT_EQ(values_of(tensor).size(), static_cast<std::size_t>(tensor.numel()));
      }
    } catch (const Error& error) {
      ++refused;
      EXPECT_EQ(error.kind(), ErrorKind::model) << error.what();
    }
  }
  EXPECT_GT(refused, static_cast<int>(good.size() / 3));
}

// --- each format's own ways to be wrong ---

std::string good_pickle() {
  return pth::dict({{"weight", pth::tensor(pth::storage("FloatStorage", "7", 2), 0, {2}, {1})}});
}

std::string error_of_bytes(const std::string& bytes) {
  const ScratchFolder scratch;
  return error_of([&] { read_tensor_file(scratch.write("file.pth", bytes)); });
}

TEST(PthZip, RefusesBadArchives) {
  using Entries = std::vector<pth::ZipEntry>;
  const Entries good{{.name = "a/data.pkl", .bytes = pth::pickle(good_pickle())},
                     {.name = "a/data/7", .bytes = floats({1, 2})}};
  const ScratchFolder scratch;
  const TensorFile file = read_pth(scratch.write("good.pth", pth::zip_archive(good)));
  EXPECT_THAT(values_of(file.tensors.at("weight")), ElementsAre(1, 2));

  const auto changed = [&](auto&& change) {
    Entries entries = good;
    change(entries);
    return error_of_bytes(pth::zip_archive(entries));
  };
  EXPECT_THAT(changed([](Entries& e) { e[1].method = 8; }), HasSubstr("'a/data/7' of the zip archive is compressed"));
  EXPECT_THAT(changed([](Entries& e) { e[1].flags = 1; }), HasSubstr("encrypted"));
  EXPECT_THAT(changed([](Entries& e) { e.push_back(e[1]); }), HasSubstr("same name"));
  EXPECT_THAT(changed([](Entries& e) { e[1].lie_about_size = 1 << 20; }), HasSubstr("beyond the end"));
  EXPECT_THAT(changed([](Entries& e) { e[1].lie_about_size = -4; }), HasSubstr("should hold 2 elements"));
  EXPECT_THAT(changed([](Entries& e) { e[1].lie_about_offset = 1 << 20; }), HasSubstr("beyond the end"));
  EXPECT_THAT(changed([](Entries& e) { e[1].lie_about_offset = 1; }), HasSubstr("no header"));
  EXPECT_THAT(changed([](Entries& e) { e.pop_back(); }), HasSubstr("'7'"));
  EXPECT_THAT(changed([](Entries& e) { e[0].name = "a/other"; }), HasSubstr("without data.pkl"));
  EXPECT_THAT(changed([](Entries& e) { e.push_back({.name = "a/constants.pkl", .bytes = ""}); }),
              HasSubstr("TorchScript"));
  EXPECT_THAT(changed([](Entries& e) { e.push_back({.name = "a/byteorder", .bytes = "big"}); }),
              HasSubstr("big-endian"));
  EXPECT_THAT(error_of_bytes("PK\x03\x04"), HasSubstr("end"));
}

TEST(PthZip, EntriesThatOverlapCannotFillTheMemory) {
  // Four hundred names for one megabyte of bytes.
  constexpr int kNames = 400;
  constexpr std::int64_t kFloats = 1 << 18;
  std::vector<std::pair<std::string, std::string>> tensors;
  std::vector<pth::ZipEntry> entries{{.name = "a/data/0", .bytes = std::string(kFloats * 4, '\0')}};
  for (int i = 0; i < kNames; ++i) {
    const std::string key = std::to_string(i);
    tensors.emplace_back(key, pth::tensor(pth::storage("FloatStorage", key, kFloats), 0, {kFloats}, {1}));
    // A local header that was written alone: the directory makes its entry as long as the first.
    if (i > 0) entries.push_back({.name = "a/data/" + key, .bytes = "", .lie_about_size = kFloats * 4});
  }
  entries.push_back({.name = "a/data.pkl", .bytes = pth::pickle(pth::dict(tensors)) + std::string(kFloats * 4, '\0')});
  EXPECT_THAT(error_of_bytes(pth::zip_archive(entries)), HasSubstr("larger than the file"));
}

TEST(PthZip, ReadsZip64Numbers) {
  // The entry's sizes and place in zip64 form, and an end record that points to a zip64 one.
  const std::string data = pth::pickle(good_pickle());
  std::string out;
  std::string directory;
  for (const auto& [name, bytes] :
       {std::pair<std::string, std::string>{"a/data.pkl", data}, {"a/data/7", floats({8, 9})}}) {
    const std::string ones = little_endian(0xffffffff, 4);
    const std::string sizes = little_endian(bytes.size(), 8) + little_endian(bytes.size(), 8);
    const std::string other = little_endian(0xcafe, 2) + little_endian(2, 2) + "xx";
    const std::string extra = other + little_endian(1, 2) + little_endian(24, 2) + sizes + little_endian(out.size(), 8);
    directory += "PK\x01\x02" + std::string(16, '\0') + ones + ones + little_endian(name.size(), 2) +
                 little_endian(extra.size(), 2) + std::string(10, '\0') + ones + name + extra;
    out += "PK\x03\x04" + std::string(14, '\0') + ones + ones + little_endian(name.size(), 2) + little_endian(3, 2) +
           name + "pad" + bytes;
  }
  const std::string end64 = "PK\x06\x06" + little_endian(44, 8) + std::string(12, '\0') + little_endian(2, 8) +
                            little_endian(2, 8) + little_endian(directory.size(), 8) + little_endian(out.size(), 8);
  const std::string locator =
      "PK\x06\x07" + little_endian(0, 4) + little_endian(out.size() + directory.size(), 8) + little_endian(1, 4);
  const std::string end = "PK\x05\x06" + std::string(4, '\0') + std::string(12, '\xff') + little_endian(4, 2) + "note";
  const ScratchFolder scratch;
  const TensorFile file = read_pth(scratch.write("zip64.pth", out + directory + end64 + locator + end));
  EXPECT_THAT(values_of(file.tensors.at("weight")), ElementsAre(8, 9));
  EXPECT_THAT(error_of_bytes(out + directory + end64 + end), HasSubstr("zip64"));
}

TEST(PthLegacy, RefusesBadFiles) {
  const std::vector<pth::StorageBytes> storages{{"7", floats({1, 2}), 2}};
  const std::string good = pth::legacy_file(good_pickle(), storages);
  EXPECT_THAT(error_of_bytes(pth::legacy_file(good_pickle(), storages, false)), HasSubstr("big-endian"));
  EXPECT_THAT(error_of_bytes(pth::legacy_file(good_pickle(), {})), HasSubstr("'7'"));
  EXPECT_THAT(error_of_bytes(pth::legacy_file(good_pickle(), {storages[0], storages[0]})), HasSubstr("twice"));
  EXPECT_THAT(error_of_bytes(pth::legacy_file(good_pickle(), {storages[0], {"8", "", 0}})), HasSubstr("'8'"));
  EXPECT_THAT(error_of_bytes(pth::legacy_file(good_pickle(), {{"7", floats({1, 2}), std::int64_t{1} << 62}})),
              HasSubstr("ends inside storage '7'"));
  EXPECT_THAT(error_of_bytes(pth::legacy_file(good_pickle(), {{"7", floats({1, 2}), -1}})), HasSubstr("ends inside"));
  EXPECT_THAT(error_of_bytes(pth::pickle(good_pickle())), HasSubstr("torch.save did not write"));
  std::string other_version = good;
  other_version[other_version.find('M') + 1] = '\x00';
  EXPECT_THAT(error_of_bytes(other_version), HasSubstr("unknown version"));
}

TEST(PthFile, RefusesWhatIsNoFileOfWeights) {
  const ScratchFolder scratch;
  EXPECT_THAT(error_of_bytes(""), HasSubstr("no weight file"));
  EXPECT_THAT(error_of_bytes("GIF89a, a picture"), HasSubstr("no weight file"));
  EXPECT_THAT(error_of([&] { read_pth(scratch.write("x.pth", "GIF89a")); }), HasSubstr("no .pth file"));
  EXPECT_THAT(error_of([&] { read_pth(scratch.path() / "none.pth"); }), HasSubstr("none.pth"));
  EXPECT_THAT(error_of([&] { read_tensor_file(scratch.path()); }), HasSubstr("not a regular file"));
}

}  // namespace
}  // namespace throng
