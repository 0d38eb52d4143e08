// Packing and padding: one index_select or index_copy of rows each.
#include <xgrad/nn/utils/rnn.h>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/order/sort.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad::nn::utils::rnn {

namespace {

std::vector<int64_t> numbers_of(const Tensor& t) {
  const Tensor dense = t.to(kLong).contiguous();
  const int64_t* p = dense.data_ptr<int64_t>();
  return {p, p + dense.numel()};
}
Tensor as_tensor(const std::vector<int64_t>& numbers) { return tensor(numbers, TensorOptions(kLong)); }

// Where the elements of packed data stand among [T, B]: row t * batch + b.
Tensor places_of(const std::vector<int64_t>& batch_sizes, int64_t batch) {
  std::vector<int64_t> places;
  for (std::size_t t = 0; t < batch_sizes.size(); ++t)
    for (int64_t b = 0; b < batch_sizes[t]; ++b) places.push_back(static_cast<int64_t>(t) * batch + b);
  return as_tensor(places);
}

// [rows, batch, ...] as [rows * batch, ...], and back.
DimVector with_front(const Tensor& t, int64_t dropped, IntArrayRef front) {
  DimVector sizes(front);
  for (int64_t d = dropped; d < t.dim(); ++d) sizes.push_back(t.size(d));
  return sizes;
}

}  // namespace

PackedSequence::PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices,
                               Tensor unsorted_indices)
    : data_(std::move(data)),
      batch_sizes_(std::move(batch_sizes)),
      sorted_indices_(std::move(sorted_indices)),
      unsorted_indices_(std::move(unsorted_indices)) {
  if (!unsorted_indices_.defined()) unsorted_indices_ = invert_permutation(sorted_indices_);
  XGRAD_CHECK_AS(ValueError, batch_sizes_.dim() == 1 && batch_sizes_.dtype() == kLong && data_.dim() >= 1,
                 "PackedSequence: batch_sizes must be a vector of int64: it is ", batch_sizes_.dtype(), " ",
                 batch_sizes_.sizes());
  int64_t rows = 0, before = data_.size(0);
  for (const int64_t n : numbers_of(batch_sizes_)) {
    XGRAD_CHECK_AS(ValueError, n > 0 && n <= before,
                   "PackedSequence: batch_sizes must be positive and not increase: ", n, " after ", before);
    rows += before = n;
  }
  XGRAD_CHECK_AS(ValueError, rows == data_.size(0),
                 "PackedSequence: batch_sizes must add up to the rows of data: they give ", rows,
                 ", data is ", data_.sizes());
}
PackedSequence PackedSequence::to(const TensorOptions& options) const {
  PackedSequence moved = *this;
  moved.data_ = data_.to(options);
  return moved;
}

PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first, bool enforce_sorted) {
  const char* op = "pack_padded_sequence";
  XGRAD_CHECK_AS(ValueError, input.dim() >= 2, op, ": input must be [T, B, ...] or [B, T, ...]: it is ",
                 input.sizes());
  Tensor x = batch_first ? input.transpose(0, 1) : input, sorted;
  const int64_t steps = x.size(0), batch = x.size(1);
  XGRAD_CHECK_AS(ValueError, lengths.dim() == 1 && lengths.size(0) == batch, op,
                 ": there must be a length for each sequence: lengths is ", lengths.sizes(), ", input is ",
                 input.sizes(), " with ", batch, " sequences");
  if (!enforce_sorted) {
    std::tie(lengths, sorted) = sort(lengths.to(kLong), optional<bool>(true), 0, true);
    x = x.index_select(1, sorted);
  }
  const std::vector<int64_t> each = numbers_of(lengths);
  for (std::size_t b = 0; b < each.size(); ++b) {
    XGRAD_CHECK_AS(ValueError, each[b] > 0 && each[b] <= steps, op,
                   ": lengths must be between 1 and the number of steps: got ", each[b], ", input is ",
                   input.sizes());
    XGRAD_CHECK_AS(ValueError, b == 0 || each[b] <= each[b - 1], op,
                   ": lengths must be sorted, the longest first: ", each[b], " after ",
                   each[b == 0 ? 0 : b - 1], "; or pass enforce_sorted = false");
  }
  std::vector<int64_t> batch_sizes;
  std::size_t left = each.size();
  for (int64_t t = 0; left > 0; ++t) {
    while (left > 0 && each[left - 1] <= t) --left;
    if (left > 0) batch_sizes.push_back(static_cast<int64_t>(left));
  }
  const Tensor rows = x.reshape(with_front(x, 2, {steps * batch}));
  return PackedSequence(rows.index_select(0, places_of(batch_sizes, batch)), as_tensor(batch_sizes), sorted);
}

