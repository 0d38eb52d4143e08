// The rules of ops with out=...: what must hold before the op runs, and what must before its result is
// written.
#include <xgrad/core/ops/out.h>

#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/view.h>
#include <xgrad/core/types/warning.h>

namespace xgrad::detail {

namespace {

void check_memory(const char* op, OutKind kind, const Tensor& out, TensorList arguments) {
  XGRAD_CHECK(!ops::repeats_elements(out), op,
              ": unsupported operation: more than one element of the written-to tensor refers to a single "
              "memory location: out is ",
              out.sizes(), " with strides ", out.strides(), "; clone() it first");
  if (kind != OutKind::elementwise) return;
  for (const Tensor& t : arguments)
    XGRAD_CHECK(
        !t.defined() || !ops::overlap_in_part(out, t), op,
        ": unsupported operation: some elements of the input tensor and the written-to tensor refer to a "
        "single memory location: out is ",
        out.sizes(), ", the argument is ", t.sizes(), "; clone() it first");
}

void check_result(const char* op, const Tensor& out, const Tensor& result) {
  XGRAD_CHECK_AS(TypeError, can_cast(result.dtype(), out.dtype()), op, ": result type ", result.dtype(),
                 " can't be cast to the desired output type ", out.dtype());
  if (out.sizes() != result.sizes()) ops::check_resizable(op, out, result.sizes());
}

// Whether a formula may write into `out` while the arguments are still to be read.
bool is_lent(OutKind kind, OutList outs, TensorList arguments) {
  if (kind == OutKind::any || outs.size() != 1) return false;
  const autograd::ThreadState& modes = autograd::thread_state();
  if (modes.forward_ad || modes.observer) return false;
  for (const Tensor& t : arguments)
    if (t.defined() && ops::share_memory(t, **outs.begin())) return false;
  return true;
}

}  // namespace

OutScope::OutScope(const char* op, OutKind kind, OutList outs, TensorList arguments)
    : op_(op), outs_(outs), recording_(GradMode::is_enabled()) {
  bool wanted = false;
  for (const Tensor* out : outs) {
    XGRAD_CHECK(out->defined(), op, ": out is an undefined tensor");
    check_memory(op, kind, *out, arguments);
    ops::check_change(op, *out, false);
    wanted = wanted || out->requires_grad();
  }
  for (const Tensor& t : arguments) wanted = wanted || (t.defined() && t.requires_grad());
  XGRAD_CHECK(!wanted || !recording_, op,
              ": functions with out=... arguments don't support automatic differentiation, but one of the "
              "arguments requires grad; use the form without out, or NoGradGuard");
  GradMode::set_enabled(false);
  if (is_lent(kind, outs, arguments)) autograd::thread_state().out = (*outs.begin())->unsafeGetTensorImpl();
}

OutScope::~OutScope() {
  autograd::thread_state().out = nullptr;
  GradMode::set_enabled(recording_);
}

void OutScope::store(std::initializer_list<const Tensor*> results) const {
  autograd::thread_state().out = nullptr;  // not for what a handler of warnings computes
  const auto* result = results.begin();
  for (const Tensor* out : outs_) check_result(op_, *out, **result++);
  result = results.begin();
  for (const Tensor* out : outs_) {
    const Tensor& value = **result++;
    if (value.is_same(*out)) {
      out->impl().bump_version();
      continue;
    }
    if (out->sizes() != value.sizes()) {
      if (out->numel() > 0)
        XGRAD_WARN(op_, ": an output with one or more elements was resized from ", out->sizes(), " to ",
                   value.sizes(), "; resize it to no elements first: out.resize_(0)");
      out->resize_(value.sizes());
    }
    out->copy_(value);
  }
}

}  // namespace xgrad::detail
