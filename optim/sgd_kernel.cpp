// The SGD step as one pass over parameter, gradient and buffer. Compiled once per instruction set: nothing of
// std may come in.
#include <xgrad/core/kernels/simd/vec.h>
#include <xgrad/optim/sgd_kernel.h>

namespace xgrad::kernels::XGRAD_ISA {

namespace {

template <class T>
struct Factors {
  using V = Vec<T>;
  V lr, momentum, kept, weight_decay;
};

// The parameter after the step; `b` is read and written when the step has momentum.
template <bool momentum, class T>
inline Vec<T> stepped(const SgdStep& step, const Factors<T>& f, Vec<T> p, Vec<T> g, Vec<T>& b) {
  Vec<T> d = g;
  if (step.weight_decay != 0) d = d + f.weight_decay * p;
  if constexpr (momentum) {
    b = step.fresh ? d : f.momentum * b + f.kept * d;
    d = step.nesterov ? d + f.momentum * b : b;
  }
  return p - f.lr * d;
}

template <bool momentum, class T>
inline void run(const SgdStep& step, T* p, const T* g, T* b, int64_t n) {
  using V = Vec<T>;
  const Factors<T> f{V(step.lr), V(step.momentum), V(1 - step.dampening), V(step.weight_decay)};
  int64_t k = 0;
  for (; k + V::size <= n; k += V::size) {
    V buffer = momentum && !step.fresh ? V::load(b + k) : V(T(0));
    stepped<momentum>(step, f, V::load(p + k), V::load(g + k), buffer).store(p + k);
    if (momentum) buffer.store(b + k);
  }
  if (k < n) {
    const int rest = static_cast<int>(n - k);
    V buffer = momentum && !step.fresh ? V::load_partial(b + k, rest) : V(T(0));
    stepped<momentum>(step, f, V::load_partial(p + k, rest), V::load_partial(g + k, rest), buffer)
        .store_partial(p + k, rest);
    if (momentum) buffer.store_partial(b + k, rest);
  }
}

template <class T>
void sgd_step(const SgdStep& step, T* p, const T* g, T* b, int64_t n) {
  if (b)
    run<true>(step, p, g, b, n);
  else
    run<false>(step, p, g, b, n);
}

}  // namespace

extern const SgdTable sgd_table;
constexpr SgdTable sgd_table{&sgd_step<float>, &sgd_step<double>};

}  // namespace xgrad::kernels::XGRAD_ISA
