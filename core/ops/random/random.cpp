// New random tensors and distributions, by way of the fills of random_fill.cpp. Whatever can be refused is
// refused before a number is drawn, so that an Error leaves the generator where it was.
#include <xgrad/core/ops/random/random.h>

#include <cmath>

#include <xgrad/core/ops/pointwise/activation.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/operators.h>
#include <xgrad/core/ops/random/random_fill.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/tensor/generator_impl.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace {

// Memory to draw into.
Tensor new_drawn(const char* op, IntArrayRef size, ScalarType dtype, const TensorOptions& options) {
  checked_numel(op, size);
  check_grad(options, dtype);
  return new_tensor(dtype, size);
}
Tensor new_floating(const char* op, IntArrayRef size, const TensorOptions& options) {
  return new_drawn(op, size, options.dtype(), options);
}
Tensor new_drawn_like(const Tensor& self, const TensorOptions& options, optional<MemoryFormat> format) {
  check_grad(options, options.dtype_opt().value_or(self.dtype()));
  return new_like(self, options, format);
}

}  // namespace

Tensor rand(IntArrayRef size, optional<Generator> generator, const TensorOptions& options) {
  return with_grad(new_floating("rand", size, options).uniform_(0, 1, generator), options);
}
Tensor rand(IntArrayRef size, const TensorOptions& options) { return rand(size, nullopt, options); }
Tensor detail::rand_like(const Tensor& self, const optional<Generator>& generator,
                         const TensorOptions& options, optional<MemoryFormat> format) {
  return with_grad(new_drawn_like(self, options, format).uniform_(0, 1, generator), options);
}
Tensor rand_like(const Tensor& self, const TensorOptions& options, optional<MemoryFormat> format) {
  return detail::rand_like(self, nullopt, options, format);
}

Tensor randn(IntArrayRef size, optional<Generator> generator, const TensorOptions& options) {
  return with_grad(new_floating("randn", size, options).normal_(0, 1, generator), options);
}
Tensor randn(IntArrayRef size, const TensorOptions& options) { return randn(size, nullopt, options); }
Tensor detail::randn_like(const Tensor& self, const optional<Generator>& generator,
                          const TensorOptions& options, optional<MemoryFormat> format) {
  return with_grad(new_drawn_like(self, options, format).normal_(0, 1, generator), options);
}
Tensor randn_like(const Tensor& self, const TensorOptions& options, optional<MemoryFormat> format) {
  return detail::randn_like(self, nullopt, options, format);
}

Tensor randint(int64_t low, int64_t high, IntArrayRef size, optional<Generator> generator,
               const TensorOptions& options) {
  const Tensor t = new_drawn("randint", size, options.dtype_opt().value_or(kLong), options);
  return with_grad(t.random_(low, high, generator), options);
}
Tensor randint(int64_t low, int64_t high, IntArrayRef size, const TensorOptions& options) {
  return randint(low, high, size, nullopt, options);
}
Tensor randint(int64_t high, IntArrayRef size, optional<Generator> generator, const TensorOptions& options) {
  return randint(0, high, size, generator, options);
}
Tensor randint(int64_t high, IntArrayRef size, const TensorOptions& options) {
  return randint(0, high, size, nullopt, options);
}
Tensor detail::randint_like(const Tensor& self, int64_t low, int64_t high,
                            const optional<Generator>& generator, const TensorOptions& options,
                            optional<MemoryFormat> format) {
  return with_grad(new_drawn_like(self, options, format).random_(low, high, generator), options);
}
Tensor randint_like(const Tensor& self, int64_t low, int64_t high, const TensorOptions& options,
                    optional<MemoryFormat> format) {
  return detail::randint_like(self, low, high, nullopt, options, format);
}
Tensor randint_like(const Tensor& self, int64_t high, const TensorOptions& options,
                    optional<MemoryFormat> format) {
  return detail::randint_like(self, 0, high, nullopt, options, format);
}

