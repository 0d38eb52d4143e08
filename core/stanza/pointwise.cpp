// Elementwise ops on Tensors, the part that all formulas share: dtype and shape of the result, the fast path
// for equal layouts, the general path through the executor.
#include <xgrad/core/stanza/pointwise.h>

#include <algorithm>
#include <cstring>

#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/stanza/accumulate.h>
#include <xgrad/core/stanza/promotion.h>
#include <xgrad/core/stanza/strided.h>
#include <xgrad/core/tape/view_history.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::ops {

namespace {

constexpr int kMax = kernels::kMaxInputs;

struct Call {
  const Op& op;
  int reading;
  const void* formula;
  const Argument* args;
  int n;
  const kernels::RowSlots& slots = op.row_slots[reading];

  // Whether argument i is of the dtype in which the formula computes.
  bool computed(int i) const { return slots.types[i] == ScalarType::Undefined; }
};

// A result of the call: what it holds where the formula computes for the dtype `common`.
ScalarType result_type(const Call& c, int i, ScalarType common) {
  return c.slots.type(c.slots.inputs + i, common);
}

[[noreturn]] void fail_kernel(const Call& c, ScalarType compute) {
  fail<TypeError>(c.op.name.op, ": not implemented for dtype ", compute,
                  compute == ScalarType::Bool
                      ? "; for masks there are logical_not(), logical_and(), logical_or() and logical_xor()"
                  : is_floating_type(compute) ? "; pass integers"
                                              : "; pass a floating-point tensor");
}

[[gnu::always_inline]] inline kernels::RowFn kernel_for(const Call& c, ScalarType compute) {
  const kernels::RowFn row = c.op.row(c.reading, compute);
  if (__builtin_expect(!row, 0)) fail_kernel(c, compute);
  return row;
}

// All that is asked about the arguments, from one look at each.
struct Look {
  enum : unsigned { kDtypes = 1, kSlots = 2, kShapes = 4, kLayouts = 8 };

  const TensorImpl* shape = nullptr;         // one of the result's shape, if shapes agree
  ScalarType dtype = ScalarType::Undefined;  // of those that the formula computes with, if dtypes agree
  // What is not as kernels would have it: one dtype, others as their slots say, one shape or no dimensions,
  // contiguous memory.
  unsigned odd = 0;

  [[gnu::always_inline]] explicit Look(const Call& c) {
    for (int i = 0; i < c.n; ++i) {
      const Tensor* t = c.args[i].tensor;
      if (!t) continue;
      if (__builtin_expect(!t->defined(), 0)) undefined_argument(c.op.name.op);
      const TensorImpl& impl = t->impl();
      const ScalarType slot = c.slots.types[i];
      if (!shape)
        add_first(impl, slot);
      else if (slot != ScalarType::Undefined || impl.dtype() != dtype || !impl.has(TensorImpl::kContiguous) ||
               impl.sizes() != shape->sizes())
        add(impl, slot);
    }
  }
  bool is_odd(unsigned what) const { return (odd & what) != 0; }
  // Whether kernels read everything where it is.
  bool plain(ScalarType compute) const { return odd == 0 && dtype == compute; }

