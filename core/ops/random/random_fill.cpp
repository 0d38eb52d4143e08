// Tensors filled with random numbers in place: arguments, dtypes and the order of memory. The numbers
// themselves are made in core/kernels/random/random.h.
#include <xgrad/core/ops/random/random_fill.h>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/tensor/generator_impl.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace {

using ops::is_floating;
using Stream = kernels::Mt19937Stream;

// Calls draw(memory, count) with as many elements as self has and puts them there in the order of its memory.
template <class T, class F>
void fill_in_memory_order(const Tensor& self, F&& draw) {
  if (self.is_contiguous()) return draw(static_cast<T*>(self.data_ptr()), self.numel());
  const NoGradGuard no_grad;
  const Tensor ordered = self.permute(memory_order(self.sizes(), self.strides()));
  if (ordered.is_contiguous()) return draw(static_cast<T*>(ordered.data_ptr()), self.numel());
  const Tensor drawn = new_tensor(self.dtype(), ordered.sizes());
  draw(static_cast<T*>(drawn.data_ptr()), drawn.numel());
  kernels::copy(array_view(ordered), array_view(drawn));
}

// What is recorded: the old values have no influence.
template <const OpName& N>
struct Redrawn : Kernel<1> {
  static constexpr OpName name = N;
  using saved = Vanishes;
};

constexpr OpName kUniform{"uniform", "UniformBackward"}, kNormal{"normal", "NormalBackward0"},
    kExponential{"exponential", "ExponentialBackward"}, kRandom{"random", "RandomBackward0"},
    kBernoulli{"bernoulli", "BernoulliBackward0"}, kCauchy{"cauchy", "CauchyBackward"},
    kLogNormal{"log_normal", "LogNormalBackward"}, kGeometric{"geometric", "GeometricBackward"};

// Checks self, then draws into it: draw.operator()<T>(stream, memory, count).
template <const OpName& N, class Types, class F>
Tensor& redraw(const Tensor& self, const optional<Generator>& generator, F&& draw) {
  Argument args[] = {self};
  return ops::change_in_place(Redrawn<N>{}, self, args, [&] {
    dispatch<Types>(N.op, self.dtype(), [&]<class T>() {
      fill_in_memory_order<T>(self, [&](T* to, int64_t n) {
        detail::LockedStream stream(generator);
        draw(*stream, to, n);
      });
    });
  });
}

template <class T>
void check_fits(int64_t from, int64_t to_inclusive, ScalarType t) {
  int64_t low = std::numeric_limits<int64_t>::min(), high = std::numeric_limits<int64_t>::max();
  if constexpr (!is_floating<T>) {
    low = static_cast<int64_t>(std::numeric_limits<T>::min());
    high = static_cast<int64_t>(std::numeric_limits<T>::max());
  } else if constexpr (std::is_same_v<T, Half>) {
    low = -65504;
    high = 65504;
  }
  XGRAD_CHECK(from >= low && from <= high, "random_: from is out of bounds for ", t, ": got ", from);
  XGRAD_CHECK(to_inclusive >= low && to_inclusive <= high, "random_: to - 1 is out of bounds for ", t,
              ": got ", to_inclusive);
}

struct Bounds {
  int64_t base = 0;
  uint64_t range = 0;  // 0: all of int64's
};

template <class T>
Bounds bounds_of(int64_t from, optional<int64_t> to, ScalarType t) {
  if (!to && from == std::numeric_limits<int64_t>::min()) return {};
  XGRAD_CHECK(!to || from < *to, "random_: expects 'from' to be less than 'to': got from=", from,
              " >= to=", to.value_or(0));
  int64_t base = from, last = to ? *to - 1 : ops::largest<T>();
  if constexpr (is_floating<T>) {
    base = kernels::representable_from<T>(from);
    if (to) last = kernels::representable_to<T>(*to) - 1;
  }
  XGRAD_CHECK(base <= last, "random_: no number of dtype ", t, " is left between from=", base,
              " and to=", last);
  check_fits<T>(base, last, t);
  return {base, static_cast<uint64_t>(last) - static_cast<uint64_t>(base) + 1};
}

}  // namespace

Tensor& Tensor::uniform_(double from, double to, optional<Generator> generator) const {
  XGRAD_CHECK(from <= to, "uniform_: expects to return a [from, to) range, but found from=", from,
              " > to=", to);
  const bool single = dtype() != kDouble;
  const double limit = dtype() == kHalf ? 65504.0
                       : single         ? static_cast<double>(std::numeric_limits<float>::max())
                                        : std::numeric_limits<double>::max();
  XGRAD_CHECK(from >= -limit && to <= limit && to - from <= limit, "uniform_: from=", from, " and to=", to,
              " are not within the range of ", dtype());
  return redraw<kUniform, Floats>(
      *this, generator, [&](Stream& s, auto* p, int64_t n) { kernels::uniform(s, p, n, from, to); });
}