Tensor randperm(int64_t n, optional<Generator> generator, const TensorOptions& options) {
  XGRAD_CHECK(n >= 0, "randperm: n must be non-negative: got ", n);
  const ScalarType dtype = options.dtype_opt().value_or(kLong);
  const Tensor t = new_drawn("randperm", {n}, dtype, options);
  dispatch<AnyType>("randperm", dtype, [&]<class T>() {
    XGRAD_CHECK(n == 0 || n - 1 <= ops::largest<T>(), "randperm: n is too large for result tensor type ",
                dtype, ": got ", n);
    detail::LockedStream stream(generator);
    kernels::randperm(*stream, static_cast<T*>(t.data_ptr()), n);
  });
  return with_grad(t, options);
}
Tensor randperm(int64_t n, const TensorOptions& options) { return randperm(n, nullopt, options); }

namespace {

void check_std(const Tensor& std) {
  const Tensor valid = std.ge(0);
  XGRAD_CHECK(valid.all().item<bool>(), "normal: expects all elements of std >= 0.0: got ",
              std.masked_select(valid.logical_not())[0].item<double>());
}

}  // namespace

Tensor normal(double mean, double std, IntArrayRef size, optional<Generator> generator,
              const TensorOptions& options) {
  return with_grad(new_floating("normal", size, options).normal_(mean, std, generator), options);
}
Tensor normal(const Tensor& mean, double std, optional<Generator> generator) {
  const NoGradGuard no_grad;
  return dense_like(mean, mean.dtype()).normal_(0, std, generator).add_(mean);
}
// drawn * std + mean is rounded twice, as two ops do.
Tensor normal(double mean, const Tensor& std, optional<Generator> generator) {
  const NoGradGuard no_grad;
  check_std(std);
  return dense_like(std, std.dtype()).normal_(0, 1, generator).mul_(std).add_(mean);
}
Tensor normal(const Tensor& mean, const Tensor& std, optional<Generator> generator) {
  const NoGradGuard no_grad;
  check_std(std);
  const Tensor t = new_tensor(mean.dtype(), broadcast_sizes("normal", mean.sizes(), std.sizes()));
  return t.normal_(0, 1, generator).mul_(std).add_(mean);
}

namespace {

struct Bernoulli : Kernel<1> {
  static constexpr OpName name{"bernoulli", "BernoulliBackward0"};
  optional<double> p;
  optional<Generator> generator;
  Tensor forward(const Tensor& x) const {
    const Tensor out = new_tensor(x.dtype(), x.sizes());
    return p ? out.bernoulli_(*p, generator) : out.bernoulli_(x, generator);
  }
  using saved = Vanishes;
};

// 0 with probability p, otherwise 1; drawn in the order of indices, whatever layout the input has.
Tensor kept(const Tensor& input, double p, bool channels) {
  DimVector sizes = input.sizes();
  for (std::size_t d = 2; channels && d < sizes.size(); ++d) sizes[d] = 1;
  return new_tensor(input.dtype(), sizes).bernoulli_(1 - p);
}

void check_dropout(double p) {
  XGRAD_CHECK_AS(ValueError, p >= 0 && p <= 1,
                 "dropout: dropout probability has to be between 0 and 1, but got ", p);
}

void check_dropped(const Tensor& input, bool channels) {
  XGRAD_CHECK_AS(TypeError, input.is_floating_point(), "dropout: needs a floating-point tensor: input is ",
                 input.dtype());
  XGRAD_CHECK(!channels || input.dim() >= 2,
              "dropout: whole channels need an input of at least 2 dimensions: input is ", input.sizes());
}

// input * scale + shift, where dropout of this kind is to happen.
struct Dropped {
  double p;
  bool train, channels, alpha;

