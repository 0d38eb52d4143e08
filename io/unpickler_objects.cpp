// What the objects of other libraries are read as, which lie beside the weights in the files of training
// programs: plain values and tensors. None of their code is known here, let alone run.
#include <algorithm>
#include <array>
#include <bit>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/io/mapped_tensor.h>
#include <xgrad/io/npy_header.h>
#include <xgrad/io/unpickler.h>

namespace xgrad::io {

namespace {

constexpr std::array<std::string_view, 27> kClasses{
    "argparse.Namespace", "collections.defaultdict", "pathlib.Path", "pathlib.PosixPath",
    "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath", "pathlib._local.PosixPath",
    "pathlib._local.WindowsPath", "pytorch_lightning.utilities.parsing.AttributeDict",
    "lightning.pytorch.utilities.parsing.AttributeDict", "lightning_fabric.utilities.data.AttributeDict",
    "lightning.fabric.utilities.data.AttributeDict",
    // NumPy 1 and 2.
    "numpy.dtype", "numpy.ndarray", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
    "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer",
    // Types as values, of which OmegaConf keeps some.
    "builtins.bool", "builtins.int", "builtins.float", "builtins.str", "builtins.bytes", "typing.Any"};

constexpr std::string_view kOmegaConf = "omegaconf.";

}  // namespace

bool Unpickler::is_object(std::string_view name) {
  return name.starts_with(kOmegaConf) || std::find(kClasses.begin(), kClasses.end(), name) != kClasses.end();
}

IValue Unpickler::new_object() {
  IValue object = new_dict();
  objects_.insert(&object.toGenericDict());
  return object;
}

// What becomes something else when its state is known.
IValue Unpickler::new_placeholder() {
  IValue placeholder = new_dict();
  become_.emplace(&placeholder.toGenericDict(), placeholder);
  return placeholder;
}

IValue Unpickler::make_object(const std::string& name, const Values& arguments) {
  const auto argument = [&](std::size_t i) {
    if (i >= arguments.size()) fail(name, " wants more arguments");
    return as_ivalue(arguments[i]);
  };
  if (name == "argparse.Namespace") return new_object();
  if (name.starts_with(kOmegaConf) || name.ends_with("._reconstruct")) return new_placeholder();
  if (name == "collections.defaultdict" || name.ends_with(".AttributeDict")) return new_dict();
  if (name == "numpy.dtype") return argument(0);
  if (name.ends_with("._frombuffer"))
    return numpy_array(argument(1), argument(2), argument(3) == IValue("F"), argument(0));
  if (name.ends_with(".scalar")) {
    const Tensor value = numpy_array(argument(0), IValue::List(), false, argument(1));
    if (value.is_floating_point()) return value.item<double>();
    return value.scalar_type() == kBool ? IValue(value.item<bool>()) : IValue(value.item<int64_t>());
  }
  if (!name.starts_with("pathlib.")) fail(name, " cannot be called");
  std::string path;
  for (const Value& part : arguments) {
    if (!path.empty() && path.back() != '/' && path.back() != '\\') path += '/';
    path += as_text(part);
  }
  return path;
}

Tensor Unpickler::numpy_array(const IValue& dtype, const IValue& shape, bool fortran,
                              const IValue& bytes) const {
  const ScalarType type = dtype.isString() ? npy_dtype(dtype.toStringRef()) : ScalarType::Undefined;
  if (type == ScalarType::Undefined) fail("xgrad has no dtype for NumPy's ", dtype.repr());
  try {
    const std::vector<int64_t> sizes = shape.toIntVector();
    const std::string& data = bytes.toStringRef();
    const auto size = static_cast<uint64_t>(checked_numel("load", sizes)) * element_size(type);
    XGRAD_CHECK(size == data.size(), "it has ", data.size(), " bytes, but ", IntArrayRef(sizes), " of ",
                dtype_name(type), " are ", size);
    return tensor_over(nullptr, data, sizes, npy_strides(sizes, fortran), type);
  } catch (const Error& error) {
    fail("an array of NumPy is broken: ", error.what());
  }
}

// The state of an object of TorchScript or a Namespace is its attributes; that of anything else (`_metadata`
// of a state dict, attributes of a tensor) says nothing about values.
void Unpickler::build() {
  const IValue state = pop_ivalue();
  const auto* value = std::get_if<IValue>(&top());
  if (value && value->isString()) return check_numpy_dtype(state);
  if (!value || !(value->isGenericDict() || value->isTensor())) fail("a state is given to what has none");
  if (!value->isGenericDict()) return;
  if (const auto placeholder = become_.find(&value->toGenericDict()); placeholder != become_.end()) {
    placeholder->second = content_of(state, placeholder->second);
    top() = placeholder->second;
    return;
  }
  if (objects_.count(&value->toGenericDict()) == 0) return;
  if (!state.isGenericDict()) {
    set_items(open_dict(top()), {"state", state});
    return;
  }
  if (&state.toGenericDict() == &value->toGenericDict()) fail("an object is its own state");
  for (const auto& item : state.toGenericDict()) set_items(open_dict(top()), {item.key(), item.value()});
}

// The state of an array is (version, shape, dtype, whether columns come first, bytes). That of a config of
// OmegaConf has, among others, what the config holds, and the parent that holds the config.
IValue Unpickler::content_of(const IValue& state, const IValue& otherwise) const {
  if (state.isTuple() && state.toListRef().size() == 5) {
    const IValue::List& parts = state.toListRef();
    return numpy_array(parts[2], parts[1], parts[3] == IValue(true), parts[4]);
  }
  if (!state.isGenericDict()) fail("this is the state neither of an array nor of a config");
  for (const char* name : {"_content", "_val"})
    if (const IValue* content = state.toGenericDict().find(name)) return *content;
  return otherwise;
}

// (version, order of bytes, ...)
void Unpickler::check_numpy_dtype(const IValue& state) const {
  const bool known = state.isTuple() && state.toListRef().size() > 1 && state.toListRef()[1].isString();
  if (!known) fail("a state is given to what has none");
  const char* const foreign = std::endian::native == std::endian::little ? ">" : "<";
  if (state.toListRef()[1].toStringRef() == foreign)
    fail("an array of NumPy has elements whose bytes stand the other way round");
}

}  // namespace xgrad::io
