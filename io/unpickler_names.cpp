// What a pickle may name: tensors and how they are put together, dtypes, devices, and Python's own
// containers. What objects of other libraries are read as stands in unpickler_objects.cpp.
#include <array>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/tensor/view.h>
#include <xgrad/io/unpickler.h>

namespace xgrad::io {

namespace {

struct DtypeName {
  ScalarType dtype;
  const char* storage;  // the class of old that held such elements
};

constexpr DtypeName kTorchDtypes[] = {
#define XGRAD_DTYPE(Name, number, T, name, kind, Compute, Accumulate) {ScalarType::Name, #Name "Storage"},
    XGRAD_DTYPES(XGRAD_DTYPE)
#undef XGRAD_DTYPE
};

constexpr std::array kFunctions{
    "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter",
    "torch._utils._rebuild_parameter_with_state", "torch._tensor._rebuild_from_type_v2", "torch.Tensor",
    "torch.nn.parameter.Parameter", "torch.Size", "torch.device", "torch.storage.UntypedStorage",
    "collections.OrderedDict", "collections.Counter", "builtins.set", "builtins.frozenset", "builtins.list",
    "builtins.tuple", "builtins.dict", "builtins.bytearray", "_codecs.encode",
    // What TorchScript wraps its lists in.
    "torch.jit._pickle.build_intlist", "torch.jit._pickle.build_tensorlist",
    "torch.jit._pickle.build_doublelist", "torch.jit._pickle.build_boollist",
    "torch.jit._pickle.restore_type_tag"};

constexpr std::string_view kScript = "__torch__";

bool begins(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

}  // namespace

Unpickler::Value Unpickler::global(std::string_view module, std::string_view name) const {
  if (module == "__builtin__") {  // Python 2
    module = "builtins";
    name = name == "long" ? "int" : name == "unicode" ? "str" : name;
  }
  const std::string full = concat(std::string(module), ".", std::string(name));
  if (begins(module, kScript)) return Global{std::string(kScript)};
  for (const DtypeName& known : kTorchDtypes) {
    if (module == "torch" && name == dtype_name(known.dtype)) return IValue(known.dtype);
    if ((module == "torch" || module == "torch.cuda") && name == known.storage) return Global{known.storage};
  }
  for (const char* function : kFunctions)
    if (full == function) return Global{full};
  if (is_object(full)) return Global{full};
  const bool is_dtype =
      module == "torch" && (name.ends_with("Storage") || name.find_first_of("0123456789") != name.npos);
  if (is_dtype) fail("xgrad has no dtype for ", full);
  fail(full,
       " is refused: a file of tensors may not name functions or classes other than PyTorch's for tensors",
       begins(module, "torch.nn") ? "; save a module's state_dict()" : "");
}

bool Unpickler::use_names(uint8_t op) {
  switch (op) {
    case 'c': {
      const std::string_view module = in_.line(), name = in_.line();
      push(global(module, name));
      return true;
    }
    case 0x93: {
      const Value name = pop(), module = pop();
      push(global(as_text(module), as_text(name)));
      return true;
    }
    case 'R':
    case 0x81: {  // __new__ of a class
      const Values arguments = values_of(pop());
      push(call(pop(), arguments));
      return true;
    }
    case 'b':
      build();
      return true;
    case 'Q':
      push(storage(pop()));
      return true;
    default:
      return false;
  }
}

Unpickler::Values Unpickler::values_of(const Value& tuple) const {
  if (const auto* arguments = std::get_if<std::shared_ptr<const Arguments>>(&tuple))
    return (*arguments)->values;
  const IValue plain = as_ivalue(tuple);
  if (!plain.isList()) fail("these are no arguments");
  return {plain.toListRef().begin(), plain.toListRef().end()};
}

// ('storage', class, key, device, number of elements), and in old files what part of another storage it is.
Unpickler::Value Unpickler::storage(const Value& id) {
  const Values parts = values_of(id);
  if (parts.size() < 5 || as_text(parts[0]) != "storage")
    fail("this refers to something else than a storage");
  const auto* type = std::get_if<Global>(&parts[1]);
  const IValue numel = as_ivalue(parts[4]);
  if (!type || !numel.isInt() || numel.toInt() < 0) fail("a storage has no class or no size");
  if (parts.size() > 5 && !as_ivalue(parts[5]).isNone())
    fail("a storage is a part of another one: save it anew");
  for (const DtypeName& known : kTorchDtypes)
    if (type->name == known.storage)
      return StorageRef{find_storage_(as_text(parts[2]), known.dtype, static_cast<uint64_t>(numel.toInt())),
                        known.dtype};
  if (type->name == "torch.storage.UntypedStorage")
    return StorageRef{find_storage_(as_text(parts[2]), kByte, static_cast<uint64_t>(numel.toInt())), kByte};
  fail(type->name, " is no class of storages");
}

IValue Unpickler::call(const Value& function, const Values& arguments) {
  const auto* global = std::get_if<Global>(&function);
  if (!global) fail("what is called is no function");
  const std::string& name = global->name;
  if (name == kScript) return new_object();
  if (is_object(name)) return make_object(name, arguments);
  if (begins(name, "torch._utils._rebuild_tensor")) return make_tensor(name, arguments);
  if (begins(name, "torch._utils._rebuild_parameter")) return make_parameter(arguments);
  if (name == "_codecs.encode" || name == "builtins.bytearray") return encoded(arguments);
  if (name == "torch._tensor._rebuild_from_type_v2") {
    if (arguments.size() < 3) fail(name, " wants more arguments");
    return call(arguments[0], values_of(arguments[2]));
  }
  if (begins(name, "torch.jit._pickle") || name == "torch.device") {
    if (arguments.empty()) fail(name, " wants an argument");
    return as_ivalue(arguments[0]);
  }
  const bool is_dict = name == "builtins.dict" || begins(name, "collections.");
  IValue given = arguments.empty() ? IValue() : as_ivalue(arguments[0]);
  if (is_dict) {
    if (given.isGenericDict()) return given;
    IValue dict = new_dict();
    if (!given.isNone())
      for (const Value& pair : values_of(given)) {
        const IValue item = as_ivalue(pair);
        if (!item.isList() || item.toListRef().size() != 2) fail("a dict is made of what is no pair");
        set_items(open_dict(dict), item.toListRef());
      }
    return dict;
  }
  const bool is_tuple = name == "torch.Size" || name == "builtins.tuple";
  const bool is_list = name == "builtins.list" || name == "builtins.set" || name == "builtins.frozenset";
  if (!is_tuple && !is_list) fail(name, " cannot be called");
  if (!given.isNone() && !given.isList()) fail(name, " wants a list");
  return new_list(given.isNone() ? IValue::List() : given.toListRef(), is_tuple);
}

// Bytes, which protocol 2 writes as a text of characters below 256.
IValue Unpickler::encoded(const Values& arguments) const {
  if (arguments.empty()) return std::string();
  const std::string& text = as_text(arguments[0]);
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      bytes += text[i];
    } else {
      if ((lead & 0xFC) != 0xC0 || i + 1 == text.size()) fail("bytes are written as characters above 255");
      bytes += static_cast<char>((lead & 3) << 6 | (text[++i] & 0x3F));
    }
  }
  return bytes;
}