  bool passes(const Tensor& input) const {
    check_dropout(p);
    return p == 0 || !train || input.numel() == 0;
  }
  Tensor scale(const Tensor& input, Tensor* shift) const {
    const NoGradGuard no_grad;
    check_dropped(input, channels);
    const Tensor noise = kept(input, p, channels);
    if (!alpha) return noise.div_(1 - p);
    constexpr double saturation = 1.7580993408473766;
    const double a = 1 / std::sqrt((saturation * saturation * p + 1) * (1 - p));
    *shift = (noise - 1).mul_(saturation * a).add_(saturation * a * p);
    return noise.mul_(a);
  }
  Tensor operator()(const Tensor& input) const {
    if (passes(input)) return input;
    if (p == 1) return mul(input, zeros({}, input.options()));
    Tensor shift;
    const Tensor product = mul(input, scale(input, &shift));
    return shift.defined() ? product + shift : product;
  }
  Tensor& in_place(Tensor& input) const {
    if (passes(input)) return input;
    if (p == 1) return input.mul_(zeros({}, input.options()));
    check_dropped(input, channels);
    ops::check_change("dropout", input, autograd::grad_enabled() && input.requires_grad());
    Tensor shift;
    input.mul_(scale(input, &shift));
    return shift.defined() ? input.add_(shift) : input;
  }
};

}  // namespace

Tensor bernoulli(const Tensor& input, optional<Generator> generator) {
  return differentiable(Bernoulli{{}, nullopt, std::move(generator)}, input);
}
Tensor bernoulli(const Tensor& input, double p, optional<Generator> generator) {
  return differentiable(Bernoulli{{}, p, std::move(generator)}, input);
}
Tensor bernoulli(const Tensor& input, const Tensor& p, optional<Generator> generator) {
  return empty_like(input.detach()).bernoulli_(p, std::move(generator));
}

namespace {

// Draws an element for each of the arguments, which are of one floating dtype and shape.
template <class Draw, class... A>
Tensor drawn_from(const char* op, const optional<Generator>& generator, Draw&& draw, const Tensor& first,
                  const A&... others) {
  Tensor out = new_tensor(first.dtype(), first.sizes());
  dispatch<Floats>(op, first.dtype(), [&]<class T>() {
    detail::LockedStream stream(generator);
    draw(*stream, static_cast<T*>(out.data_ptr()), static_cast<const T*>(first.data_ptr()),
         static_cast<const T*>(others.data_ptr())..., out.numel());
  });
  return out;
}

struct Poisson : Kernel<1> {
  static constexpr OpName name{"poisson", "PoissonBackward"};
  optional<Generator> generator;
  Tensor forward(const Tensor& lambda) const {
    return drawn_from(
        name.op, generator,
        [](auto& stream, auto* out, const auto* l, int64_t n) { kernels::poisson(stream, out, l, n); },
        lambda.contiguous());
  }
  using saved = Vanishes;
};

struct Binomial : Kernel<2> {
  static constexpr OpName name{"binomial", "BinomialBackward"};
  optional<Generator> generator;
  Tensor forward(const Tensor& count, const Tensor& prob) const {
    const std::vector<Tensor> whole = broadcast_tensors({count, prob});
    return drawn_from(
        name.op, generator,
        [](auto& stream, auto* out, const auto* c, const auto* p, int64_t n) {
          kernels::binomial(stream, out, c, p, n);
        },
        whole[0].contiguous(), whole[1].contiguous());
  }
  using saved_0 = Vanishes;
  using saved_1 = Vanishes;
};

}  // namespace

Tensor poisson(const Tensor& self, optional<Generator> generator) {
  XGRAD_CHECK_AS(TypeError, self.is_floating_point(), "poisson: needs a floating-point tensor: self is ",
                 self.dtype());
  XGRAD_CHECK(ge(self, 0).all().item<bool>(),
              "poisson: invalid Poisson rate, expected rate to be non-negative: self is ", self.sizes());
  return differentiable(Poisson{{}, std::move(generator)}, self);
}
Tensor binomial(const Tensor& count, const Tensor& prob, optional<Generator> generator) {
  XGRAD_CHECK_AS(TypeError, count.is_floating_point() && count.dtype() == prob.dtype(),
                 "binomial: needs floating-point tensors of one dtype: count is ", count.dtype(),
                 ", prob is ", prob.dtype());
  return differentiable(Binomial{{}, std::move(generator)}, count, prob);
}

