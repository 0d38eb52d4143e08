// PyTorch's files: what torch.save wrote, what is written for torch.load, and what is broken.
#include <doctest/doctest.h>

#include <xgrad/io/zip.h>
#include <xgrad/xgrad.h>

#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;

namespace {

IValue load_value(const std::string& bytes) { return pickle_load({bytes.begin(), bytes.end()}); }
IValue load_recorded(const std::string& name) { return load_value(read_bytes(recorded(name))); }
IValue saved_and_loaded(const IValue& value) { return pickle_load(pickle_save(value)); }

const Tensor& tensor_of(const IValue& dict, const std::string& name) {
  return dict.toGenericDict().at(name).toTensor();
}
const void* memory(const Tensor& tensor) { return tensor.impl().storage()->data(); }

void check_values(const IValue& all) {
  const GenericDict& v = all.toGenericDict();
  for (const auto& item : v.at("dtypes").toGenericDict()) {
    const Tensor& t = item.value().toTensor();
    CHECK(item.key().toStringRef() == dtype_name(t.scalar_type()));
    CHECK(t.to(kDouble).equal(tensor({0, 1, t.scalar_type() == kBool ? 1 : 3}, kDouble)));
  }
  const Tensor& base = tensor_of(all, "base");
  CHECK(base.equal(arange(12).to(kFloat).view({3, 4})));
  CHECK(tensor_of(all, "row").equal(base[1]));
  CHECK(tensor_of(all, "transposed").equal(base.t()));
  CHECK(tensor_of(all, "step").strides() == IntArrayRef({4, 2}));
  for (const char* name : {"row", "transposed", "step"}) CHECK(memory(tensor_of(all, name)) == memory(base));
  CHECK(tensor_of(all, "scalar").dim() == 0);
  CHECK(tensor_of(all, "scalar").item<double>() == 2.5);
  CHECK(tensor_of(all, "empty").sizes() == IntArrayRef({0, 3}));
  CHECK(tensor_of(all, "expanded").strides() == IntArrayRef({0}));
  CHECK(tensor_of(all, "expanded").sum().item<double>() == 4);
  CHECK(tensor_of(all, "parameter").requires_grad());
  CHECK_FALSE(tensor_of(all, "frozen").requires_grad());
  CHECK(tensor_of(all, "wants_grad").requires_grad());
  CHECK(v.at("numbers").repr() ==
        "(None, True, False, 0, 255, 256, 65536, -1, 1099511627776, "
        "-9223372036854775808, 0.1, -1e+300)");
  CHECK(v.at("texts").toListRef()[2].toStringRef() == "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(v.at("texts").toListRef()[3].toStringRef() == std::string("\xff\0b", 3));
  CHECK(v.at("nested").repr() == "((), (1,), (1, 2, 3, 4), ((),), {}, {1: {'x': 2}, (1, 'a'): 3})");
  CHECK(v.at("nested").toTuple()->elements()[3].isList());
  CHECK_FALSE(v.at("nested").toTuple()->elements()[3].isTuple());
  const IValue::List& shared = v.at("shared").toListRef();
  CHECK(&shared[0].toListRef() == &shared[1].toListRef());
  CHECK(v.at("set").repr() == "(7,)");
  CHECK(v.at("size").toIntVector() == std::vector<int64_t>{2, 3});
  CHECK(v.at("dtype").toInt() == 7);
  CHECK(v.at("device").toStringRef() == "cpu");
  CHECK(v.at("ordered").repr() == "{'a': 1}");
  CHECK(v.at("counter").repr() == "{3: 2}");
}

// A zip file of torch.save's form with this pickle.
std::string torch_file(const std::string& pickled) {
  std::vector<char> bytes;
  io::MemorySink sink(bytes);
  io::ZipWriter zip(sink);
  zip.add("archive/data.pkl", {pickled});
  zip.add("archive/data/0", {std::string(16, '\1')});
  zip.finish();
  return {bytes.begin(), bytes.end()};
}
std::string pickle_error(const std::string& pickled) {
  return message_of([&] { load_value(torch_file(pickled)); });
}

// A tensor over the storage of four floats.
std::string tensor_pickle(const std::string& offset, const std::string& sizes, const std::string& strides,
                          const std::string& numel = "K\x04") {
  return "\x80\x02"
         "ctorch._utils\n_rebuild_tensor_v2\n((X\x07" +
         std::string(3, '\0') + "storagectorch\nFloatStorage\nX\1" + std::string(3, '\0') + "0X\3" +
         std::string(3, '\0') + "cpu" + numel + "tQ" + offset + sizes + strides +
         "\x89"
         "ccollections\nOrderedDict\n)RtR.";
}

}  // namespace

TEST_CASE("files of torch.save are read: zip and old form, several protocols, both orders of bytes") {
  for (const char* name : {"new.pt", "old.pt", "protocol4.pt", "protocol5_old.pt", "big_endian.pt"}) {
    INFO(name);
    check_values(load_recorded(name));
  }
}

TEST_CASE("what is written is read back: values, views, what is shared") {
  const IValue all = load_recorded("new.pt");
  check_values(saved_and_loaded(all));
  CHECK(pickle_save(all) == pickle_save(all));
}

TEST_CASE("a memory is written once, and changes of one view are seen in the other") {
  const Tensor base = zeros({1000});
  const auto bytes = pickle_save(std::vector<Tensor>{base, base.slice(0, 10, 20), base.view({10, 100}).t()});
  CHECK(bytes.size() < 6000);
  const auto loaded = pickle_load(bytes).toTensorVector();
  loaded[1].fill_(1);
  CHECK(loaded[0].sum().item<double>() == 10);
  CHECK(loaded[2].strides() == IntArrayRef({1, 100}));
}

TEST_CASE("tensors of a file are not copied, can be changed in place, and the file stays as it is") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.pt";
  const Tensor base = arange(20000, kFloat);
  save(std::vector<Tensor>{base, base.slice(0, 10, 20)}, path);
  const std::string bytes = read_bytes(path);
  std::vector<Tensor> loaded, others;
  load(loaded, path);
  load(others, path);
  CHECK(loaded[0].impl().storage()->is_borrowed());
  CHECK(memory(loaded[0]) == memory(loaded[1]));
  loaded[0].add_(1);
  CHECK(loaded[1][0].item<float>() == 11);
  CHECK(others[0].equal(base));
  CHECK(read_bytes(path) == bytes);
  save(loaded, path);
  CHECK(others[0].equal(base));
  load(others, path);
  CHECK(others[0].equal(base + 1));
}

