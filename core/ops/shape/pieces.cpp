// unbind, split, split_with_sizes and chunk: all pieces of a tensor along a dimension, as views that are the
// results of one op; tensor_split and its kin, whose pieces are slices. Views with a single result stand in
// views.cpp.
#include <xgrad/core/ops/shape/views.h>

#include <algorithm>
#include <limits>

#include <xgrad/core/ops/at.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad {

namespace {

using ops::at;

constexpr OpName kUnbind{"unbind", "UnbindBackward0"}, kSplit{"split", "SplitBackward0"},
    kSplitWithSizes{"split_with_sizes", "SplitWithSizesBackward"};

// How a tensor is taken apart along `dim`.
template <const OpName& op_name>
struct Pieces : Kernel<1, kMany> {
  static constexpr OpName name = op_name;
  static constexpr bool linear = true;
  static constexpr bool unbound = &op_name == &kUnbind;  // a piece has no dimension `dim`; the lengths are 1
  int64_t dim;
  DimVector lengths, from;
  TensorOptions options;
  void attributes(auto& put) const {
    put("dim", dim);
    put("lengths", lengths);
    put("unbound", unbound);
  }

  std::vector<Tensor> forward(const Tensor& x) const {
    std::vector<Tensor> pieces;
    pieces.reserve(lengths.size());
    int64_t start = 0;
    for (std::size_t i = 0; i < lengths.size(); start += lengths[i++]) pieces.push_back(piece(x, i, start));
    return pieces;
  }

  // The gradients are put together once, whichever of them arrived.
  Tensor backward(TensorList gradients) const {
    const auto arrived =
        std::count_if(gradients.begin(), gradients.end(), [](const Tensor& g) { return g.defined(); });
    const bool sparse = arrived < static_cast<std::ptrdiff_t>(gradients.size());
    return sparse && !ops::derivative_is_expression() ? placed(gradients) : joined(gradients.vec());
  }
  using saved = Saved<>;

  DimVector piece_sizes(std::size_t i) const {
    DimVector sizes(from);
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
    return ops::make_view(whole, piece_sizes(i), strides, offset);
  }

  // For few gradients among many pieces, which joining would visit all.
  Tensor placed(TensorList gradients) const {
    Tensor whole = zeros(from, options);
    int64_t start = 0;
    for (std::size_t i = 0; i < gradients.size(); start += lengths[i++])
      if (gradients[i].defined()) piece(whole, i, start).copy_(gradients[i]);
    return whole;
  }

  // By ops that are recorded themselves.
  Tensor joined(std::vector<Tensor> gradients) const {
    const Tensor zero = zeros({}, options);
    for (std::size_t i = 0; i < gradients.size(); ++i)
      if (!gradients[i].defined()) gradients[i] = zero.expand(piece_sizes(i));
    return unbound ? stack(gradients, dim) : cat(gradients, dim);
  }
};

template <const OpName& op_name>
std::vector<Tensor> take_apart(const Tensor& self, int64_t dim, DimVector lengths) {
  return differentiable(Pieces<op_name>{{}, dim, std::move(lengths), self.sizes(), self.options()}, self);
}

int64_t checked_dim(const char* op, const Tensor& self, int64_t dim) {
  XGRAD_CHECK_AS(IndexError, self.dim() > 0, op, ": a tensor without dimensions cannot be taken apart");
  return wrap_dim(op, dim, self.dim());
}

// More pieces than a graph can count, which a tensor without elements may well have.
void check_count(const char* op, const Tensor& self, int64_t dim, int64_t pieces) {
  XGRAD_CHECK(pieces <= std::numeric_limits<int32_t>::max(), op, ": too many pieces along dimension ", dim,
              ": self is ", self.sizes(), " (", pieces, " pieces)");
}

}  // namespace

std::vector<Tensor> unbind(const Tensor& self, int64_t dim) {
  const int64_t d = checked_dim("unbind", self, dim);
  check_count("unbind", self, d, self.sizes()[at(d)]);
  return take_apart<kUnbind>(self, d, DimVector(at(self.sizes()[at(d)]), 1));
}

std::vector<Tensor> split(const Tensor& self, int64_t split_size, int64_t dim) {
  const int64_t d = checked_dim("split", self, dim), size = self.sizes()[at(d)];
  XGRAD_CHECK(split_size >= 0, "split: split_size must not be negative: got ", split_size);
  XGRAD_CHECK(split_size > 0 || size == 0,
              "split: split_size can only be 0 if dimension size is 0, but it is ", size);
  if (split_size > 0) check_count("split", self, d, size / split_size);
  DimVector lengths;
  for (int64_t rest = size; rest > 0; rest -= lengths.back()) lengths.push_back(std::min(split_size, rest));
  if (size == 0) lengths.push_back(0);
  return take_apart<kSplit>(self, d, std::move(lengths));
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
  return take_apart<kSplitWithSizes>(self, d, split_sizes);
}

