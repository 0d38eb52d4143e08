// unbind, split, split_with_sizes and chunk: all pieces of a tensor along a dimension, as views whose one
// node has as many outputs as there are pieces. Views with a single result stand in views.cpp.
#include <xgrad/core/ops/shape/views.h>

#include <algorithm>

#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/view_op.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tape/node.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

std::size_t at(int64_t i) { return static_cast<std::size_t>(i); }

constexpr OpName kUnbind{"unbind", "UnbindBackward0"}, kSplit{"split", "SplitBackward0"},
    kSplitWithSizes{"split_with_sizes", "SplitWithSizesBackward"};
const ops::OpRegistration unbind_entry{kUnbind.op, kUnbind.node, 1, false},
    split_entry{kSplit.op, kSplit.node, 1, false},
    split_with_sizes_entry{kSplitWithSizes.op, kSplitWithSizes.node, 1, false};

// How a tensor is taken apart along `dim`.
struct Cut {
  OpName name;
  int64_t dim;
  DimVector lengths;
  bool unbound = false;  // a piece has no dimension `dim` of its own; the lengths are 1

  DimVector piece_sizes(IntArrayRef whole, std::size_t i) const {
    DimVector sizes(whole);
    if (unbound)
      sizes.erase(at(dim));
    else
      sizes[at(dim)] = lengths[i];
    return sizes;
  }

  // The view of piece i, which begins at `start`.
  Tensor piece(const Tensor& whole, std::size_t i, int64_t start) const {
    DimVector strides(whole.strides());
    const int64_t offset = lengths[i] > 0 ? start * strides[at(dim)] : 0;
    if (unbound) strides.erase(at(dim));
    return ops::make_view(whole, piece_sizes(whole.sizes(), i), strides, offset);
  }
};

class PiecesNode final : public autograd::Node {
 public:
  PiecesNode(const Cut& cut, const Tensor& self)
      : Node(autograd::edge_list{autograd::gradient_edge(self)}),
        cut_(cut),
        from_(self.sizes()),
        options_(self.options()) {}

  std::string name() const override { return cut_.name.node; }

  // The gradients are put together once, whichever of them arrived.
  void run(Tensor* grads_in, Tensor* grads_out) override {
    std::vector<Tensor> gradients(std::make_move_iterator(grads_in),
                                  std::make_move_iterator(grads_in + cut_.lengths.size()));
    const auto arrived =
        std::count_if(gradients.begin(), gradients.end(), [](const Tensor& g) { return g.defined(); });
    if (arrived == 0) return;
    const bool sparse = arrived < static_cast<std::ptrdiff_t>(gradients.size());
    grads_out[0] = sparse && !autograd::grad_enabled() ? placed(gradients) : joined(std::move(gradients));
  }

 private:
  // For few gradients among many pieces, which joining would visit all.
  Tensor placed(const std::vector<Tensor>& gradients) const {
    Tensor whole = zeros(from_, options_);
    int64_t start = 0;
    for (std::size_t i = 0; i < gradients.size(); start += cut_.lengths[i++])
      if (gradients[i].defined()) cut_.piece(whole, i, start).copy_(gradients[i]);
    return whole;
  }

  // By ops that are recorded themselves.
  Tensor joined(std::vector<Tensor> gradients) const {
    const Tensor zero = zeros({}, options_);
    for (std::size_t i = 0; i < gradients.size(); ++i)
      if (!gradients[i].defined()) gradients[i] = zero.expand(cut_.piece_sizes(from_, i));
    return cut_.unbound ? stack(gradients, cut_.dim) : cat(gradients, cut_.dim);
  }

  Cut cut_;
  DimVector from_;
  TensorOptions options_;
};

void record_pieces(const Cut& cut, const Tensor& self, const std::vector<Tensor>& pieces) {
  const auto node = autograd::make_node<PiecesNode>(cut, self);
  for (const Tensor& piece : pieces) {
    autograd::create_gradient_edge(piece, node);
    piece.impl().output_nr = node->add_input_metadata();
  }
  const autograd::ThreadState& modes = autograd::this_thread_state;
  if (modes.keep_values || modes.anomaly_mode) ops::annotate(*node, self);  // the pieces together are self
}