TEST_CASE("an undefined tensor is None, and borrowed memory is written") {
  CHECK(saved_and_loaded(Tensor()).isNone());
  float data[] = {1, 2, 3, 4};
  CHECK(
      saved_and_loaded(from_blob(data, {2, 2})).toTensor().equal(tensor({1.f, 2.f, 3.f, 4.f}).view({2, 2})));
}

TEST_CASE("functions and classes are refused by name and nothing is run") {
  CHECK(contains(pickle_error("cos\nsystem\n(S'echo evil'\ntR."),
                 "data.pkl: at byte 64: os.system is refused"));
  CHECK(contains(pickle_error("\x80\x04\x8c\x08"
                              "builtins\x8c\x04"
                              "eval\x93\x8c\x01"
                              "1\x85R."),
                 "builtins.eval is refused"));
  CHECK(contains(message_of([] { load_recorded("module.pt"); }),
                 "torch.nn.modules.container.Sequential is refused"));
  CHECK(contains(message_of([] { load_recorded("module.pt"); }), "save a module's state_dict()"));
  CHECK(contains(message_of([] { load_recorded("complex.pt"); }), "no dtype for torch.ComplexFloatStorage"));
  CHECK(contains(pickle_error("(ios\nsystem\n."), "opcode 105"));
  CHECK(contains(pickle_error("cbuiltins\nint\n(S'1'\ntR."), "builtins.int cannot be called"));
}