 private:
  void add_first(const TensorImpl& t, ScalarType slot) {
    shape = &t;
    if (slot == ScalarType::Undefined)
      dtype = t.dtype();
    else if (t.dtype() != slot)
      odd = kSlots;
    if (!t.has(TensorImpl::kContiguous)) odd |= kLayouts;
  }
  [[gnu::noinline]] void add(const TensorImpl& t, ScalarType slot) {
    if (!t.has(TensorImpl::kContiguous)) odd |= kLayouts;
    if (slot == ScalarType::Undefined && dtype == ScalarType::Undefined)
      dtype = t.dtype();
    else if (t.dtype() != (slot == ScalarType::Undefined ? dtype : slot))
      odd |= slot == ScalarType::Undefined ? kDtypes : kSlots;
    if (shape->dim() == 0)
      shape = &t;
    else if (t.dim() != 0 && t.sizes() != shape->sizes())
      odd |= kShapes;
  }
};

// PyTorch's rule over the arguments that the formula computes with.
ScalarType promoted_dtype(const Call& c) {
  Argument computed[kMax];
  int n = 0;
  for (int i = 0; i < c.n; ++i)
    if (c.computed(i)) computed[n++] = c.args[i];
  return common_dtype(computed, n);
}

// Floating tensors of one dtype, with numbers or not, need no promotion.
[[gnu::always_inline]] inline ScalarType common_dtype_of(const Call& c, const Look& look) {
  if (!look.is_odd(Look::kDtypes) && is_floating_type(look.dtype)) return look.dtype;
  const ScalarType common = promoted_dtype(c);
  return c.op.result == Result::floating && !is_floating_type(common) ? get_default_dtype() : common;
}

// A number as one element of a slot. Operands meet in the common dtype, which may hold less than the one in
// which is computed.
void put_number(AnyElement& to, const Call& c, int i, ScalarType common, ScalarType compute) {
  const Scalar& number = c.args[i].number;
  const ScalarType slot = c.slots.type(i, compute);
  const bool rounds = slot != common && c.computed(i) && !c.op.exact_numbers;
  dispatch<AnyType>("number", rounds ? common : slot, [&]<class T>() {
    const T value = number.cast<T>();
    if (rounds)
      kernels::convert(&to, slot, 1, &value, common, 1, 1);
    else
      std::memcpy(&to, &value, sizeof value);
  });
}

void run_plain(const Call& c, ScalarType compute, const Tensor* results) {
  const TensorImpl& first = results[0].impl();
  AnyElement numbers[kMax];
  const void* in[kMax];
  uint8_t step[kMax];
  for (int i = 0; i < c.n; ++i) {
    if (const Tensor* t = c.args[i].tensor) {
      in[i] = t->impl().data();
      step[i] = t->impl().dim() == first.dim();
    } else {
      put_number(numbers[i], c, i, compute, compute);
      in[i] = &numbers[i];
      step[i] = 0;
    }
  }
  void* out[kernels::kMaxResults];
  for (int i = 0; i < c.slots.results; ++i) out[i] = results[i].impl().data();
  kernels::execute_contiguous(kernel_for(c, compute), c.formula, c.slots, compute, in, step, out,
                              first.numel());
}

// A tensor whose elements the common dtype cannot hold all: as it is when they have been rounded to it. A
// number is exact where PyTorch takes it so, in a tensor too.
bool is_rounded(const Call& c, int i, ScalarType common) {
  const TensorImpl& t = c.args[i].tensor->impl();
  return c.computed(i) && t.dtype() != common && !(c.op.exact_numbers && t.dim() == 0);
}

// Whether a number is the same in the common dtype, or rounded to it.
bool is_element(const Call& c, int i, ScalarType common) {
  if (!c.computed(i)) return false;
  if (!c.op.exact_numbers) return true;
  const Scalar& number = c.args[i].number;
  const float rounded = common == ScalarType::Half ? static_cast<float>(number.cast<Half>())
                                                   : static_cast<float>(number.cast<BFloat16>());
  return rounded == number.cast<double>();
}

// Whether the kernel itself converts 16-bit floating numbers.
bool converts_halves(const Call& c, ScalarType common, const Tensor* results) {
  if (compute_type(common) == common || !c.op.row(c.reading, common)) return false;
  bool all = true;
  for (int i = 0; i < c.n; ++i) {
    const Tensor* t = c.args[i].tensor;
    all = all && (t ? t->dtype() == common : is_element(c, i, common));
  }
  for (int i = 0; i < c.slots.results; ++i) all = all && results[i].dtype() == common;
  return all;
}

void run_general(const Call& c, ScalarType common, const Tensor* results) {
  const ScalarType compute = converts_halves(c, common, results) ? common : compute_type(common);
  AnyElement numbers[kMax];
  Tensor rounded[kMax];
  kernels::Operand arrays[kernels::kMaxSlots];
  for (int i = 0; i < c.n; ++i) {
    const ScalarType slot = c.slots.type(i, compute);
    if (const Tensor* t = c.args[i].tensor) {
      arrays[i] = {array_view(*t), slot};
      if (__builtin_expect(compute == common || !is_rounded(c, i, common), 1)) continue;
      rounded[i] = new_tensor(common, t->sizes());
      kernels::copy(array_view(rounded[i]), arrays[i]);
      arrays[i] = {array_view(rounded[i]), slot};
    } else {
      put_number(numbers[i], c, i, common, compute);
      arrays[i] = {{&numbers[i], slot, 0, nullptr, nullptr}, slot};
    }
  }
  for (int i = 0; i < c.slots.results; ++i)
    arrays[c.n + i] = {array_view(results[i]), result_type(c, i, compute)};
  const kernels::RowFn row = kernel_for(c, compute);
  if (results[0].numel() != 0) kernels::execute(row, c.formula, c.n, c.slots.results, arrays);
}

DimVector result_sizes(const Call& c, const Look& look) {
  DimVector sizes(look.shape ? look.shape->sizes() : IntArrayRef());
  if (!look.is_odd(Look::kShapes)) return sizes;
  for (int i = 0; i < c.n; ++i)
    if (c.args[i].tensor) {
      const IntArrayRef other = c.args[i].tensor->impl().sizes();
      if (IntArrayRef(sizes) != other) sizes = broadcast_sizes(c.op.name.op, sizes, other);
    }
  return sizes;
}

Tensor adopt(TensorImpl* impl) { return Tensor(intrusive_ptr<TensorImpl>::adopt(impl)); }

// Row-major where all tensors are. Otherwise in the order of their memory, the first tensor first.
Tensor new_result(const Call& c, const Look& look, ScalarType dtype, IntArrayRef sizes) {
  TensorImpl* out = TensorImpl::make_empty(dtype, sizes);
  if (!look.is_odd(Look::kLayouts)) return adopt(out);
  int count = 0;
  DimVector strides[kMax];
  for (int i = 0; i < c.n; ++i) {
    const Tensor* t = c.args[i].tensor;
    if (t && t->dim() > 0) strides[count++] = broadcast_strides(t->sizes(), t->strides(), sizes);
  }
  const bool alike =
      std::all_of(strides, strides + count, [&](const DimVector& s) { return s == strides[0]; });
  const DimVector dense =
      alike ? dense_strides(sizes, strides[0])
            : strides_in_order(sizes, memory_order(sizes, ArrayRef<DimVector>(strides, count)));
  out->set_geometry(out->storage(), out->data(), dtype, sizes, dense);
  return adopt(out);
}

void check_result(const Call& c, ScalarType result, const Tensor& out) {
  const TensorImpl& o = out.impl();
  XGRAD_CHECK(result == o.dtype() || can_cast(result, o.dtype()), c.op.name.op, "_: the result has dtype ",
              result, " and cannot be written into self of dtype ", o.dtype(), "; use the out-of-place form");
  for (int i = 0; i < c.n; ++i)
    XGRAD_CHECK(!c.args[i].tensor || !overlap_in_part(out, *c.args[i].tensor), c.op.name.op,
                "_: self and an argument share some elements, but not each its own: self is ", o.sizes(),
                " with strides ", o.strides(), ", the argument is ", c.args[i].tensor->sizes(),
                " with strides ", c.args[i].tensor->strides(), "; clone() the argument first");
}

// Throws unless the results can be written into what result(i) is. Says whether all arrays are of one layout.
template <class ResultAt>
bool check_results(const Call& c, const Look& look, ScalarType common, ResultAt&& result) {
  const ScalarType compute = compute_type(common);
  const int count = c.slots.results;
  const IntArrayRef first = result(0).impl().sizes();
  bool plain = look.plain(compute) && look.shape->sizes() == first;
  for (int i = 0; i < count; ++i) {
    check_result(c, result_type(c, i, common), result(i));
    const TensorImpl& o = result(i).impl();
    plain = plain && o.dtype() == result_type(c, i, compute) && o.has(TensorImpl::kContiguous) &&
            o.sizes() == first;
  }
  if (plain) return true;
  const DimVector sizes = result_sizes(c, look);
  for (int i = 0; i < count; ++i)
    XGRAD_CHECK(IntArrayRef(sizes) == result(i).sizes(), c.op.name.op, "_: the result has shape ", sizes,
                " and does not fit into self of shape ", result(i).sizes());
  return false;
}

[[gnu::noinline]] void forward_general(const Call& c, Look look, ScalarType common, Tensor* results) {
  const DimVector sizes = result_sizes(c, look);
  for (int i = 0; i < c.slots.results; ++i)
    results[i] = new_result(c, look, result_type(c, i, common), sizes);
  run_general(c, common, results);
}

[[gnu::always_inline]] inline void forward(const Call& c, Tensor* results) {
  const Look look(c);
  const ScalarType common = common_dtype_of(c, look);
  if (!look.plain(common) || compute_type(common) != common) return forward_general(c, look, common, results);
  for (int i = 0; i < c.slots.results; ++i)
    results[i] = adopt(TensorImpl::make_empty(result_type(c, i, common), look.shape->sizes()));
  run_plain(c, common, results);
}

}  // namespace