std::vector<Tensor> take_apart(const Cut& cut, const Tensor& self) {
  std::vector<Tensor> pieces;
  pieces.reserve(cut.lengths.size());
  int64_t start = 0;
  for (std::size_t i = 0; i < cut.lengths.size(); start += cut.lengths[i++])
    pieces.push_back(cut.piece(self, i, start));
  if (!autograd::grad_enabled())
    for (const Tensor& piece : pieces) piece.impl().set(TensorImpl::kNoGradView, true);
  else if (self.requires_grad() && !pieces.empty())
    record_pieces(cut, self, pieces);
  if (!ops::carries_tangents() || !self.is_floating_point()) return pieces;
  if (const Tensor tangent = ops::tangent_of(self); tangent.defined()) {
    const ops::WithoutTangents pause;
    const std::vector<Tensor> tangents = take_apart(cut, tangent);
    for (std::size_t i = 0; i < pieces.size(); ++i) ops::set_tangent(pieces[i], tangents[i]);
  }
  return pieces;
}

int64_t checked_dim(const char* op, const Tensor& self, int64_t dim) {
  XGRAD_CHECK_AS(IndexError, self.dim() > 0, op, ": a tensor without dimensions cannot be taken apart");
  return wrap_dim(op, dim, self.dim());
}

}  // namespace

std::vector<Tensor> unbind(const Tensor& self, int64_t dim) {
  const int64_t d = checked_dim("unbind", self, dim);
  return take_apart({kUnbind, d, DimVector(at(self.sizes()[at(d)]), 1), true}, self);
}

std::vector<Tensor> split(const Tensor& self, int64_t split_size, int64_t dim) {
  const int64_t d = checked_dim("split", self, dim), size = self.sizes()[at(d)];
  XGRAD_CHECK(split_size >= 0, "split: split_size must not be negative: got ", split_size);
  XGRAD_CHECK(split_size > 0 || size == 0,
              "split: split_size can only be 0 if dimension size is 0, but it is ", size);
  DimVector lengths;
  for (int64_t rest = size; rest > 0; rest -= lengths.back()) lengths.push_back(std::min(split_size, rest));
  if (size == 0) lengths.push_back(0);
  return take_apart({kSplit, d, std::move(lengths)}, self);
}

std::vector<Tensor> split(const Tensor& self, IntArrayRef split_sizes, int64_t dim) {
  return split_with_sizes(self, split_sizes, dim);
}

std::vector<Tensor> split_with_sizes(const Tensor& self, IntArrayRef split_sizes, int64_t dim) {
  const int64_t d = checked_dim("split_with_sizes", self, dim), size = self.sizes()[at(d)];
  int64_t rest = size;
  for (int64_t s : split_sizes) {
    XGRAD_CHECK(s >= 0, "split_with_sizes: sizes must not be negative: got ", split_sizes);
    if (rest >= 0) rest -= s;
  }
  XGRAD_CHECK(rest == 0, "split_with_sizes: expects sizes that sum to ", size, " (size of dimension ", dim,
              "): got ", split_sizes);
  return take_apart({kSplitWithSizes, d, split_sizes}, self);
}

std::vector<Tensor> chunk(const Tensor& self, int64_t chunks, int64_t dim) {
  const int64_t d = checked_dim("chunk", self, dim), size = self.sizes()[at(d)];
  XGRAD_CHECK(chunks > 0, "chunk: expects `chunks` to be greater than 0, got: ", chunks);
  if (size == 0) return split_with_sizes(self, DimVector(at(chunks), 0), d);
  return split(self, size / chunks + (size % chunks != 0), d);
}

std::vector<Tensor> Tensor::unbind(int64_t dim) const { return xgrad::unbind(*this, dim); }
std::vector<Tensor> Tensor::split(int64_t split_size, int64_t dim) const {
  return xgrad::split(*this, split_size, dim);
}
std::vector<Tensor> Tensor::split(IntArrayRef sizes, int64_t dim) const {
  return xgrad::split(*this, sizes, dim);
}
std::vector<Tensor> Tensor::split_with_sizes(IntArrayRef sizes, int64_t dim) const {
  return xgrad::split_with_sizes(*this, sizes, dim);
}
std::vector<Tensor> Tensor::chunk(int64_t chunks, int64_t dim) const {
  return xgrad::chunk(*this, chunks, dim);
}

}  // namespace xgrad