TEST_CASE("an array of NumPy that is not what it says is refused") {
  const std::string f4 = "cnumpy\ndtype\n(S'f4'\ntR", scalar = "cnumpy.core.multiarray\nscalar\n(";
  CHECK(pickle_error(scalar + f4 + "S'abcd'\ntR.").empty());
  CHECK(contains(pickle_error(scalar + f4 + "S'abc'\ntR."), "it has 3 bytes, but [] of float32 are 4"));
  CHECK(
      contains(pickle_error(scalar + "cnumpy\ndtype\n(S'O8'\ntRS'abcd'\ntR."), "no dtype for NumPy's 'O8'"));
  CHECK(contains(pickle_error(scalar + f4 + "(K\3S'>'\ntbS'abcd'\ntR."), "the other way round"));
  CHECK(contains(pickle_error(scalar + f4 + "tR."), "wants more arguments"));
  const std::string array = "cnumpy.core.multiarray\n_reconstruct\n)R(K\1";
  const std::string huge = "(\x8a\x08" + std::string(7, '\xff') + "\x7f" + "K\2t";
  CHECK(contains(pickle_error(array + huge + f4 + "\x89S'abcd'\ntb."), "an array of NumPy is broken"));
  CHECK(contains(pickle_error(array + "(K\2t" + f4 + "\x89N" + "tb."), "an array of NumPy is broken"));
}

TEST_CASE("hyper-parameters beside the weights are plain values: of OmegaConf, NumPy, Lightning, argparse") {
  for (const char* name : {"hyper_parameters.pt", "hyper_parameters5.pt"}) {
    INFO(name);
    const IValue all = load_recorded(name);
    const GenericDict& v = all.toGenericDict();
    const std::string config =
        "{'encoder': {'channels': (40, 30), 'slope': 0.3, 'residual': True}, 'name': 'a', 'nothing': None, "
        "3: ((), {})}";
    CHECK(v.at("config").repr() == config);
    CHECK(&v.at("again").toGenericDict() == &v.at("config").toGenericDict());
    CHECK(v.at("list").toIntVector() == std::vector<int64_t>{40, 30});
    CHECK(v.at("typed").repr() == "{'i': 1, 'f': 0.5}");
    CHECK(v.at("lightning").repr() == "{'rate': 0.1, 'config': " + config + "}");
    CHECK(v.at("types").repr() == "('builtins.int', 'builtins.list')");
    CHECK(v.at("arguments").repr() == "{'epochs': 3, 'layers': (1, 2), 'path': '/data/a.csv'}");
    CHECK(v.at("numbers").repr() == "(0.5, 0.25, -3, True)");
    CHECK(tensor_of(all, "array").equal(arange(6, kInt).view({2, 3})));
    CHECK(tensor_of(all, "turned").equal(arange(6, kDouble).view({2, 3}).t()));
    CHECK(tensor_of(all, "turned").strides() == IntArrayRef({1, 3}));
    CHECK(v.at("counts").repr() == "{'a': (1,)}");
    CHECK(saved_and_loaded(all) == all);
  }
}

TEST_CASE("a tensor that leads out of its storage is refused") {
  const std::string two = "K\2\x85", one = "K\1\x85", zero(2, '\0');
  CHECK(pickle_error(tensor_pickle(std::string("K\0", 2), two, one)).empty());
  CHECK(contains(pickle_error(tensor_pickle("K\3", two, one)), "lead out of its storage of 4 elements"));
  CHECK(contains(pickle_error(tensor_pickle("J\xff\xff\xff\xff", two, one)), "lead out"));
  const std::string huge = "\x8a\x08" + std::string(7, '\xff') + "\x7f\x85";
  CHECK(contains(pickle_error(tensor_pickle(std::string("K\0", 2), two, huge)), "lead out"));
  CHECK(contains(pickle_error(tensor_pickle(std::string("K\0", 2), huge, huge)), "a tensor is broken"));
  CHECK(contains(pickle_error(tensor_pickle(std::string("K\0", 2), "K\2K\2\x86", one)),
                 "2 sizes and 1 strides"));
  CHECK(contains(pickle_error(tensor_pickle(std::string("K\0", 2), two, one, "K\5")),
                 "it has 16 bytes, but 5 elements of float32 are 20"));
  CHECK(contains(pickle_error(tensor_pickle(std::string("K\0", 2), two, one, huge.substr(0, 10))),
                 "too large"));
}

