// Elementwise ops on Tensors, the part that all formulas share: dtype and shape of the result, the fast path
// for equal layouts, the general path through the executor.
#include <xgrad/core/stanza/pointwise.h>

#include <xgrad/core/stanza/accumulate.h>
#include <xgrad/core/stanza/promotion.h>
#include <xgrad/core/stanza/strided.h>
#include <xgrad/core/tape/view_history.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::ops {

namespace {

constexpr int kMax = kernels::kMaxOperands;

// A number written as one value of a dtype.
void put_number(void* to, const Scalar& s, ScalarType t) {
  dispatch<Join<Numbers, TypeList<bool>>>("number", t, [&]<class T>() { *static_cast<T*>(to) = s.to<T>(); });
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
};

kernels::RowFn kernel_for(const Call& c, ScalarType compute) {
  const kernels::RowFn row = c.op.rows().find(c.reading, compute);
  XGRAD_CHECK_AS(TypeError, row, c.op.name.op, ": not implemented for dtype ", compute);
  return row;
}

// All tensors contiguous, of dtype `compute` and of one shape, or of one element and no dimensions: no shapes
// to work out. The result, or nothing.
const Tensor* same_layout(const Call& c, ScalarType compute) {
  const Tensor* shape = nullptr;
  for (int i = 0; i < c.n; ++i) {
    if (!c.args[i].tensor) continue;
    const TensorImpl& t = c.args[i].tensor->impl();
    if (t.dtype() != compute || !t.has(TensorImpl::kContiguous)) return nullptr;
    if (!shape || (t.dim() > 0 && shape->impl().dim() == 0))
      shape = c.args[i].tensor;
    else if (t.dim() != 0 && t.sizes() != shape->impl().sizes())
      return nullptr;
  }
  return shape;
}

void run_same_layout(const Call& c, ScalarType compute, const TensorImpl& out) {
  int64_t numbers[kMax];
  const void* in[kMax];
  uint8_t step[kMax];
  for (int i = 0; i < c.n; ++i) {
    if (const Tensor* t = c.args[i].tensor) {
      in[i] = t->impl().data();
      step[i] = t->impl().dim() == out.dim();
    } else {
      put_number(&numbers[i], c.args[i].number, compute);
      in[i] = &numbers[i];
      step[i] = 0;
    }
  }
  kernels::execute_contiguous(kernel_for(c, compute), c.formula, compute, c.n, in, step, out.data(),
                              out.numel());
}

// Strides with which a tensor is read as if it had `sizes`: 0 where it is broadcast.
DimVector broadcast_strides(const TensorImpl& t, IntArrayRef sizes) {
  DimVector strides(sizes.size());
  const std::size_t offset = sizes.size() - static_cast<std::size_t>(t.dim());
  for (std::size_t d = 0; d < static_cast<std::size_t>(t.dim()); ++d)
    strides[offset + d] = t.sizes()[d] == 1 && sizes[offset + d] != 1 ? 0 : t.strides()[d];
  return strides;
}

void run_general(const Call& c, ScalarType compute, const TensorImpl& out) {
  int64_t numbers[kMax];
  kernels::Operand operands[kMax];
  DimVector strides[kMax];
  for (int i = 0; i < c.n; ++i) {
    if (const Tensor* t = c.args[i].tensor) {
      strides[i] = broadcast_strides(t->impl(), out.sizes());
      operands[i] = {t->impl().data(), t->impl().dtype(),
                     t->impl().numel() == 1 ? nullptr : strides[i].data()};
    } else {
      put_number(&numbers[i], c.args[i].number, compute);
      operands[i] = {&numbers[i], compute, nullptr};
    }
  }
  kernels::execute(kernel_for(c, compute), c.formula, compute, c.n, operands, out.data(), out.dtype(),
                   out.strides().data(), out.dim(), out.sizes().data());
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

// The layout that all tensors share, or nothing.
const TensorImpl* shared_layout(const Call& c, IntArrayRef sizes) {
  const TensorImpl* first = nullptr;
  for (int i = 0; i < c.n; ++i) {
    if (!c.args[i].tensor || c.args[i].tensor->impl().dim() == 0) continue;
    const TensorImpl& t = c.args[i].tensor->impl();
    if (t.sizes() != sizes || (first && t.strides() != first->strides())) return nullptr;
    first = &t;
  }
  return first;
}

// Row-major, unless all tensors have one other layout (transposed matrices): then the result gets it too.
TensorImpl* new_result(const Call& c, ScalarType dtype, const DimVector& sizes) {
  TensorImpl* out = TensorImpl::make_empty(dtype, sizes, numel_of(sizes));
  const TensorImpl* layout = shared_layout(c, sizes);
  if (layout && !layout->has(TensorImpl::kContiguous) && !descend(layout->strides()))
    out->set_geometry(out->storage(), out->data(), dtype, sizes, dense_strides(sizes, layout->strides()));
  return out;
}

Tensor adopt(TensorImpl* impl) { return Tensor(intrusive_ptr<TensorImpl>::adopt(impl)); }

// A single floating tensor with numbers, or tensors of one dtype, need no promotion.
ScalarType quick_common_dtype(const Call& c) {
  ScalarType t = ScalarType::Undefined;
  for (int i = 0; i < c.n; ++i) {
    const Argument& a = c.args[i];
    if (!a.tensor) {
      continue;
    } else if (__builtin_expect(!a.tensor->defined(), 0)) {
      undefined_argument(c.op.name.op);
    } else if (t == ScalarType::Undefined) {
      t = a.tensor->impl().dtype();
    } else if (t != a.tensor->impl().dtype()) {
      return common_dtype(c.args, c.n);
    }
  }
  return is_floating_type(t) ? t : common_dtype(c.args, c.n);
}

void run_into(const Call& c, ScalarType compute, ScalarType result, const Tensor& out) {
  const TensorImpl& o = out.impl();
  XGRAD_CHECK(can_cast(result, o.dtype()), c.op.name.op, "_: the result has dtype ", result,
              " and cannot be written into self of dtype ", o.dtype(), "; use the out-of-place form");
  for (int i = 0; i < c.n; ++i)
    XGRAD_CHECK(!c.args[i].tensor || !overlap_in_part(out, *c.args[i].tensor), c.op.name.op,
                "_: self and an argument share some elements, but not each its own: self is ", o.sizes(),
                " with strides ", o.strides(), ", the argument is ", c.args[i].tensor->sizes(),
                " with strides ", c.args[i].tensor->strides(), "; clone() the argument first");
  if (o.dtype() == compute && o.has(TensorImpl::kContiguous))
    if (const Tensor* shape = same_layout(c, compute); shape && shape->impl().sizes() == o.sizes())
      return run_same_layout(c, compute, o);
  const DimVector sizes = result_sizes(c);
  XGRAD_CHECK(IntArrayRef(sizes) == o.sizes(), c.op.name.op, "_: the result has shape ", sizes,
              " and does not fit into self of shape ", o.sizes());
  run_general(c, compute, o);
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
    if (!impl.has(TensorImpl::kContiguous)) return nullptr;
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

Tensor run_forward(const Op& op, const void* formula, const Argument* args, int n, const Tensor* out) {
  const Call c{op, 0, formula, args, n};
  if (!out && op.result != Result::boolean)
    if (const Tensor* shape = quick_layout(c)) {
      const TensorImpl& like = shape->impl();
      Tensor fresh = adopt(TensorImpl::make_empty(like.dtype(), like.sizes(), like.numel()));
      run_same_layout(c, like.dtype(), fresh.impl());
      return fresh;
    }
  ScalarType common = quick_common_dtype(c);
  if (op.result == Result::floating && !is_floating_type(common)) common = get_default_dtype();
  const ScalarType compute = compute_type(common);
  const ScalarType result = op.result == Result::boolean ? ScalarType::Bool : common;
  if (out) {
    run_into(c, compute, result, *out);
    return *out;
  }
  if (result == compute)
    if (const Tensor* shape = same_layout(c, compute)) {  // integers of one layout
      Tensor fresh = adopt(TensorImpl::make_empty(compute, shape->impl().sizes(), shape->impl().numel()));
      run_same_layout(c, compute, fresh.impl());
      return fresh;
    }
  Tensor fresh = adopt(new_result(c, result, result_sizes(c)));
  run_general(c, compute, fresh.impl());
  return fresh;
}

Tensor run_derivative(const Op& op, int reading, const void* formula, const Argument* args, int n,
                      bool reuse) {
  const Call c{op, reading, formula, args, n};
  const TensorImpl& gradient = args[0].tensor->impl();
  const ScalarType common = gradient.dtype(), compute = compute_type(common);
  if (common == compute)
    if (const Tensor* shape = same_layout(c, compute); shape && shape->impl().sizes() == gradient.sizes()) {
      Tensor result = reuse && reusable(gradient)
                          ? *args[0].tensor
                          : adopt(TensorImpl::make_empty(compute, gradient.sizes(), gradient.numel()));
      run_same_layout(c, compute, result.impl());
      return result;
    }
  Tensor result = adopt(new_result(c, common, result_sizes(c)));
  run_general(c, compute, result.impl());
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
  Tensor out = run_forward(op, formula, args, op.inputs);
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
  prepare_inplace(op, self, args);
  // A derivative that needs the old values of self gets a copy: they are about to be overwritten.
  Tensor old;
  if (saves_old_value(op, self, args)) {
    old = self.clone();
    for (int i = 0; i < op.inputs; ++i) args[i].replace(self, old);
  }
  run_forward(op, formula, args, op.inputs, &self);
  self.impl().bump_version();
  record_inplace(op, formula, self, args);
}

void undefined_argument(const char* op) {
  fail(op,
       ": an argument is an undefined tensor; was it default-constructed, or is it a .grad() before "
       "backward, or the .grad() "
       "of a tensor that is no leaf (call retain_grad() on that before backward)?");
}

Tensor wrapped_number(const Scalar& number) {
  const ScalarType t = number.isFloatingPoint() ? ScalarType::Double : number.type();
  Tensor result = adopt(TensorImpl::make_empty(t, {}, 1));
  put_number(result.impl().data(), number, t);
  result.impl().set(TensorImpl::kWrapped, true);
  return result;
}

}  // namespace xgrad::ops
