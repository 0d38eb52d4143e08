// Elementwise ops on Tensors, the part that all formulas share: dtype and shape of the result, the fast path
// for equal layouts, the general path through the executor.
#include <xgrad/core/stanza/pointwise.h>

#include <cstring>

#include <xgrad/core/stanza/accumulate.h>
#include <xgrad/core/stanza/promotion.h>
#include <xgrad/core/stanza/strided.h>
#include <xgrad/core/tape/view_history.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::ops {

namespace {

constexpr int kMax = kernels::kMaxInputs;

// A number written as one value of a dtype.
void put_number(void* to, const Scalar& s, ScalarType t) {
  dispatch<Join<Numbers, TypeList<bool>>>("number", t,
                                          [&]<class T>() { *static_cast<T*>(to) = s.cast<T>(); });
}

// The dtype in which kernels compute for a common dtype.
ScalarType compute_type(ScalarType common) {
  return common == ScalarType::Half || common == ScalarType::BFloat16 ? ScalarType::Float : common;
}

struct Call {
  const Op& op;
  int reading;
  const void* formula;
  const Argument* args;
  int n;

  const kernels::RowSlots& slots() const { return op.row_slots[reading]; }
  // Whether argument i is of the dtype in which the formula computes.
  bool computed(int i) const { return slots().types[i] == ScalarType::Undefined; }
};

// A result of the call: what it holds where the formula computes for the dtype `common`.
ScalarType result_type(const Call& c, int i, ScalarType common) {
  return c.slots().type(c.slots().inputs + i, common);
}

kernels::RowFn kernel_for(const Call& c, ScalarType compute) {
  const kernels::RowFn row = c.op.row(c.reading, compute);
  XGRAD_CHECK_AS(TypeError, row, c.op.name.op, ": not implemented for dtype ", compute,
                 compute == ScalarType::Bool
                     ? "; for masks there are logical_not(), logical_and(), logical_or() and logical_xor()"
                     : "");
  return row;
}

// All tensors contiguous, of dtype `compute` and of one shape, or of one element and no dimensions: no shapes
// to work out. The result, or nothing.
const Tensor* same_layout(const Call& c, ScalarType compute) {
  const Tensor* shape = nullptr;
  for (int i = 0; i < c.n; ++i) {
    if (!c.args[i].tensor) continue;
    const TensorImpl& t = c.args[i].tensor->impl();
    if (t.dtype() != c.slots().type(i, compute) || !t.has(TensorImpl::kContiguous)) return nullptr;
    if (!shape || (t.dim() > 0 && shape->impl().dim() == 0))
      shape = c.args[i].tensor;
    else if (t.dim() != 0 && t.sizes() != shape->impl().sizes())
      return nullptr;
  }
  return shape;
}

void run_same_layout(const Call& c, ScalarType compute, const Tensor* results) {
  const TensorImpl& first = results[0].impl();
  int64_t numbers[kMax];
  const void* in[kMax];
  uint8_t step[kMax];
  for (int i = 0; i < c.n; ++i) {
    if (const Tensor* t = c.args[i].tensor) {
      in[i] = t->impl().data();
      step[i] = t->impl().dim() == first.dim();
    } else {
      put_number(&numbers[i], c.args[i].number, c.slots().type(i, compute));
      in[i] = &numbers[i];
      step[i] = 0;
    }
  }
  void* out[kernels::kMaxResults];
  for (int i = 0; i < c.slots().results; ++i) out[i] = results[i].impl().data();
  kernels::execute_contiguous(kernel_for(c, compute), c.formula, c.slots(), compute, in, step, out,
                              first.numel());
}

// Strides with which a tensor is read as if it had `sizes`: 0 where it is broadcast.
DimVector broadcast_strides(const TensorImpl& t, IntArrayRef sizes) {
  DimVector strides(sizes.size());
  const std::size_t offset = sizes.size() - static_cast<std::size_t>(t.dim());
  for (std::size_t d = 0; d < static_cast<std::size_t>(t.dim()); ++d)
    strides[offset + d] = t.sizes()[d] == 1 && sizes[offset + d] != 1 ? 0 : t.strides()[d];
  return strides;
}

void run_general(const Call& c, ScalarType compute, const Tensor* results) {
  const TensorImpl& first = results[0].impl();
  int64_t numbers[kMax];
  kernels::Operand arrays[kernels::kMaxSlots];
  DimVector strides[kMax];
  for (int i = 0; i < c.n; ++i) {
    const ScalarType slot = c.slots().type(i, compute);
    if (const Tensor* t = c.args[i].tensor) {
      strides[i] = broadcast_strides(t->impl(), first.sizes());
      arrays[i] = {t->impl().data(), t->impl().dtype(), t->impl().numel() == 1 ? nullptr : strides[i].data(),
                   slot};
    } else {
      put_number(&numbers[i], c.args[i].number, slot);
      arrays[i] = {&numbers[i], slot, nullptr, slot};
    }
  }
  for (int i = 0; i < c.slots().results; ++i) {
    const TensorImpl& out = results[i].impl();
    arrays[c.n + i] = {out.data(), out.dtype(), out.strides().data(), result_type(c, i, compute)};
  }
  kernels::execute(kernel_for(c, compute), c.formula, c.n, c.slots().results, arrays, first.dim(),
                   first.sizes().data());
}

DimVector result_sizes(const Call& c) {
  const Tensor* first = nullptr;
  DimVector sizes;
  for (int i = 0; i < c.n; ++i) {
    if (!c.args[i].tensor) continue;
    const IntArrayRef other = c.args[i].tensor->impl().sizes();
    if (!first)
      sizes = other;
    else if (IntArrayRef(sizes) != other)
      sizes = broadcast_sizes(c.op.name.op, sizes, other);
    first = c.args[i].tensor;
  }
  return sizes;
}

// Row-major where all tensors are. Otherwise in the order of their memory, the first tensor first.
TensorImpl* new_result(const Call& c, ScalarType dtype, const DimVector& sizes) {
  TensorImpl* out = TensorImpl::make_empty(dtype, sizes);
  int count = 0;
  bool in_order = true;
  DimVector strides[kMax];
  for (int i = 0; i < c.n; ++i) {
    const Tensor* t = c.args[i].tensor;
    if (!t || t->impl().dim() == 0) continue;
    in_order = in_order && t->impl().has(TensorImpl::kContiguous);
    strides[count++] = broadcast_strides(t->impl(), sizes);
  }
  if (in_order) return out;
  const bool alike =
      std::all_of(strides, strides + count, [&](const DimVector& s) { return s == strides[0]; });
  const DimVector dense =
      alike ? dense_strides(sizes, strides[0])
            : strides_in_order(sizes, memory_order(sizes, ArrayRef<DimVector>(strides, count)));
  out->set_geometry(out->storage(), out->data(), dtype, sizes, dense);
  return out;
}

Tensor adopt(TensorImpl* impl) { return Tensor(intrusive_ptr<TensorImpl>::adopt(impl)); }

// PyTorch's rule over the arguments that the formula computes with.
ScalarType promoted_dtype(const Call& c) {
  Argument computed[kMax];
  int n = 0;
  for (int i = 0; i < c.n; ++i)
    if (c.computed(i)) computed[n++] = c.args[i];
  return common_dtype(computed, n);
}

// A single floating tensor with numbers, or tensors of one dtype, need no promotion.
ScalarType quick_common_dtype(const Call& c) {
  ScalarType t = ScalarType::Undefined;
  for (int i = 0; i < c.n; ++i) {
    const Argument& a = c.args[i];
    if (!a.tensor) {
      continue;
    } else if (__builtin_expect(!a.tensor->defined(), 0)) {
      undefined_argument(c.op.name.op);
    } else if (!c.computed(i)) {
      continue;
    } else if (t == ScalarType::Undefined) {
      t = a.tensor->impl().dtype();
    } else if (t != a.tensor->impl().dtype()) {
      return promoted_dtype(c);
    }
  }
  return is_floating_type(t) ? t : promoted_dtype(c);
}

ScalarType common_dtype_of(const Call& c) {
  const ScalarType common = quick_common_dtype(c);
  return c.op.result == Result::floating && !is_floating_type(common) ? get_default_dtype() : common;
}

void check_result(const Call& c, ScalarType result, const Tensor& out) {
  const TensorImpl& o = out.impl();
  XGRAD_CHECK(result == o.dtype() || can_cast(result, o.dtype()), c.op.name.op, "_: the result has dtype ", result,
              " and cannot be written into self of dtype ", o.dtype(), "; use the out-of-place form");
  for (int i = 0; i < c.n; ++i)
    XGRAD_CHECK(!c.args[i].tensor || !overlap_in_part(out, *c.args[i].tensor), c.op.name.op,
                "_: self and an argument share some elements, but not each its own: self is ", o.sizes(),
                " with strides ", o.strides(), ", the argument is ", c.args[i].tensor->sizes(),
                " with strides ", c.args[i].tensor->strides(), "; clone() the argument first");
}

// Throws unless the results can be written into what result(i) is. Says whether all arrays are of one layout.
template <class ResultAt>
bool check_results(const Call& c, ScalarType common, ResultAt&& result) {
  const ScalarType compute = compute_type(common);
  const int count = c.slots().results;
  const IntArrayRef first = result(0).impl().sizes();
  bool plain = true;
  for (int i = 0; i < count; ++i) {
    check_result(c, result_type(c, i, common), result(i));
    const TensorImpl& o = result(i).impl();
    plain = plain && o.dtype() == result_type(c, i, compute) && o.has(TensorImpl::kContiguous) &&
            o.sizes() == first;
  }
  if (plain)
    if (const Tensor* shape = same_layout(c, compute); shape && shape->impl().sizes() == first) return true;
  const DimVector sizes = result_sizes(c);
  for (int i = 0; i < count; ++i)
    XGRAD_CHECK(IntArrayRef(sizes) == result(i).sizes(), c.op.name.op, "_: the result has shape ", sizes,
                " and does not fit into self of shape ", result(i).sizes());
  return false;
}

}  // namespace