void run_forward(const Op& op, const void* formula, const Argument* args, Tensor* results) {
  forward({op, 0, formula, args, op.inputs}, results);
}

void run_forward_into(const Op& op, const void* formula, const Argument* args, const Tensor* results) {
  const Call c{op, 0, formula, args, op.inputs};
  const Look look(c);
  const ScalarType common = common_dtype_of(c, look);
  const bool plain = check_results(c, look, common, [&](int i) -> const Tensor& { return results[i]; });
  plain ? run_plain(c, common, results) : run_general(c, common, results);
}

namespace {
[[gnu::noinline]] Tensor derivative_general(const Call& c, Look look, ScalarType common) {
  Tensor result = new_result(c, look, common, result_sizes(c, look));
  run_general(c, common, &result);
  return result;
}
}  // namespace

Tensor run_derivative(const Op& op, int reading, const void* formula, const Argument* args, int n,
                      bool reuse) {
  const Call c{op, reading, formula, args, n};
  const Look look(c);
  const TensorImpl& gradient = args[0].tensor->impl();
  const ScalarType common = gradient.dtype();
  if (!look.plain(common) || compute_type(common) != common || look.shape->sizes() != gradient.sizes())
    return derivative_general(c, look, common);
  Tensor result =
      reuse && reusable(gradient) ? *args[0].tensor : adopt(TensorImpl::make_empty(common, gradient.sizes()));
  run_plain(c, common, &result);
  return result;
}

