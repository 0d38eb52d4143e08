// safetensors files: those that Python's library has written, those that it would write, and broken ones.
#include <doctest/doctest.h>

#include <xgrad/xgrad.h>

#include "io/arrays.h"
#include "io/damage.h"
#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;

namespace {

const char* const kAll = "all.safetensors";

std::string file_of(const std::string& header, std::size_t data = 0) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  return bytes + header + std::string(data, '\0');
}

std::string error_of(const std::string& header, std::size_t data = 0) {
  const TemporaryFolder folder;
  write_bytes(folder / "x.safetensors", file_of(header, data));
  const std::string text = message_of([&] { load_safetensors(folder / "x.safetensors"); });
  CHECK(contains(text, "load_safetensors: " + (folder / "x.safetensors")));
  return text;
}

std::string tensor_entry(const std::string& offsets, const std::string& shape = "[1]") {
  return R"({"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

}  // namespace

TEST_CASE("a file of Python's library is read with every dtype") {
  const auto tensors = load_safetensors(recorded(kAll));
  CHECK_EQ(tensors.size(), kDtypeCount + 3);
#define XGRAD_DTYPE(Name, number, T, name, kind, Compute, Accumulate) \
  CHECK(same(tensors[name], recorded_numbers(ScalarType::Name, {2, 3})));
  XGRAD_DTYPES(XGRAD_DTYPE)
#undef XGRAD_DTYPE
  CHECK(same(tensors["scalar"], tensor(3.5)));
  CHECK_EQ(tensors["empty"].sizes(), IntArrayRef{0, 4});
  CHECK(same(tensors["ä\"\\\n"], ones({1})));
  CHECK_EQ(load_safetensors_metadata(recorded(kAll)), SafetensorsMetadata{{"format", "pt"}});
}

TEST_CASE("what is written are the bytes that Python's library writes") {
  const TemporaryFolder folder;
  auto tensors = load_safetensors(recorded(kAll));
  const Tensor strided = tensors["float32"].t().contiguous().t();
  CHECK_FALSE(strided.is_contiguous());
  tensors["float32"] = strided;
  save_safetensors(tensors, folder / "a", {{"format", "pt"}});
  CHECK_EQ(read_bytes(folder / "a"), read_bytes(recorded(kAll)));
}

TEST_CASE("a loaded tensor can be changed in place, outlives the file, and the file stays as it is") {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  save_safetensors({{"x", arange(20000, kFloat)}}, path);
  const std::string bytes = read_bytes(path);
  const Tensor x = load_safetensors(path)["x"];
  const Tensor other = load_safetensors(path)["x"];
  x.add_(1);
  CHECK_EQ(x[19999].item<float>(), 20000);
  CHECK_EQ(other[19999].item<float>(), 19999);
  CHECK_EQ(read_bytes(path), bytes);
  save_safetensors({{"x", x}}, path);
  CHECK_EQ(x[0].item<float>(), 1);
  CHECK_EQ(load_safetensors(path)["x"][0].item<float>(), 1);
}

TEST_CASE("elements that are not aligned, and bools that are neither 0 nor 1, are copied") {
  const TemporaryFolder folder;
  std::string bytes = file_of(
      R"({"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]},"b":)" + tensor_entry("[1,5]") + "}", 5);
  bytes[bytes.size() - 5] = 2;
  write_bytes(folder / "a", bytes);
  const auto tensors = load_safetensors(folder / "a");
  CHECK(same(tensors["a"], tensor(true).reshape({1})));
  CHECK(same(tensors["b"], zeros({1})));
}

TEST_CASE("an index stands for its files") {
  const auto tensors = load_safetensors(recorded("model.safetensors.index.json"));
  CHECK(same(tensors["a.weight"], recorded_numbers(kFloat, {3, 2})));
  CHECK(same(tensors["a.bias"], recorded_numbers(kFloat, {3})));
  const TemporaryFolder folder;
  const auto error = [&](const std::string& index) {
    write_bytes(folder / "x.index.json", index);
    return message_of([&] { load_safetensors(folder / "x.index.json"); });
  };
  CHECK(contains(error(R"({"weight_map":{"a":"../a.safetensors"}})"), "must lie beside the index"));
  CHECK(contains(error(R"({"weight_map":{"a":"a.safetensors"}})"),
                 (folder / "a.safetensors") + ": there is no"));
  CHECK(contains(error("{}"), "there is no weight_map"));
  CHECK(contains(error(R"({"weight_map":)"), "at byte "));
}

