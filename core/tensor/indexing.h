// What may stand between the brackets: `t.index({0, "...", None, Slice(1, None, 2), true, other})` is
// Python's `t[0, ..., None, 1::2, True, other]`. What the indices do is in core/ops/indexing/indexing.h.
#pragma once

#include <limits>
#include <type_traits>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {
namespace indexing {

enum class TensorIndexType : int8_t { None, Ellipsis, Integer, Boolean, Slice, Tensor };

/// A new dimension of size 1; in a Slice: nothing given.
inline constexpr std::nullopt_t None = std::nullopt;

struct EllipsisIndexType {};
/// All dimensions that the other indices leave over. `"..."` says the same.
inline constexpr EllipsisIndexType Ellipsis{};

/// Python's `start:stop:step`; `None` stands for what is left out. Negative positions count from the end, the
/// step is positive.
class Slice {
 public:
  Slice(optional<int64_t> start = nullopt, optional<int64_t> stop = nullopt, optional<int64_t> step = nullopt)
      : start_(start.value_or(0)),
        stop_(stop.value_or((std::numeric_limits<int64_t>::max)())),
        step_(step.value_or(1)) {
    XGRAD_CHECK_AS(ValueError, step_ != 0, "Slice: slice step cannot be zero");
    XGRAD_CHECK_AS(ValueError, step_ > 0, "Slice: step must be greater than zero: got ", step_,
                   "; use flip(...)");
  }
  int64_t start() const { return start_; }
  int64_t stop() const { return stop_; }
  int64_t step() const { return step_; }

 private:
  int64_t start_, stop_, step_;
};

/// One index; made from any of: an integer, a bool, a Slice, None, Ellipsis, "...", a Tensor (int64, int32:
/// positions; bool or uint8: a mask).
class TensorIndex {
 public:
  TensorIndex(std::nullopt_t) : type_(TensorIndexType::None) {}
  TensorIndex(EllipsisIndexType) : type_(TensorIndexType::Ellipsis) {}
  TensorIndex(const char* dots) : type_(TensorIndexType::Ellipsis) {
    XGRAD_CHECK_AS(ValueError, std::string(dots) == "...",
                   "index: the only text that is an index is \"...\": got \"", dots, "\"");
  }
  template <class T, std::enable_if_t<std::is_integral<T>::value, int> = 0>
  TensorIndex(T value)
      : type_(std::is_same<T, bool>::value ? TensorIndexType::Boolean : TensorIndexType::Integer),
        integer_(static_cast<int64_t>(value)) {}
  TensorIndex(Slice slice) : type_(TensorIndexType::Slice), slice_(slice) {}
  TensorIndex(Tensor tensor) : type_(TensorIndexType::Tensor), tensor_(std::move(tensor)) {}

  TensorIndexType type() const { return type_; }
  bool is_none() const { return type_ == TensorIndexType::None; }
  bool is_ellipsis() const { return type_ == TensorIndexType::Ellipsis; }
  bool is_integer() const { return type_ == TensorIndexType::Integer; }
  bool is_boolean() const { return type_ == TensorIndexType::Boolean; }
  bool is_slice() const { return type_ == TensorIndexType::Slice; }
  bool is_tensor() const { return type_ == TensorIndexType::Tensor; }
  int64_t integer() const { return integer_; }
  bool boolean() const { return integer_ != 0; }
  const Slice& slice() const { return slice_; }
  const Tensor& tensor() const { return tensor_; }

 private:
  TensorIndexType type_;
  int64_t integer_ = 0;
  Slice slice_;
  Tensor tensor_;
};

}  // namespace indexing
}  // namespace xgrad
