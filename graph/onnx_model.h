// An ONNX model as it grows. Private to the library.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::graph {

/// A number, numbers or texts that a node has beside its inputs.
struct OnnxAttribute {
  OnnxAttribute(const char* of, int64_t value) : name(of), kind(Kind::integer), integers{value} {}
  OnnxAttribute(const char* of, int value) : OnnxAttribute(of, static_cast<int64_t>(value)) {}
  OnnxAttribute(const char* of, double value) : name(of), kind(Kind::number), number(value) {}
  OnnxAttribute(const char* of, std::vector<int64_t> values)
      : name(of), kind(Kind::integers), integers(std::move(values)) {}
  OnnxAttribute(const char* of, const char* value) : name(of), kind(Kind::text), texts{value} {}
  OnnxAttribute(const char* of, std::vector<std::string> values)
      : name(of), kind(Kind::texts), texts(std::move(values)) {}

  enum class Kind {
    number = 1,
    integer = 2,
    text = 3,
    integers = 7,
    texts = 8
  };  // onnx.proto's AttributeType
  const char* name;
  Kind kind;
  double number = 0;
  std::vector<int64_t> integers;
  std::vector<std::string> texts;
};

/// Values go by their names; "" is an input that is absent.
class OnnxModel {
 public:
  static constexpr int kOpset = 20, kVersion = 9;

  /// Adds a node and returns the names of its results.
  std::vector<std::string> nodes(const std::string& type, const std::vector<std::string>& inputs, int results,
                                 const std::vector<OnnxAttribute>& attributes = {});
  std::string node(const std::string& type, const std::vector<std::string>& inputs,
                   const std::vector<OnnxAttribute>& attributes = {}) {
    return nodes(type, inputs, 1, attributes)[0];
  }
  /// A tensor that the model has, under its name or a new one.
  void initializer(const std::string& name, const Tensor& value);
  std::string constant(const Tensor& value);
  std::string integers(const std::vector<int64_t>& values);

  void input(const std::string& name, const Tensor& like);
  /// Makes `value` a result of the model, called `name`.
  void output(const std::string& name, const std::string& value, const Tensor& like);

  /// All of the file.
  std::string file(const std::string& graph_name) const;

 private:
  std::string new_name(const std::string& base);
  void add_node(const std::string& type, const std::vector<std::string>& inputs,
                const std::vector<std::string>& outputs, const std::vector<OnnxAttribute>& attributes);

  std::vector<std::string> nodes_, initializers_, inputs_, outputs_;  // messages
  std::unordered_map<std::string, int> counts_;
};

/// onnx.proto's number of a dtype.
int32_t onnx_type(ScalarType dtype);

}  // namespace xgrad::graph