Tensor& Tensor::normal_(double mean, double std, optional<Generator> generator) const {
  XGRAD_CHECK(std >= 0, "normal_: expects std >= 0.0, but found std ", std);
  const bool blocks = is_contiguous();
  return redraw<kNormal, Floats>(*this, generator, [&](Stream& s, auto* p, int64_t n) {
    blocks ? kernels::normal(s, p, n, mean, std) : kernels::normal_serial(s, p, n, mean, std);
  });
}

Tensor& Tensor::exponential_(double lambd, optional<Generator> generator) const {
  XGRAD_CHECK(lambd > 0, "exponential_: expects lambda > 0.0, but found lambda=", lambd);
  return redraw<kExponential, Floats>(
      *this, generator, [&](Stream& s, auto* p, int64_t n) { kernels::exponential(s, p, n, lambd); });
}

Tensor& Tensor::cauchy_(double median, double sigma, optional<Generator> generator) const {
  XGRAD_CHECK(sigma > 0, "cauchy_: expects sigma > 0.0, but found sigma=", sigma);
  return redraw<kCauchy, Floats>(
      *this, generator, [&](Stream& s, auto* p, int64_t n) { kernels::cauchy(s, p, n, median, sigma); });
}

Tensor& Tensor::log_normal_(double mean, double std, optional<Generator> generator) const {
  XGRAD_CHECK(std > 0, "log_normal_: expects std > 0.0, but found std=", std);
  return redraw<kLogNormal, Floats>(
      *this, generator, [&](Stream& s, auto* p, int64_t n) { kernels::log_normal(s, p, n, mean, std); });
}

Tensor& Tensor::geometric_(double p, optional<Generator> generator) const {
  XGRAD_CHECK(p > 0 && p < 1, "geometric_: expects p to be in (0, 1), but got p=", p);
  return redraw<kGeometric, AnyType>(
      *this, generator, [&](Stream& s, auto* to, int64_t n) { kernels::geometric(s, to, n, p); });
}

Tensor& Tensor::bernoulli_(double p, optional<Generator> generator) const {
  XGRAD_CHECK(p >= 0 && p <= 1, "bernoulli_: expects p to be in [0, 1], but got p=", p);
  return redraw<kBernoulli, AnyType>(
      *this, generator, [&](Stream& s, auto* to, int64_t n) { kernels::bernoulli(s, to, n, p); });
}

Tensor& Tensor::bernoulli_(const Tensor& p, optional<Generator> generator) const {
  // In the order of self's memory, as the draws are.
  const Tensor spread = [&] {
    const NoGradGuard no_grad;
    return p.expand(sizes()).permute(memory_order(sizes(), strides())).contiguous();
  }();
  dispatch<Floats>("bernoulli_: p", p.dtype(), [&]<class P>() {
    XGRAD_CHECK(kernels::are_probabilities(static_cast<const P*>(spread.data_ptr()), spread.numel()),
                "bernoulli_: expects each element of p to be in [0, 1]");
  });
  return redraw<kBernoulli, AnyType>(*this, generator, [&](Stream& s, auto* to, int64_t n) {
    dispatch<Floats>("bernoulli_: p", p.dtype(), [&]<class P>() {
      kernels::bernoulli(s, to, static_cast<const P*>(spread.data_ptr()), n);
    });
  });
}

Tensor& Tensor::random_(int64_t from, optional<int64_t> to, optional<Generator> generator) const {
  Bounds bounds;
  dispatch<AnyType>("random_", dtype(), [&]<class T>() { bounds = bounds_of<T>(from, to, dtype()); });
  return redraw<kRandom, AnyType>(*this, generator, [&]<class T>(Stream& s, T* p, int64_t n) {
    if (bounds.range != 0) return kernels::random_from_to(s, p, n, bounds.base, bounds.range);
    if constexpr (std::is_same_v<T, int64_t> || is_floating<T>)
      kernels::random_full_range(s, p, n);
    else
      fail("random_: from is out of bounds for ", dtype(), ": got ", from);
  });
}
Tensor& Tensor::random_(int64_t to, optional<Generator> generator) const { return random_(0, to, generator); }
Tensor& Tensor::random_(optional<Generator> generator) const {
  return redraw<kRandom, AnyType>(*this, generator,
                                  [&](Stream& s, auto* p, int64_t n) { kernels::random_default(s, p, n); });
}

}  // namespace xgrad