bool may_overwrite(const Tensor& t, const Tensor& other) {
  if (!t.defined() || !other.defined()) return false;
  const TensorImpl& mine = t.impl();
  const TensorImpl& theirs = other.impl();
  return reusable(mine) && !mine.view_base && !mine.has(TensorImpl::kWrapped) &&
         is_floating_type(mine.dtype()) && mine.dtype() == theirs.dtype() && mine.sizes() == theirs.sizes() &&
         !(autograd::grad_enabled() && theirs.requires_grad()) && !carries_tangents();
}

namespace {

// Into the `out` of the op that this formula belongs to, if it has one that is as the result would be.
bool forward_to_out(const Call& c, Tensor* result) {
  if (!autograd::this_thread_state.out) return false;
  const Look look(c);
  const ScalarType common = common_dtype_of(c, look);
  *result = lent_out(result_type(c, 0, common), result_sizes(c, look));
  if (!result->defined()) return false;
  const bool plain = check_results(c, look, common, [&](int) -> const Tensor& { return *result; });
  plain ? run_plain(c, common, result) : run_general(c, common, result);
  return true;
}

[[gnu::noinline]] Tensor pointwise_in_modes(const Op& op, const void* formula, const Argument* args) {
  if (autograd::OpObserver* observer = autograd::this_thread_state.observer) observer->op_starts(op);
  Tensor out;
  const Call call{op, 0, formula, args, op.inputs};
  if (forward_to_out(call, &out)) return out;
  forward(call, &out);
  record(op, formula, args, op.inputs, &out, 1);
  return out;
}
}  // namespace

Tensor pointwise(const Op& op, const void* formula, const Argument* args) {
  const autograd::ThreadState& modes = autograd::this_thread_state;
  if (__builtin_expect(modes.forward_ad || modes.observer || modes.anomaly_mode || modes.out, 0))
    return pointwise_in_modes(op, formula, args);
  const unsigned wanting = modes.recording ? op.wanting(args) : 0;
  Tensor out;
  forward({op, 0, formula, args, op.inputs}, &out);
  if (wanting != 0 && is_floating_type(out.impl().dtype()))
    out.impl().grad_fn = OpNode::make(op, formula, args, op.inputs, wanting, &out, 1).detach();
  return out;
}

void pointwise_(const Op& op, const void* formula, const Tensor& self, Argument* args) {
  OpChange change(op, formula, self, args);
  run_forward_into(op, formula, args, &self);
  change.commit();
}