TEST_CASE("a model is loaded whole or not at all") {
  const TemporaryFolder folder;
  nn::Linear model(3, 2), other(3, 2), larger(4, 2);
  save_safetensors(*model, folder / "a");
  CHECK_EQ(load_safetensors_metadata(folder / "a"), SafetensorsMetadata{{"format", "pt"}});
  load_safetensors(*other, folder / "a");
  CHECK(equal(other->weight, model->weight));
  const Tensor bias = larger->bias.detach().clone();
  const std::string text = message_of([&] { load_safetensors(*larger, folder / "a"); });
  CHECK(contains(text, folder / "a"));
  CHECK(contains(text, "wrong shape of \"weight\""));
  CHECK(equal(larger->bias, bias));
}

TEST_CASE("a wrong header is one error that names the tensor or the byte") {
  CHECK(contains(error_of(R"([])"), "at byte 8: the header must begin with {"));
  CHECK(contains(error_of(R"({"a":)"), "at byte "));
  CHECK(contains(error_of(R"({"a":)" + tensor_entry("[0,4]") + R"(,"a":)" + tensor_entry("[0,4]") + "}", 4),
                 "tensor \"a\": the name stands there twice"));
  CHECK(contains(error_of(R"({"a":)" + tensor_entry("[0,4]") + R"(,"b":)" + tensor_entry("[2,6]") + "}", 6),
                 "overlap"));
  CHECK(contains(error_of(R"({"a":)" + tensor_entry("[4,8]") + "}", 8), "leave a hole"));
  CHECK(contains(error_of(R"({"a":)" + tensor_entry("[0,8]") + "}", 8), "F32 of [1] has 4"));
  CHECK(contains(error_of(R"({"a":)" + tensor_entry("[4,0]") + "}", 8), "end before they begin"));
  CHECK(contains(error_of(R"({"a":)" + tensor_entry("[0,18446744073709551615]") + "}", 8), "behind the end"));
  CHECK(contains(error_of(R"({"a":)" + tensor_entry("[0,4]", "[4611686018427387904,4]") + "}", 4),
                 "overflows"));
  CHECK(
      contains(error_of(R"({"a":)" + tensor_entry("[0,4]", "[-1]") + "}", 4), "the number -1 has no place"));
  CHECK(contains(error_of(R"({"a":)" + tensor_entry("[0,4,8]") + "}", 4), "must be two numbers"));
  CHECK(contains(error_of(R"({"a":)" + tensor_entry("[0,4]") + "}", 5), "1 bytes belong to no tensor"));
  CHECK(
      contains(error_of(R"({"a":{"dtype":"F33","shape":[],"data_offsets":[0,4]}})", 4), "no dtype \"F33\""));
  CHECK(contains(error_of(R"({"a":{"dtype":"C64","shape":[],"data_offsets":[0,8]}})", 8),
                 "xgrad has no dtype"));
  CHECK(contains(error_of(R"({"a":{"dtype":"F32","shape":[]}})"), "must have dtype, shape and data_offsets"));
  CHECK(contains(error_of(R"({"a":{"shape":[[]]}})"), "tensor \"a\": a list has no place here"));
  CHECK(contains(error_of(R"({"__metadata__":{"a":1}})"), "__metadata__: the number 1"));
  CHECK(contains(error_of(R"({"a":null})"), "null has no place here"));
  CHECK(contains(error_of(std::string(100000, '[')), "must begin"));
  CHECK(contains(error_of("{\"a\":" + std::string(100000, '[')), "has no place"));
}

TEST_CASE("a length of the header that lies is refused before anything is allocated") {
  const TemporaryFolder folder;
  write_bytes(folder / "a", std::string(8, '\xFF') + "{}");
  CHECK(contains(message_of([&] { load_safetensors(folder / "a"); }), "no safetensors file"));
  write_bytes(folder / "a", std::string("\xFF\xFF\xFF\0\0\0\0\0{}", 10));
  CHECK(contains(message_of([&] { load_safetensors(folder / "a"); }), "16777215 bytes are needed"));
}

TEST_CASE("damaged safetensors files are refused or read, and nothing else happens") {
  const TemporaryFolder folder;
  check_damaged(read_bytes(recorded(kAll)), folder / "x", [](const std::string& path) {
    for (const auto& item : load_safetensors(path)) item->sum();
  });
}

TEST_CASE("what safetensors cannot say is refused before a file is there") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(save_safetensors({{"a", Tensor()}}, folder / "a"), ValueError);
  CHECK_THROWS_AS(save_safetensors({{"__metadata__", ones(1)}}, folder / "a"), ValueError);
  CHECK_THROWS_AS(save_safetensors({{"\xFF", ones(1)}}, folder / "a"), ValueError);
  CHECK_EQ(folder.count(), 0);
  save_safetensors(OrderedDict<std::string, Tensor>(), folder / "a");
  CHECK_EQ(load_safetensors(folder / "a").size(), 0);
}
