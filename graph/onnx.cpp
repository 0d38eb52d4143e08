// to_onnx: looks on as the module runs, and writes down what it sees.
#include <xgrad/graph/onnx.h>

#include <xgrad/core/ops/shape/copy.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/graph/as_it_was.h>
#include <xgrad/graph/onnx_export.h>
#include <xgrad/graph/protobuf.h>
#include <xgrad/io/file.h>

namespace xgrad::graph {

void OnnxValues::set(const Tensor& t, const std::string& name, const std::string& why) {
  if (t.defined()) known_[&t.impl()] = {t, name, why, t.impl().version(), false};
}

void OnnxValues::set_initializer(const std::string& name, const Tensor& t) {
  if (t.defined()) known_.emplace(&t.impl(), Value{t, name, "", t.impl().version(), true});
}

std::string OnnxValues::of(const Tensor& t, uint32_t changes) {
  if (!t.defined()) return "";
  const auto found = known_.find(&t.impl());
  if (found == known_.end()) {
    set(t, model.constant(t));
    return known_[&t.impl()].name;
  }
  Value& value = found->second;
  XGRAD_CHECK_AS(NoForm, !value.name.empty(), value.why);
  XGRAD_CHECK(value.version + changes == t.impl().version(),
              "a tensor was changed in place through a view of it, which ONNX has no form for: it is ",
              t.sizes());
  if (value.is_initializer) model.initializer(value.name, t);
  value.is_initializer = false;
  return value.name;
}

std::string OnnxOp::in(int i, ScalarType dtype) {
  const Argument& argument = run.args[i];
  if (!argument.tensor) return model.constant(full({}, argument.number, TensorOptions(dtype)));
  const bool is_changed = run.in_place && argument.tensor->is_same(result());  // by this very op
  std::string name = values.of(*argument.tensor, is_changed ? 1 : 0);
  if (name.empty() || argument.tensor->dtype() == dtype) return name;
  return model.node("Cast", {name}, {{"to", static_cast<int64_t>(onnx_type(dtype))}});
}

std::string OnnxOp::number(double value) const {
  return model.constant(full({}, value, TensorOptions(result().dtype())));
}

std::string OnnxOp::reshaped(const std::string& value, IntArrayRef sizes) const {
  return model.node("Reshape", {value, model.integers(sizes.vec())}, {{"allowzero", 1}});
}

std::string OnnxOp::transposed(const std::string& value, std::vector<int64_t> order) const {
  return model.node("Transpose", {value}, {{"perm", std::move(order)}});
}

std::string OnnxOp::sliced(const std::string& value, int64_t dim, int64_t start, int64_t end,
                           int64_t step) const {
  return model.node("Slice", {value, model.integers({start}), model.integers({end}), model.integers({dim}),
                              model.integers({step})});
}

std::string OnnxOp::reduced(const char* type, const std::string& value, const std::vector<int64_t>& dims,
                            bool keepdim) const {
  return model.node(type, {value, model.integers(dims)}, {{"keepdims", keepdim ? 1 : 0}});
}

namespace {

const OnnxWriter* writer_of(const char* op) {
  for (const OnnxWriters* all : {&onnx_elementwise(), &onnx_shapes(), &onnx_layers()})
    if (const auto found = all->find(op); found != all->end()) return &found->second;
  return nullptr;
}

class Exporter final : public ModuleWatch, public autograd::OpObserver {
 public:
  explicit Exporter(nn::Module& root) : ModuleWatch(root) {
    for (const auto& list : {root.named_parameters(), root.named_buffers()})
      for (const auto& item : list) values_.set_initializer(item.key(), *item);
  }

  std::string file() {
    for (std::size_t i = 0; i < outputs_.size(); ++i)
      values_.model.output(i == 0 ? "output" : concat("output_", static_cast<int64_t>(i)),
                           values_.of(outputs_[i]), outputs_[i]);
    return values_.model.file(modules().front().module->name());
  }

  void op_ran(const autograd::OpRun& run) override {
    if (whole_ >= 0) return;
    const autograd::ObserverScope alone(nullptr);
    OnnxOp op(run, values_);
    const int module = module_of(run);
    const std::string where = module < 0 ? "" : " in " + described(at(module));
    try {
      const OnnxWriter* writer = writer_of(run.op.name.op);
      XGRAD_CHECK(writer, "ONNX has no form for it");
      (*writer)(op);
    } catch (const NoForm& e) {
      for (int r = 0; r < run.results; ++r) values_.set(run.outputs[r], "", e.what());
    } catch (const Error& e) {
      fail("to_onnx: ", run.op.name.op, where, ": ", e.what());
    }
    // Of what else there is, such as positions of a maximum, ONNX may know nothing.
    for (int r = 1; r < run.results && run.op.results != kMany; ++r)
      if (!values_.knows(run.outputs[r]))
        values_.set(run.outputs[r], "",
                    concat("to_onnx: result ", r, " of ", run.op.name.op, where, " has no form in ONNX"));
  }

 private:
  const Watched& at(int index) const { return modules()[static_cast<std::size_t>(index)]; }

  void take_inputs(const std::vector<Tensor>& inputs) {
    for (const Tensor& t : inputs) {
      if (!t.defined()) continue;
      const std::string name = inputs_ == 0 ? "input" : concat("input_", inputs_);
      ++inputs_;
      values_.model.input(name, t);
      values_.set(t, name);
    }
  }

  void module_starts(int index, const std::vector<Tensor>& inputs) override {
    if (index == 0) take_inputs(inputs);
    if (whole_ >= 0 || !is_onnx_module(*at(index).module)) return;
    whole_ = index;
    whole_inputs_ = inputs;
  }

  void module_ran(int index, const std::vector<Tensor>& outputs) override {
    if (index == 0) outputs_ = outputs;
    if (whole_ != index) return;
    whole_ = -1;
    if (outputs.empty()) return;  // it has thrown
    const autograd::ObserverScope alone(nullptr);
    try {
      add_onnx_module(at(index), values_, whole_inputs_, outputs);
    } catch (const Error& e) {
      fail("to_onnx: ", described(at(index)), ": ", e.what());
    }
  }

  OnnxValues values_;
  std::vector<Tensor> outputs_, whole_inputs_;
  int inputs_ = 0;
  int whole_ = -1;  // the module that is exported as one
};

}  // namespace

std::string detail::onnx_model(nn::Module& module, const std::function<void()>& call) {
  need_protozero("to_onnx");
  Exporter exporter(module);
  {
    const AsItWas as_it_was(exporter);
    const autograd::ObserverScope scope(&exporter);
    call();
  }
  return exporter.file();
}

void detail::save_onnx(const std::string& file, const std::string& model) {
  io::AtomicFile out("to_onnx", file);
  out.write(model);
  out.commit();
}

}  // namespace xgrad::graph
