// Views, and what else only moves elements, in ONNX.
#include <xgrad/core/tensor/creation.h>
#include <xgrad/graph/onnx_export.h>

namespace xgrad::graph {

namespace {

using Names = std::vector<std::string>;

void reshape(OnnxOp& op) { op.set(op.reshaped(op.in(0), op.result().sizes())); }
void keep(OnnxOp& op) { op.set(op.model.node("Identity", {op.in(0)})); }

void transpose(OnnxOp& op) {
  std::vector<int64_t> order;
  for (int64_t d = 0; d < op.arg(0).dim(); ++d) order.push_back(d);
  if (op.numbers.has("dims"))
    order = op.numbers.integers("dims");
  else if (op.numbers.has("dim0"))
    std::swap(order[static_cast<std::size_t>(op.numbers.integer("dim0"))],
              order[static_cast<std::size_t>(op.numbers.integer("dim1"))]);
  else if (order.size() > 1)
    std::swap(order[0], order[1]);
  op.set(op.transposed(op.in(0), order));
}

void slice(OnnxOp& op) {
  const int64_t start = op.numbers.integer("start"), step = op.numbers.integer("step"),
                length = op.numbers.integer("length");
  const int64_t end = length == 0 ? start : start + (length - 1) * step + 1;
  op.set(op.sliced(op.in(0), op.numbers.integer("dim"), start, end, step));
}

void select(OnnxOp& op) {
  const std::string index = op.model.constant(full({}, op.numbers.integer("index"), TensorOptions(kLong)));
  op.set(op.model.node("Gather", {op.in(0), index}, {{"axis", op.numbers.integer("dim")}}));
}

void pieces(OnnxOp& op) {
  const std::string x = op.in(0, op.arg(0).dtype());
  int64_t start = 0;
  const auto lengths = op.numbers.integers("lengths");
  for (std::size_t i = 0; i < lengths.size(); start += lengths[i++]) {
    const Tensor& piece = op.run.outputs[i];
    const std::string part = op.sliced(x, op.numbers.integer("dim"), start, start + lengths[i]);
    op.values.set(piece, op.numbers.integer("unbound") != 0 ? op.reshaped(part, piece.sizes()) : part);
  }
}

void join(OnnxOp& op, bool stacks) {
  Names parts;
  const int64_t dim = op.numbers.integer("dim");
  for (int i = 0; i < op.run.count; ++i) {
    if (!stacks && op.arg(i).dim() == 1 && op.arg(i).numel() == 0) continue;
    DimVector sizes(op.arg(i).sizes());
    if (stacks) sizes.insert(static_cast<std::size_t>(dim), 1);
    parts.push_back(stacks ? op.reshaped(op.in(i), sizes) : op.in(i));
  }
  op.set(op.model.node("Concat", parts, {{"axis", dim}}));
}

void expand(OnnxOp& op) {
  op.set(op.model.node("Expand", {op.in(0), op.model.integers(op.result().sizes().vec())}));
}

void pad(OnnxOp& op) {
  const auto pads = op.numbers.integers("pad");
  const auto n = static_cast<std::size_t>(op.arg(0).dim());
  std::vector<int64_t> both(2 * n);
  for (std::size_t i = 0; 2 * i < pads.size(); ++i) {
    both[n - 1 - i] = pads[2 * i];
    both[2 * n - 1 - i] = pads[2 * i + 1];
  }
  op.set(op.model.node("Pad", {op.in(0), op.model.integers(both), op.number(op.numbers.number("value"))}));
}

}  // namespace

const OnnxWriters& onnx_shapes() {
  static const OnnxWriters all{
      {"view", reshape},
      {"squeeze", reshape},
      {"unsqueeze", reshape},
      {"clone", keep},
      {"to", keep},
      {"transpose", transpose},
      {"t", transpose},
      {"permute", transpose},
      {"expand", expand},
      {"slice", slice},
      {"select", select},
      {"split", pieces},
      {"split_with_sizes", pieces},
      {"unbind", pieces},
      {"chunk", pieces},
      {"cat", [](OnnxOp& op) { join(op, false); }},
      {"stack", [](OnnxOp& op) { join(op, true); }},
      {"constant_pad_nd", pad},
      {"embedding",
       [](OnnxOp& op) {
         op.set(op.model.node("Gather", {op.in(0), op.values.of(op.arg(1))}, {{"axis", 0}}));
       }},
      {"index_select",
       [](OnnxOp& op) {
         op.set(op.model.node("Gather", {op.in(0), op.values.of(op.arg(1))},
                              {{"axis", op.numbers.integer("dim")}}));
       }},
      {"gather",
       [](OnnxOp& op) {
         op.set(op.model.node("GatherElements", {op.in(0), op.values.of(op.arg(1))},
                              {{"axis", op.numbers.integer("dim")}}));
       }},
  };
  return all;
}

}  // namespace xgrad::graph