Tensor multinomial(const Tensor& input, int64_t num_samples, bool replacement,
                   optional<Generator> generator) {
  XGRAD_CHECK(input.dim() == 1 || input.dim() == 2,
              "multinomial: weights must have 1 or 2 dimensions: input is ", input.sizes());
  const int64_t categories = input.size(-1), rows = input.dim() == 1 ? 1 : input.size(0);
  XGRAD_CHECK(num_samples > 0, "multinomial: cannot sample n_sample <= 0 samples: got ", num_samples);
  XGRAD_CHECK(replacement || num_samples <= categories,
              "multinomial: cannot sample n_sample > prob_dist.size(-1) samples "
              "without replacement: ",
              num_samples, " samples of ", categories, " categories");
  XGRAD_CHECK(categories <= int64_t{1} << 24, "multinomial: number of categories cannot exceed 2^24: got ",
              categories);
  const Tensor weights = input.detach().contiguous();
  const DimVector sizes = input.dim() == 1 ? DimVector{num_samples} : DimVector{rows, num_samples};
  Tensor out = new_tensor(kLong, sizes);
  dispatch<Floats>("multinomial", input.dtype(), [&]<class T>() {
    const auto* w = static_cast<const T*>(weights.data_ptr());
    const char* wrong = kernels::invalid_weights(w, rows, categories);
    if (wrong) fail("multinomial: invalid multinomial distribution: ", wrong, ": input is ", input.sizes());
    detail::LockedStream stream(generator);
    kernels::multinomial(*stream, static_cast<int64_t*>(out.data_ptr()), w, rows, categories, num_samples,
                         replacement);
  });
  return out;
}

#define XGRAD_DROPOUT(name, channels, alpha)                   \
  Tensor name(const Tensor& input, double p, bool train) {     \
    return Dropped{p, train, channels, alpha}(input);          \
  }                                                            \
  Tensor& name##_(Tensor& input, double p, bool train) {       \
    return Dropped{p, train, channels, alpha}.in_place(input); \
  }
XGRAD_DROPOUT(dropout, false, false)
XGRAD_DROPOUT(feature_dropout, true, false)
XGRAD_DROPOUT(alpha_dropout, false, true)
XGRAD_DROPOUT(feature_alpha_dropout, true, true)
#undef XGRAD_DROPOUT

namespace {

Tensor drawn_slopes(const Tensor& self, double lower, double upper, optional<Generator> generator) {
  // Numbers are drawn for the elements below 0 alone, as in PyTorch, which the same seed is to follow.
  const Tensor below = self.detach().le(0);
  const Tensor drawn = new_tensor(kDouble, {below.sum().item<int64_t>()}).uniform_(lower, upper, generator);
  return ones_like(self).masked_scatter(below, drawn.to(self.dtype()));
}

void check_slopes(double lower, double upper) {
  XGRAD_CHECK(lower <= upper, "rrelu: lower must be at most upper: lower is ", lower, ", upper is ", upper);
}

}  // namespace

Tensor rrelu(const Tensor& self, const Scalar& lower, const Scalar& upper, bool training,
             optional<Generator> generator) {
  const double low = lower.to<double>(), high = upper.to<double>();
  check_slopes(low, high);
  return training ? self * drawn_slopes(self, low, high, generator) : leaky_relu(self, (low + high) / 2);
}
Tensor& rrelu_(Tensor& self, const Scalar& lower, const Scalar& upper, bool training,
               optional<Generator> generator) {
  const double low = lower.to<double>(), high = upper.to<double>();
  check_slopes(low, high);
  return training ? self.mul_(drawn_slopes(self, low, high, generator)) : leaky_relu_(self, (low + high) / 2);
}

}  // namespace xgrad
