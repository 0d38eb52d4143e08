// SGD: which parameters take the fused pass, and the same step over tensors for all others.
#include <xgrad/optim/sgd.h>

#include <xgrad/core/kernels/isa.h>
#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/optim/sgd_kernel.h>

namespace xgrad::optim {

namespace {

// Below this many elements a second thread costs more than it gains.
constexpr int64_t kGrain = 1 << 15;

const kernels::SgdTable& table() {
#ifdef XGRAD_HAVE_AVX512
  switch (kernels::isa()) {
    case kernels::Isa::avx512:
      return kernels::avx512::sgd_table;
    case kernels::Isa::avx2:
      return kernels::avx2::sgd_table;
    case kernels::Isa::base:
      break;
  }
#endif
  return kernels::base::sgd_table;
}

bool dense(const TensorImpl& t, ScalarType dtype) {
  return t.dtype() == dtype && t.has(TensorImpl::kContiguous);
}

template <class T>
void run_rows(void (*row)(const kernels::SgdStep&, T*, const T*, T*, int64_t), const kernels::SgdStep& step,
              TensorImpl& p, const TensorImpl& g, const Tensor* buffer) {
  T* to = static_cast<T*>(p.data());
  const T* from = static_cast<const T*>(g.data());
  T* b = buffer ? static_cast<T*>(buffer->impl().data()) : nullptr;
  const int64_t n = p.numel();
  if (n <= kGrain) return row(step, to, from, b, n);
  kernels::parallel_for(0, n, kGrain, [&](int64_t begin, int64_t end) {
    row(step, to + begin, from + begin, b ? b + begin : nullptr, end - begin);
  });
}

void step_over_tensors(const kernels::SgdStep& step, const Tensor& p, const Tensor& gradient,
                       Tensor* buffer) {
  NoGradGuard no_grad;
  Tensor d = gradient.detach();
  if (step.weight_decay != 0) d = d.add(p, step.weight_decay);
  if (buffer) {
    if (step.fresh)
      buffer->copy_(d);
    else
      buffer->mul_(step.momentum).add_(d, 1 - step.dampening);
    d = step.nesterov ? d.add(*buffer, step.momentum) : *buffer;
  }
  p.add_(d, -step.lr);
}

void step_parameter(const kernels::SgdStep& step, const Tensor& p, const Tensor& gradient, Tensor* buffer) {
  static const kernels::SgdTable rows = table();
  TensorImpl& impl = p.impl();
  const TensorImpl& g = gradient.impl();
  const ScalarType dtype = impl.dtype();
  const bool fused = (dtype == ScalarType::Float || dtype == ScalarType::Double) && dense(impl, dtype) &&
                     dense(g, dtype) && g.numel() == impl.numel() &&
                     (!buffer || dense(buffer->impl(), dtype));
  if (!fused) return step_over_tensors(step, p, gradient, buffer);
  if (dtype == ScalarType::Float)
    run_rows<float>(rows.float_step, step, impl, g, buffer);
  else
    run_rows<double>(rows.double_step, step, impl, g, buffer);
  impl.bump_version();
}

}  // namespace

SGD::SGD(std::vector<OptimizerParamGroup> param_groups, SGDOptions defaults)
    : Optimizer(std::move(param_groups), defaults.clone()) {
  // The base class was not yet an SGD when it added the groups.
  SGD::check_options(defaults);
  for (const OptimizerParamGroup& group : param_groups_) SGD::check_options(group.options());
}

void SGD::check_options(const OptimizerOptions& options) const {
  const auto* o = dynamic_cast<const SGDOptions*>(&options);
  XGRAD_CHECK_AS(TypeError, o, "SGD: the options of a group must be SGDOptions");
  XGRAD_CHECK_AS(ValueError, o->lr() >= 0, "SGD: Invalid learning rate: ", o->lr());
  XGRAD_CHECK_AS(ValueError, o->momentum() >= 0, "SGD: Invalid momentum value: ", o->momentum());
  XGRAD_CHECK_AS(ValueError, o->weight_decay() >= 0, "SGD: Invalid weight_decay value: ", o->weight_decay());
  XGRAD_CHECK_AS(ValueError, !o->nesterov() || (o->momentum() > 0 && o->dampening() == 0),
                 "SGD: Nesterov momentum requires a momentum and zero dampening: momentum is ", o->momentum(),
                 ", dampening is ", o->dampening());
}

Tensor* SGD::momentum_buffer(const Tensor& parameter, bool& first) {
  auto& state = state_[parameter.unsafeGetTensorImpl()];
  if (!state) state = std::make_unique<SGDParamState>();
  Tensor& buffer = static_cast<SGDParamState&>(*state).momentum_buffer();
  first = !buffer.defined();
  if (first) buffer = empty(parameter.sizes(), parameter.options());
  return &buffer;
}

Tensor SGD::step(LossClosure closure) {
  Tensor loss = run_closure(closure);
  for (OptimizerParamGroup& group : param_groups_) {
    const auto& o = static_cast<const SGDOptions&>(group.options());
    kernels::SgdStep step{o.lr(), o.momentum(), o.dampening(), o.weight_decay(), o.nesterov(), false};
    for (const Tensor& p : group.params()) {
      const auto* meta = p.impl().meta;
      if (!meta || !meta->grad.defined()) continue;
      Tensor* buffer = step.momentum != 0 ? momentum_buffer(p, step.fresh) : nullptr;
      step_parameter(step, p, meta->grad, buffer);
    }
  }
  return loss;
}

}  // namespace xgrad::optim