// What most calls are: tensors of one floating dtype that has kernels, with one layout (and numbers). One
// look at each.
const Tensor* quick_layout(const Call& c) {
  const Tensor* shape = nullptr;
  for (int i = 0; i < c.n; ++i) {
    const Tensor* t = c.args[i].tensor;
    if (!t) continue;
    if (__builtin_expect(!t->defined(), 0)) undefined_argument(c.op.name.op);
    const TensorImpl& impl = t->impl();
    if (!impl.has(TensorImpl::kContiguous) || !c.computed(i)) return nullptr;
    if (!shape) {
      if (impl.dtype() != ScalarType::Float && impl.dtype() != ScalarType::Double) return nullptr;
      shape = t;
      continue;
    }
    const TensorImpl& first = shape->impl();
    if (impl.dtype() != first.dtype()) return nullptr;
    if (impl.sizes() == first.sizes()) continue;
    if (first.dim() == 0)
      shape = t;
    else if (impl.dim() != 0)
      return nullptr;
  }
  return shape;
}

void run_forward(const Op& op, const void* formula, const Argument* args, Tensor* results) {
  const Call c{op, 0, formula, args, op.inputs};
  const int count = c.slots().results;
  if (const Tensor* shape = quick_layout(c)) {
    const TensorImpl& like = shape->impl();
    for (int i = 0; i < count; ++i)
      results[i] = adopt(TensorImpl::make_empty(result_type(c, i, like.dtype()), like.sizes()));
    return run_same_layout(c, like.dtype(), results);
  }
  const ScalarType common = common_dtype_of(c), compute = compute_type(common);
  if (common == compute)
    if (const Tensor* shape = same_layout(c, compute)) {  // integers and masks of one layout
      const TensorImpl& like = shape->impl();
      for (int i = 0; i < count; ++i)
        results[i] = adopt(TensorImpl::make_empty(result_type(c, i, compute), like.sizes()));
      return run_same_layout(c, compute, results);
    }
  const DimVector sizes = result_sizes(c);
  for (int i = 0; i < count; ++i) results[i] = adopt(new_result(c, result_type(c, i, common), sizes));
  run_general(c, compute, results);
}