namespace {

// Whether a pass is what most are: tensors of one floating dtype and shape, row-major in memory of their own,
// changed where nothing is recorded. Then there is nothing else to ask.
bool is_simple(const Op& op, const Tensor* const* results, const Tensor* const* args) {
  const kernels::RowSlots& slots = op.row_slots[0];
  if (autograd::grad_enabled() || !results[0]->defined()) return false;
  const TensorImpl& first = results[0]->impl();
  const auto is_like_first = [&](const Tensor& t, int slot) {
    return t.defined() && slots.types[slot] == ScalarType::Undefined &&
           t.impl().has(TensorImpl::kContiguous) && !t.impl().has(TensorImpl::kInference) &&
           t.impl().dtype() == first.dtype() && t.impl().sizes() == first.sizes() &&
           !t.impl().storage()->is_borrowed();
  };
  if (first.dtype() != ScalarType::Float && first.dtype() != ScalarType::Double) return false;
  for (int r = 0; r < slots.results; ++r)
    if (!is_like_first(*results[r], slots.inputs + r)) return false;
  for (int i = 0; i < slots.inputs; ++i) {
    if (!is_like_first(*args[i], i)) return false;
    for (int r = 0; r < slots.results; ++r)
      if (!args[i]->is_same(*results[r]) && args[i]->impl().storage() == results[r]->impl().storage())
        return false;
  }
  return true;
}

}  // namespace

PreparedPass::PreparedPass(const Op& op, const void* formula, const Tensor* const* results,
                           const Tensor* const* args)
    : op_(&op) {
  const kernels::RowSlots& slots = op.row_slots[0];
  for (int i = 0; i < slots.inputs; ++i) args_[i] = args[i]->unsafeGetTensorImpl();
  for (int i = 0; i < slots.results; ++i) results_[i] = results[i]->unsafeGetTensorImpl();
  std::memcpy(formula_, formula, op.formula_bytes);
  if (is_simple(op, results, args)) {
    common_ = results_[0]->dtype();
    plain_ = true;
    row_ = op.row(0, common_);
    if (row_) return;
  }
  Argument arguments[kMax];
  for (int i = 0; i < op.inputs; ++i) arguments[i].tensor = args[i];
  const Call c{op, 0, formula, arguments, op.inputs};
  for (int i = 0; i < c.slots.results; ++i) check_change(op.name.op, *results[i], false);
  const Look look(c);
  common_ = common_dtype_of(c, look);
  plain_ = check_results(c, look, common_, [&](int i) -> const Tensor& { return *results[i]; });
  row_ = kernel_for(c, compute_type(common_));
}

void PreparedPass::run() const {
  const kernels::RowSlots& slots = op_->row_slots[0];
  if (plain_) {
    const void* in[kMax];
    uint8_t step[kMax];
    void* out[kernels::kMaxResults];
    for (int i = 0; i < slots.inputs; ++i) {
      in[i] = args_[i]->data();
      step[i] = args_[i]->dim() == results_[0]->dim();
    }
    for (int i = 0; i < slots.results; ++i) out[i] = results_[i]->data();
    kernels::execute_contiguous(row_, formula_, slots, common_, in, step, out, results_[0]->numel());
  } else {
    Tensor args[kMax], results[kernels::kMaxResults];
    Argument arguments[kMax];
    for (int i = 0; i < slots.inputs; ++i) {
      args[i] = Tensor(intrusive_ptr<TensorImpl>(args_[i]));
      arguments[i].tensor = &args[i];
    }
    for (int i = 0; i < slots.results; ++i) results[i] = Tensor(intrusive_ptr<TensorImpl>(results_[i]));
    run_general({*op_, 0, formula_, arguments, slots.inputs}, common_, results);
  }
  for (int i = 0; i < slots.results; ++i) results_[i]->bump_version();
}

void undefined_argument(const char* op) {
  fail(op,
       ": an argument is an undefined tensor; was it default-constructed, or is it a .grad() before "
       "backward, or the .grad() "
       "of a tensor that is no leaf (call retain_grad() on that before backward)?");
}

Tensor wrapped_number(const Scalar& number) {
  const ScalarType t = number.isFloatingPoint() ? ScalarType::Double : number.type();
  Tensor result = adopt(TensorImpl::make_empty(t, {}));
  dispatch<ComputeTypes>("number", t,
                         [&]<class T>() { *static_cast<T*>(result.impl().data()) = number.cast<T>(); });
  result.impl().set(TensorImpl::kWrapped, true);
  return result;
}

}  // namespace xgrad::ops