std::vector<Tensor> chunk(const Tensor& self, int64_t chunks, int64_t dim) {
  const int64_t d = checked_dim("chunk", self, dim), size = self.sizes()[at(d)];
  XGRAD_CHECK(chunks > 0, "chunk: expects `chunks` to be greater than 0, got: ", chunks);
  if (size == 0) {
    check_count("chunk", self, d, chunks);
    return split_with_sizes(self, DimVector(at(chunks), 0), d);
  }
  return split(self, size / chunks + (size % chunks != 0), d);
}

namespace {

std::vector<Tensor> each_by_itself(const Tensor& self, std::vector<Tensor> pieces, int64_t dim) {
  int64_t start = 0;
  for (Tensor& piece : pieces) {
    const int64_t length = piece.size(dim);
    piece = self.narrow(dim, start, length);
    start += length;
  }
  return pieces;
}

}  // namespace

std::vector<Tensor> unsafe_split(const Tensor& self, int64_t split_size, int64_t dim) {
  return each_by_itself(self, split(self, split_size, dim), dim);
}

std::vector<Tensor> unsafe_split_with_sizes(const Tensor& self, IntArrayRef split_sizes, int64_t dim) {
  return each_by_itself(self, split_with_sizes(self, split_sizes, dim), dim);
}

std::vector<Tensor> unsafe_chunk(const Tensor& self, int64_t chunks, int64_t dim) {
  return each_by_itself(self, chunk(self, chunks, dim), dim);
}

std::vector<Tensor> tensor_split(const Tensor& self, IntArrayRef indices, int64_t dim) {
  const int64_t d = checked_dim("tensor_split", self, dim);
  std::vector<Tensor> pieces;
  int64_t start = 0;
  for (const int64_t end : indices) {
    pieces.push_back(self.slice(d, start, end));
    start = end;
  }
  pieces.push_back(self.slice(d, start));
  return pieces;
}
std::vector<Tensor> tensor_split(const Tensor& self, int64_t sections, int64_t dim) {
  const int64_t d = checked_dim("tensor_split", self, dim), size = self.sizes()[at(d)];
  XGRAD_CHECK(sections > 0, "tensor_split: the number of sections must be larger than 0: got ", sections);
  check_count("tensor_split", self, d, sections);
  DimVector indices;
  for (int64_t i = 1; i < sections; ++i)
    indices.push_back(i * (size / sections) + std::min(i, size % sections));
  return tensor_split(self, indices, d);
}
std::vector<Tensor> tensor_split(const Tensor& self, const Tensor& tensor_indices_or_sections, int64_t dim) {
  const Tensor& given = tensor_indices_or_sections;
  XGRAD_CHECK(
      given.dim() <= 1 && given.dtype() == kLong,
      "tensor_split: tensor_indices_or_sections must be a vector, or have no dimensions, and be int64: "
      "got ",
      given.dtype(), " of shape ", given.sizes());
  if (given.dim() == 0) return tensor_split(self, given.item<int64_t>(), dim);
  const Tensor indices = given.contiguous();
  return tensor_split(self, IntArrayRef(indices.data_ptr<int64_t>(), at(indices.numel())), dim);
}

namespace {

// hsplit, vsplit and dsplit: along `dim`, into sections or at indices.
template <class How>
std::vector<Tensor> split_along(const char* op, const Tensor& self, int64_t least_dims, int64_t dim,
                                const How& how) {
  XGRAD_CHECK(self.dim() >= least_dims, op, ": needs ", least_dims, " dimensions or more: self is ",
              self.sizes());
  if constexpr (std::is_same_v<How, int64_t>)
    XGRAD_CHECK(how != 0 && self.sizes()[at(dim)] % how == 0, op, ": dimension ", dim,
                " does not divide into sections of equal size: self is ", self.sizes(), " (",
                self.sizes()[at(dim)], " by ", how, ")");
  return tensor_split(self, how, dim);
}

}  // namespace

std::vector<Tensor> hsplit(const Tensor& self, int64_t sections) {
  return split_along("hsplit", self, 1, self.dim() > 1, sections);
}
std::vector<Tensor> hsplit(const Tensor& self, IntArrayRef indices) {
  return split_along("hsplit", self, 1, self.dim() > 1, indices);
}
std::vector<Tensor> vsplit(const Tensor& self, int64_t sections) {
  return split_along("vsplit", self, 2, 0, sections);
}
std::vector<Tensor> vsplit(const Tensor& self, IntArrayRef indices) {
  return split_along("vsplit", self, 2, 0, indices);
}
std::vector<Tensor> dsplit(const Tensor& self, int64_t sections) {
  return split_along("dsplit", self, 3, 2, sections);
}
std::vector<Tensor> dsplit(const Tensor& self, IntArrayRef indices) {
  return split_along("dsplit", self, 3, 2, indices);
}

}  // namespace xgrad
