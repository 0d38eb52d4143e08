// NumPy's files: those that it has written, those that it would write, and broken ones.
#include <doctest/doctest.h>

#include <xgrad/xgrad.h>

#include "io/arrays.h"
#include "io/damage.h"
#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;

namespace {

std::string npy_of(const std::string& dictionary, std::size_t data = 0, const std::string& version = "\1") {
  const std::string header = dictionary + "\n";
  return "\x93NUMPY" + version + '\0' + static_cast<char>(header.size() & 0xFF) +
         static_cast<char>(header.size() >> 8) + header + std::string(data, '\0');
}

std::string error_of(const std::string& bytes) {
  const TemporaryFolder folder;
  write_bytes(folder / "x.npy", bytes);
  const std::string text = message_of([&] { load_npy(folder / "x.npy"); });
  CHECK(contains(text, "load_npy: " + (folder / "x.npy") + ": at byte "));
  return text;
}

void check_recorded(const OrderedDict<std::string, Tensor>& arrays) {
  CHECK_EQ(arrays.size(), kDtypeCount - 1 + 5);
#define XGRAD_DTYPE(Name, number, T, name, kind, Compute, Accumulate) \
  if (ScalarType::Name != kBFloat16) CHECK(same(arrays[name], recorded_numbers(ScalarType::Name, {2, 3})));
  XGRAD_DTYPES(XGRAD_DTYPE)
#undef XGRAD_DTYPE
  CHECK(same(arrays["scalar"], tensor(3.5, kDouble)));
  CHECK_EQ(arrays["empty"].sizes(), IntArrayRef{0, 4});
  CHECK(same(arrays["vector"], arange(3)));
  CHECK(same(arrays["fortran"], recorded_numbers(kFloat, {2, 3, 4})));
  CHECK_EQ(arrays["fortran"].strides(), IntArrayRef{1, 2, 6});
  CHECK(same(arrays["big"], recorded_numbers(kInt, {2, 3})));
}

}  // namespace

TEST_CASE("NumPy's arrays are read, stored and compressed, in both orders of elements and of bytes") {
  check_recorded(load_npz(recorded("stored.npz")));
  check_recorded(load_npz(recorded("compressed.npz")));
  for (const char* name : {"plain.npy", "version2.npy", "version3.npy"})
    CHECK(same(load_npy(recorded(name)), recorded_numbers(kFloat, {2, 3})));
}

TEST_CASE("what is written are the bytes that NumPy writes") {
  const TemporaryFolder folder;
  save_npy(recorded_numbers(kFloat, {2, 3}), folder / "a");
  CHECK_EQ(read_bytes(folder / "a"), read_bytes(recorded("plain.npy")));
  auto arrays = load_npz(recorded("stored.npz"));
  save_npz(arrays, folder / "b");
  check_recorded(load_npz(folder / "b"));
}

TEST_CASE("arrays are written compressed too") {
  const TemporaryFolder folder;
  const auto arrays = load_npz(recorded("stored.npz"));
  save_npz(arrays, folder / "a", true);
  check_recorded(load_npz(folder / "a"));
  // Larger than what zlib gives out at a time, and hardly compressible.
  const Tensor large = rand({300, 1000}), zeros_ = zeros({1000, 1000});
  save_npz({{"large", large}, {"zeros", zeros_}, {"none", empty({0})}}, folder / "b", true);
  auto loaded = load_npz(folder / "b");
  CHECK(same(loaded["large"], large));
  CHECK(same(loaded["zeros"], zeros_));
  CHECK_EQ(loaded["none"].numel(), 0);
  const std::size_t size = read_bytes(folder / "b").size();
  CHECK(size > 900'000);
  CHECK(size < 1'200'000);
}

TEST_CASE("a loaded array can be changed in place, and the file stays as it is") {
  const TemporaryFolder folder;
  save_npy(arange(6, kInt).reshape({2, 3}), folder / "a");
  load_npy(folder / "a").mul_(2);
  CHECK(same(load_npy(folder / "a"), arange(6, kInt).reshape({2, 3})));
  save_npz({{"x", ones({2})}}, folder / "b");
  load_npz(folder / "b")["x"].zero_();
  CHECK(same(load_npz(folder / "b")["x"], ones({2})));
}

TEST_CASE("a strided tensor is written as what it shows") {
  const TemporaryFolder folder;
  const Tensor x = arange(12).reshape({3, 4});
  for (const Tensor& view : {x.t(), x.slice(1, 0, 4, 2), x.select(0, 1), x.slice(0, 1, 2)}) {
    save_npy(view, folder / "a");
    CHECK(same(load_npy(folder / "a"), view));
  }
  CHECK_THROWS_AS(save_npy(ones({1}, kBFloat16), folder / "a"), TypeError);
  CHECK_THROWS_AS(save_npy(Tensor(), folder / "a"), ValueError);
}

TEST_CASE("a header that lies is one error with the byte") {
  CHECK(contains(error_of("abc"), "no .npy file"));
  CHECK(contains(error_of(npy_of("{}", 0, "\4")), "version 4.0"));
  CHECK(contains(error_of(npy_of("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 4)),
                 "there are 4 bytes, and float32 of [2] has 8"));
  CHECK(contains(
      error_of(npy_of("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }")),
      "overflows"));
  CHECK(contains(error_of(npy_of("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }")), "a size"));
  CHECK(
      contains(error_of(npy_of("{'descr': '<f4', 'fortran_order': 1, 'shape': (), }", 4)), "True or False"));
  CHECK(contains(error_of(npy_of("{'descr': '<f4', 'descr': '<f4', }")), "no place"));
  CHECK(contains(error_of(npy_of("{'descr': '<f4', 'evil': '<f4', }")), "'evil' has no place"));
  CHECK(contains(error_of(npy_of("{'descr': '|O', 'fortran_order': False, 'shape': (), }")), "no dtype for"));
  CHECK(contains(error_of(npy_of("{'descr': '<f4'}")), "is missing"));
  CHECK(contains(error_of(npy_of("{'descr': '<f4', 'fortran_order': False, 'shape': (")), "a size"));
  CHECK(contains(message_of<TypeError>([] { load_npy(recorded("complex.npy")); }), "'<c8'"));
  CHECK(contains(message_of<TypeError>([] { load_npy(recorded("records.npy")); }), "of records"));
}

TEST_CASE("damaged files of NumPy are refused or read, and nothing else happens") {
  const TemporaryFolder folder;
  check_damaged(read_bytes(recorded("plain.npy")), folder / "x",
                [](const std::string& path) { load_npy(path); });
  check_damaged(read_bytes(recorded("compressed.npz")), folder / "x",
                [](const std::string& path) { load_npz(path); });
}