std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, bool batch_first,
                                               double padding_value, optional<int64_t> total_length) {
  const std::vector<int64_t> batch_sizes = numbers_of(sequence.batch_sizes());
  const Tensor& data = sequence.data();
  const auto longest = static_cast<int64_t>(batch_sizes.size());
  const int64_t steps = total_length.value_or(longest), batch = batch_sizes.empty() ? 0 : batch_sizes[0];
  XGRAD_CHECK_AS(ValueError, steps >= longest,
                 "pad_packed_sequence: total_length must be at least that of the longest sequence: got ",
                 steps, ", the longest has ", longest);
  const Tensor padding = full(with_front(data, 1, {steps * batch}), padding_value, data.options());
  Tensor out = index_copy(padding, 0, places_of(batch_sizes, batch), data);
  out = out.view(with_front(data, 1, {steps, batch}));
  std::vector<int64_t> each(static_cast<std::size_t>(batch), 0);
  for (const int64_t n : batch_sizes)
    for (int64_t b = 0; b < n; ++b) ++each[static_cast<std::size_t>(b)];
  Tensor lengths = as_tensor(each);
  if (sequence.unsorted_indices().defined()) {
    out = out.index_select(1, sequence.unsorted_indices());
    lengths = lengths.index_select(0, sequence.unsorted_indices());
  }
  return {batch_first ? out.transpose(0, 1) : out, lengths};
}

Tensor pad_sequence(ArrayRef<Tensor> sequences, bool batch_first, double padding_value,
                    std::string_view padding_side) {
  XGRAD_CHECK_AS(ValueError, !sequences.empty(), "pad_sequence: needs at least one sequence");
  const bool left = padding_side == "left";
  XGRAD_CHECK_AS(ValueError, left || padding_side == "right",
                 "pad_sequence: padding_side must be \"left\" or \"right\": got \"",
                 std::string(padding_side), "\"");
  int64_t longest = 0;
  for (const Tensor& s : sequences) {
    XGRAD_CHECK_AS(ValueError, s.dim() >= 1 && s.sizes().slice(1) == sequences[0].sizes().slice(1),
                   "pad_sequence: sequences must have the same sizes but the first: got ",
                   sequences[0].sizes(), " and ", s.sizes());
    longest = std::max(longest, s.size(0));
  }
  std::vector<Tensor> padded;
  for (const Tensor& s : sequences) {
    const int64_t missing = longest - s.size(0);
    if (missing == 0) {
      padded.push_back(s);
      continue;
    }
    const Tensor padding = full(with_front(s, 1, {missing}), padding_value, s.options());
    padded.push_back(left ? cat({padding, s}, 0) : cat({s, padding}, 0));
  }
  return stack(padded, batch_first ? 0 : 1);
}

PackedSequence pack_sequence(ArrayRef<Tensor> sequences, bool enforce_sorted) {
  std::vector<int64_t> lengths;
  for (const Tensor& s : sequences) lengths.push_back(s.dim() == 0 ? 0 : s.size(0));
  return pack_padded_sequence(pad_sequence(sequences), as_tensor(lengths), false, enforce_sorted);
}

Tensor invert_permutation(const Tensor& permutation) {
  if (!permutation.defined()) return {};
  return empty_like(permutation).scatter_(0, permutation, arange(permutation.numel(), permutation.options()));
}

}  // namespace xgrad::nn::utils::rnn