// (storage, offset, sizes, strides, requires_grad, hooks)
IValue Unpickler::make_tensor(const std::string& function, const Values& arguments) {
  const auto* ref = arguments.size() < 4 ? nullptr : std::get_if<StorageRef>(&arguments[0]);
  if (!ref) fail(function, " wants a storage, an offset, sizes and strides");
  const IValue offset = as_ivalue(arguments[1]), sizes = as_ivalue(arguments[2]),
               strides = as_ivalue(arguments[3]);
  const bool wants_grad =
      arguments.size() > 4 && as_ivalue(arguments[4]).isBool() && as_ivalue(arguments[4]).toBool();
  try {
    const auto dims = sizes.toIntVector(), steps = strides.toIntVector();
    const int64_t start = offset.toInt();
    XGRAD_CHECK(dims.size() == steps.size(), "it has ", dims.size(), " sizes and ", steps.size(), " strides");
    checked_numel("load", dims);
    const auto bytes = static_cast<int64_t>(ref->storage->nbytes() / element_size(ref->dtype));
    bool inside = start >= 0 && start <= bytes;
    // The farthest element, in steps that do not overflow.
    int64_t room = bytes - start - 1;
    bool is_empty = false;
    for (std::size_t d = 0; d < dims.size(); ++d) {
      XGRAD_CHECK(steps[d] >= 0, "a stride is negative");
      is_empty = is_empty || dims[d] == 0;
    }
    for (std::size_t d = 0; inside && !is_empty && d < dims.size(); ++d) {
      if (dims[d] == 1 || steps[d] == 0) continue;
      inside = room >= 0 && dims[d] - 1 <= room / steps[d];
      if (inside) room -= (dims[d] - 1) * steps[d];
    }
    XGRAD_CHECK(inside && (is_empty || room >= 0), "sizes ", IntArrayRef(dims), ", strides ",
                IntArrayRef(steps), " and offset ", start, " lead out of its storage of ", bytes,
                " elements");
    char* data =
        static_cast<char*>(ref->storage->data()) + start * static_cast<int64_t>(element_size(ref->dtype));
    Tensor tensor(
        intrusive_ptr<TensorImpl>::adopt(TensorImpl::make(ref->storage, data, ref->dtype, dims, steps)));
    if (wants_grad) tensor.set_requires_grad(true);
    return tensor;
  } catch (const Error& error) {
    fail("a tensor is broken: ", error.what());
  }
}

// (data, requires_grad, hooks[, state])
IValue Unpickler::make_parameter(const Values& arguments) {
  const IValue data = arguments.size() < 2 ? IValue() : as_ivalue(arguments[0]);
  if (!data.isTensor() || !as_ivalue(arguments[1]).isBool()) fail("a parameter is made of what is no tensor");
  const bool wants_grad = as_ivalue(arguments[1]).toBool();
  if (wants_grad && !data.toTensor().is_floating_point())
    fail("a parameter that is no floating-point tensor");
  Tensor parameter = data.toTensor().detach();
  parameter.set_requires_grad(wants_grad);
  return parameter;
}

}  // namespace xgrad::io
