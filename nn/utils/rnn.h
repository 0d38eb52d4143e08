// Sequences of different lengths: side by side with padding, and packed without any.
#pragma once

#include <string_view>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::nn::utils::rnn {

/// The elements of a batch of sequences, the longest first: `data` has the first elements of all, then the
/// second ones of those that have them, ...; `batch_sizes` (int64) says how many there are of each.
/// `sorted_indices` are the places of the sequences in the batch they come from, `unsorted_indices` the
/// inverse; both are undefined where the batch was sorted already.
class XGRAD_API PackedSequence {
 public:
  PackedSequence() = default;
  /// Throws ValueError unless the sizes do not increase and add up to data's first.
  explicit PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices = {},
                          Tensor unsorted_indices = {});
  const Tensor& data() const { return data_; }
  const Tensor& batch_sizes() const { return batch_sizes_; }
  const Tensor& sorted_indices() const { return sorted_indices_; }
  const Tensor& unsorted_indices() const { return unsorted_indices_; }
  bool is_cuda() const { return data_.is_cuda(); }
  bool is_pinned() const { return data_.is_pinned(); }
  /// The same sequences, their data as `data().to(options)`.
  PackedSequence to(const TensorOptions& options) const;
  PackedSequence cpu() const { return *this; }

 private:
  Tensor data_, batch_sizes_, sorted_indices_, unsorted_indices_;
};

/// Packs [T, B, ...] (or [B, T, ...]) of sequences of the given lengths (int64, 1 to T). They must be sorted,
/// the longest first, unless `enforce_sorted` is off.
XGRAD_API PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first = false,
                                              bool enforce_sorted = true);
/// The inverse: the sequences side by side, padded to the longest or to `total_length`, and their lengths.
XGRAD_API std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence,
                                                         bool batch_first = false, double padding_value = 0,
                                                         optional<int64_t> total_length = nullopt);
/// Sequences [length, ...] side by side: [T, B, ...] (or [B, T, ...]), padded at their end ("right") or
/// before their begin ("left").
XGRAD_API Tensor pad_sequence(ArrayRef<Tensor> sequences, bool batch_first = false, double padding_value = 0,
                              std::string_view padding_side = "right");
/// Packs sequences [length, ...].
XGRAD_API PackedSequence pack_sequence(ArrayRef<Tensor> sequences, bool enforce_sorted = true);
/// The permutation (int64) that undoes another; undefined for an undefined one.
XGRAD_API Tensor invert_permutation(const Tensor& permutation);

}  // namespace xgrad::nn::utils::rnn