TEST_CASE("billion laughs are read at once and take no memory") {
  std::string laughs = "]q" + std::string(1, '\0');
  for (char i = 1; i < 100; ++i) {
    laughs += "](";
    for (int k = 0; k < 10; ++k) laughs += std::string("h") + static_cast<char>(i - 1);
    laughs += std::string("eq") + i;
  }
  const IValue value = load_value(torch_file(laughs + "."));
  CHECK(value.toListRef().size() == 10);
  CHECK(value.repr().size() < 30000);
  CHECK(pickle_save(value).size() < 10000);
}

TEST_CASE("lists that are too deep or contain themselves are refused") {
  CHECK(contains(pickle_error(std::string(2000, ']') + std::string(1999, 'a') + "."), "1000 deep"));
  CHECK(contains(pickle_error(std::string(2000000, ']') + std::string(1999999, 'a') + "."), "1000 deep"));
  CHECK(contains(pickle_error(")" + std::string(2000000, '\x85') + "."), "1000 deep"));
  CHECK(contains(pickle_error(std::string("]q\0h\0a.", 8)), "contains itself"));
  CHECK(contains(pickle_error(std::string("}q\0K\1h\0s.", 10)), "contains itself"));
  CHECK(contains(pickle_error(std::string("]q\0h\0a0N", 8)), "the data end here"));
}

TEST_CASE("a pickle that is cut off or lacks something is one error that says where") {
  CHECK(contains(pickle_error("."), "at byte 64: a value is missing"));
  CHECK(contains(pickle_error("e."), "a mark is missing"));
  CHECK(contains(pickle_error("h\5."), "value 5 is used before it is there"));
  CHECK(contains(pickle_error("NNa."), "added to what is no list"));
  CHECK(contains(pickle_error("}]Ns."), "the key of a dict"));
  CHECK(contains(pickle_error("X\xff\xff\xff\xff"), "4294967295 bytes are needed"));
  CHECK(contains(pickle_error("\x80\x06."), "protocol 6"));
}

TEST_CASE("a file that is cut off anywhere is an error") {
  for (const char* name : {"net.pt", "old.pt"}) {
    const std::string bytes = read_bytes(recorded(name));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      INFO(name, " ", size);
      CHECK(contains(message_of([&] { load_value(bytes.substr(0, size)); }), "load: the given bytes: "));
    }
  }
}

TEST_CASE("a file with any byte changed is read, or is an error") {
  for (const char* name : {"net.pt", "old.pt", "protocol4.pt"}) {
    const std::string bytes = read_bytes(recorded(name));
    for (std::size_t at = 0; at < bytes.size(); ++at)
      for (const int flip : {1, 0x20, 0xFF}) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ flip);
        INFO(name, " ", at);
        bool loaded = false;
        const std::string error = message_of([&] { loaded = (load_value(changed), true); });
        CHECK((loaded || contains(error, "load: the given bytes: ")));
      }
  }
}

TEST_CASE("a file of something else is refused") {
  for (const std::string text : {"", "hello", "{\"json\": 1}", "\x80\x02}."})
    CHECK(contains(message_of([&] { load_value(text); }), "this is no file of PyTorch"));
  CHECK(contains(message_of([] { load_recorded("deflated.zip"); }), "has no data.pkl"));
}
