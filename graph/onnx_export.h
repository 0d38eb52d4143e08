// What a computation becomes in ONNX, op by op. Private to the library.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <xgrad/core/stanza/op.h>
#include <xgrad/core/tape/observer.h>
#include <xgrad/graph/module_watch.h>
#include <xgrad/graph/onnx_model.h>

namespace xgrad::graph {

/// What reads a value that ONNX has no form for has none either.
class NoForm : public Error {
 public:
  using Error::Error;
};

/// The values of a computation by their names in the model.
class OnnxValues {
 public:
  OnnxModel model;

  /// `t` is the value `name`; with an empty name what ONNX has no form for, of which `why` tells.
  void set(const Tensor& t, const std::string& name, const std::string& why = {});
  /// The name of `t`; what is known of no op is a constant. Throws Error when its value has been changed past
  /// its name, but for `changes`, or has none.
  std::string of(const Tensor& t, uint32_t changes = 0);
  bool knows(const Tensor& t) const { return !t.defined() || known_.count(&t.impl()) != 0; }
  /// Parameters and buffers keep their names.
  void set_initializer(const std::string& name, const Tensor& t);

 private:
  struct Value {
    Tensor tensor;  // lives on, so that its place is not another's
    std::string name, why;
    uint32_t version;
    bool is_initializer;  // goes into the model when it is first read
  };
  std::unordered_map<const TensorImpl*, Value> known_;
};

/// One op on its way into the model.
class OnnxOp {
 public:
  OnnxOp(const autograd::OpRun& op, OnnxValues& known) : run(op), values(known), model(known.model) {
    if (op.op.attributes) op.op.attributes(op.formula, numbers);
  }
  const Tensor& arg(int i) const { return *run.args[i].tensor; }
  bool has(int i) const { return !run.args[i].tensor || run.args[i].tensor->defined(); }
  const Tensor& result() const { return run.outputs[0]; }
  /// The value of an argument, of `dtype`; a number as a tensor without dimensions, what is absent as "".
  std::string in(int i, ScalarType dtype);
  /// The same in the dtype of the result.
  std::string in(int i) { return in(i, result().dtype()); }
  std::string number(double value) const;
  std::string reshaped(const std::string& value, IntArrayRef sizes) const;
  std::string transposed(const std::string& value, std::vector<int64_t> order) const;
  std::string sliced(const std::string& value, int64_t dim, int64_t start, int64_t end,
                     int64_t step = 1) const;
  /// `type` over dimensions: ReduceMean, ...
  std::string reduced(const char* type, const std::string& value, const std::vector<int64_t>& dims,
                      bool keepdim) const;
  /// `name` is the first result.
  void set(const std::string& name) { values.set(result(), name); }

  const autograd::OpRun& run;
  OnnxValues& values;
  OnnxModel& model;
  ops::Attributes numbers;
};

/// Adds the nodes of an op; by the names of stanzas.
using OnnxWriter = std::function<void(OnnxOp&)>;
using OnnxWriters = std::unordered_map<std::string_view, OnnxWriter>;
const OnnxWriters& onnx_elementwise();
const OnnxWriters& onnx_shapes();
const OnnxWriters& onnx_layers();

/// For an op of ONNX with the same arguments.
inline OnnxWriter onnx_same(const char* type) {
  return [type](OnnxOp& op) {
    std::vector<std::string> inputs;
    for (int i = 0; i < op.run.count; ++i) inputs.push_back(op.in(i));
    op.set(op.model.node(type, inputs));
  };
}

/// Whether a module is exported as one: LSTM, GRU, RNN.
bool is_onnx_module(const nn::Module& module);
void add_onnx_module(const ModuleWatch::Watched& watched, OnnxValues& values,
                     const std::vector<Tensor>& inputs, const std::vector<Tensor>& outputs);

}  // namespace xgrad::graph
