// The messages of onnx.proto, by the numbers of their fields.
#include <xgrad/graph/onnx_model.h>

#include <xgrad/core/tensor/creation.h>
#include <xgrad/graph/protobuf.h>

namespace xgrad::graph {

namespace {

std::string attribute_message(const OnnxAttribute& attribute) {
  using Kind = OnnxAttribute::Kind;
  return message([&](auto& a) {
    a.add_string(1, attribute.name);
    switch (attribute.kind) {
      case Kind::number:
        a.add_float(2, static_cast<float>(attribute.number));
        break;
      case Kind::integer:
        a.add_int64(3, attribute.integers[0]);
        break;
      case Kind::text:
        a.add_string(4, attribute.texts[0]);
        break;
      case Kind::integers:
        for (const int64_t i : attribute.integers) a.add_int64(8, i);
        break;
      case Kind::texts:
        for (const std::string& text : attribute.texts) a.add_string(9, text);
        break;
    }
    a.add_enum(20, static_cast<int32_t>(attribute.kind));
  });
}

std::string tensor_message(const std::string& name, const Tensor& value) {
  const Tensor dense = value.detach().contiguous();
  return message([&](auto& t) {
    for (const int64_t size : dense.sizes()) t.add_int64(1, size);
    t.add_int32(2, onnx_type(dense.dtype()));
    t.add_string(8, name);
    t.add_bytes(
        9, std::string(static_cast<const char*>(dense.data_ptr()), static_cast<std::size_t>(dense.nbytes())));
  });
}

std::string value_message(const std::string& name, const Tensor& like) {
  const std::string shape = message([&](auto& s) {
    for (const int64_t size : like.sizes())
      s.add_message(1, message([&](auto& dim) { dim.add_int64(1, size); }));
  });
  const std::string tensor = message([&](auto& t) {
    t.add_int32(1, onnx_type(like.dtype()));
    t.add_message(2, shape);
  });
  return message([&](auto& v) {
    v.add_string(1, name);
    v.add_message(2, message([&](auto& type) { type.add_message(1, tensor); }));
  });
}

}  // namespace

int32_t onnx_type(ScalarType dtype) {
  switch (dtype) {
    case kFloat:
      return 1;
    case kByte:
      return 2;
    case kChar:
      return 3;
    case kShort:
      return 5;
    case kInt:
      return 6;
    case kLong:
      return 7;
    case kBool:
      return 9;
    case kHalf:
      return 10;
    case kDouble:
      return 11;
    case kBFloat16:
      return 16;
    default:
      fail("to_onnx: ONNX has no dtype for ", dtype);
  }
}

std::string OnnxModel::new_name(const std::string& base) { return concat(base, "_", counts_[base]++); }

std::vector<std::string> OnnxModel::nodes(const std::string& type, const std::vector<std::string>& inputs,
                                          int results, const std::vector<OnnxAttribute>& attributes) {
  std::vector<std::string> outputs;
  for (int r = 0; r < results; ++r) outputs.push_back(new_name(type));
  add_node(type, inputs, outputs, attributes);
  return outputs;
}

void OnnxModel::add_node(const std::string& type, const std::vector<std::string>& inputs,
                         const std::vector<std::string>& outputs,
                         const std::vector<OnnxAttribute>& attributes) {
  nodes_.push_back(message([&](auto& n) {
    for (const std::string& input : inputs) n.add_string(1, input);
    for (const std::string& output : outputs) n.add_string(2, output);
    n.add_string(3, outputs[0]);
    n.add_string(4, type);
    for (const OnnxAttribute& attribute : attributes) n.add_message(5, attribute_message(attribute));
  }));
}

void OnnxModel::initializer(const std::string& name, const Tensor& value) {
  initializers_.push_back(tensor_message(name, value));
}

std::string OnnxModel::constant(const Tensor& value) {
  std::string name = new_name("constant");
  initializer(name, value);
  return name;
}

std::string OnnxModel::integers(const std::vector<int64_t>& values) {
  return constant(tensor(values, kLong));
}

void OnnxModel::input(const std::string& name, const Tensor& like) {
  inputs_.push_back(value_message(name, like));
}

void OnnxModel::output(const std::string& name, const std::string& value, const Tensor& like) {
  add_node("Identity", {value}, {name}, {});
  outputs_.push_back(value_message(name, like));
}

std::string OnnxModel::file(const std::string& graph_name) const {
  const std::string graph = message([&](auto& g) {
    for (const std::string& node : nodes_) g.add_message(1, node);
    g.add_string(2, graph_name);
    for (const std::string& value : initializers_) g.add_message(5, value);
    for (const std::string& input : inputs_) g.add_message(11, input);
    for (const std::string& output : outputs_) g.add_message(12, output);
  });
  return message([&](auto& m) {
    m.add_int64(1, kVersion);
    m.add_string(2, "xgrad");
    m.add_message(7, graph);
    m.add_message(8, message([](auto& opset) {
                    opset.add_string(1, "");
                    opset.add_int64(2, kOpset);
                  }));
  });
}

}  // namespace xgrad::graph