void run_forward_into(const Op& op, const void* formula, const Argument* args, const Tensor* results) {
  const Call c{op, 0, formula, args, op.inputs};
  const ScalarType common = common_dtype_of(c), compute = compute_type(common);
  const bool plain = check_results(c, common, [&](int i) -> const Tensor& { return results[i]; });
  plain ? run_same_layout(c, compute, results) : run_general(c, compute, results);
}

Tensor run_derivative(const Op& op, int reading, const void* formula, const Argument* args, int n,
                      bool reuse) {
  const Call c{op, reading, formula, args, n};
  const TensorImpl& gradient = args[0].tensor->impl();
  const ScalarType common = gradient.dtype(), compute = compute_type(common);
  if (common == compute)
    if (const Tensor* shape = same_layout(c, compute); shape && shape->impl().sizes() == gradient.sizes()) {
      Tensor result = reuse && reusable(gradient) ? *args[0].tensor
                                                  : adopt(TensorImpl::make_empty(compute, gradient.sizes()));
      run_same_layout(c, compute, &result);
      return result;
    }
  Tensor result = adopt(new_result(c, common, result_sizes(c)));
  run_general(c, compute, &result);
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

Tensor pointwise(const Op& op, const void* formula, const Argument* args) {
  Tensor out;
  run_forward(op, formula, args, &out);
  const autograd::ThreadState& modes = autograd::this_thread_state;
  const unsigned wanting = modes.recording ? op.wanting(args) : 0;
  if (__builtin_expect(modes.forward_ad || modes.keep_values || modes.anomaly_mode, 0)) {
    record(op, formula, args, op.inputs, &out, 1);
  } else if (wanting != 0 && is_floating_type(out.impl().dtype())) {
    out.impl().grad_fn = OpNode::make(op, formula, args, op.inputs, wanting, &out, 1).detach();
  }
  return out;
}

void pointwise_(const Op& op, const void* formula, const Tensor& self, Argument* args) {
  OpChange change(op, formula, self, args);
  run_forward_into(op, formula, args, &self);
  change.commit();
}

PreparedPass::PreparedPass(const Op& op, const void* formula, const Tensor* const* results,
                           const Tensor* const* args)
    : op_(&op) {
  Argument arguments[kMax];
  for (int i = 0; i < op.inputs; ++i) arguments[i].tensor = args[i];
  const Call c{op, 0, formula, arguments, op.inputs};
  for (int i = 0; i < c.slots().results; ++i) check_change(op.name.op, *results[i], false);
  const ScalarType common = common_dtype_of(c);
  compute_ = compute_type(common);
  plain_ = check_results(c, common, [&](int i) -> const Tensor& { return *results[i]; });
  row_ = kernel_for(c, compute_);
  for (int i = 0; i < op.inputs; ++i) args_[i] = &args[i]->impl();
  for (int i = 0; i < c.slots().results; ++i) results_[i] = &results[i]->impl();
  std::memcpy(formula_, formula, op.formula_bytes);
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
    kernels::execute_contiguous(row_, formula_, slots, compute_, in, step, out, results_[0]->numel());
  } else {
    Tensor args[kMax], results[kernels::kMaxResults];
    Argument arguments[kMax];
    for (int i = 0; i < slots.inputs; ++i) {
      args[i] = Tensor(intrusive_ptr<TensorImpl>(args_[i]));
      arguments[i].tensor = &args[i];
    }
    for (int i = 0; i < slots.results; ++i) results[i] = Tensor(intrusive_ptr<TensorImpl>(results_[i]));
    run_general({*op_, 0, formula_, arguments, slots.inputs}, compute_, results);
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
  put_number(result.impl().data(), number, t);
  result.impl().set(TensorImpl::kWrapped, true);
  return result;
}

}  // namespace xgrad::ops
