// batch_norm, group_norm and instance_norm: one stanza over sets of elements that share mean and deviation.
#include <xgrad/core/ops/norm/norm.h>

#include <array>

#include <xgrad/core/kernels/norm/channel_norm.h>
#include <xgrad/core/ops/norm/parameters.h>
#include <xgrad/core/ops/norm/text.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/absent.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad {

namespace {

using kernels::ChannelSets;

// x as [batch, channels, inner], however many dimensions it has.
ChannelSets sets_of(const Tensor& x, int64_t groups) {
  const int64_t batch = x.size(0), channels = x.size(1);
  return {batch, channels, numel_of(x.sizes().slice(2)), groups};
}

// Over a batch, rows that are too short for registers are put side by side, channel by channel.
class Arranged {
 public:
  explicit Arranged(const ChannelSets& given)
      : sets(given), turned_(given.groups == 0 && given.inner > 1 && given.inner < 16) {
    if (turned_) sets = {1, given.channels, given.batch * given.inner, 0};
  }
  Tensor in(const Tensor& t) const { return (turned_ ? t.transpose(0, 1) : t).contiguous(); }
  Tensor out(const Tensor& t) const { return turned_ && t.defined() ? t.transpose(0, 1).contiguous() : t; }

  ChannelSets sets;

 private:
  bool turned_;
};

template <bool over_batch>
struct ChannelNorm : Kernel<3> {
  static constexpr OpName name = over_batch ? OpName{"batch_norm", "NativeBatchNormBackward"}
                                            : OpName{"group_norm", "NativeGroupNormBackward"};
  using optional = Inputs<1, 2>;
  double eps;
  int64_t groups;  // 0 over a batch
  void attributes(auto& put) const {
    put("eps", eps);
    put("groups", groups);
  }

  // The result, then mean, 1 / sqrt(var + eps) and var of the sets.
  std::tuple<Tensor, Tensor, Tensor, Tensor> forward(const Tensor& input, const Tensor& weight,
                                                     const Tensor& bias) const {
    const ChannelSets given = sets_of(input, groups);
    const Arranged arranged(given);
    const Tensor x = arranged.in(input), w = dense(weight), b = dense(bias);
    const DimVector sizes = over_batch ? DimVector{given.channels} : DimVector{given.batch, groups};
    Tensor y = new_tensor(x.dtype(), x.sizes()), mean = new_tensor(x.dtype(), sizes),
           rstd = new_tensor(x.dtype(), sizes), var = new_tensor(x.dtype(), sizes);
    kernels::channel_norm(x.dtype(),
                          {x.data_ptr(), data_or_null(w), data_or_null(b), y.data_ptr(), mean.data_ptr(),
                           rstd.data_ptr(), var.data_ptr(), eps},
                          arranged.sets);
    return {arranged.out(y), mean, rstd, var};
  }

  std::array<Tensor, 3> backward_all(const ops::WantedInputs& wanted, const Tensor& g, const Tensor& input,
                                     const Tensor& weight, const Tensor& mean, const Tensor& rstd) const {
    if (ops::derivative_is_expression()) return expression(wanted, g, input, weight);
    const Arranged arranged(sets_of(input, groups));
    const Tensor gradient = arranged.in(g), x = arranged.in(input), w = dense(weight);
    std::array<Tensor, 3> out;
    if (wanted[0]) out[0] = new_tensor(x.dtype(), x.sizes());
    for (const std::size_t parameter : {1, 2})
      if (wanted[parameter]) out[parameter] = new_tensor(x.dtype(), {arranged.sets.channels});
    const auto to = [](const Tensor& t) { return const_cast<void*>(data_or_null(t)); };
    kernels::channel_norm_backward(x.dtype(),
                                   {gradient.data_ptr(), x.data_ptr(), data_or_null(w), mean.data_ptr(),
                                    rstd.data_ptr(), to(out[0]), to(out[1]), to(out[2])},
                                   arranged.sets);
    out[0] = arranged.out(out[0]);
    return out;
  }
  using saved_all = Saved<In<0>, In<1>, Output<1>, Output<2>>;
  static Symbol text(int input, const Symbol& g, const Symbol* slots) {
    return norm_text(input, g, slots[0], slots[1], true);
  }

  // Mean and deviation anew, since the derivative leads through them too.
  std::array<Tensor, 3> expression(const ops::WantedInputs& wanted, const Tensor& gradient, const Tensor& x,
                                   const Tensor& weight) const {
    const ChannelSets s = sets_of(x, groups);
    const DimVector channels{s.batch, s.channels, s.inner};
    const DimVector sets = over_batch ? channels : DimVector{s.batch, groups, s.channels / groups * s.inner};
    const DimVector inside = over_batch ? DimVector{0, 2} : DimVector{2};
    const Tensor g = gradient.reshape(channels), in = x.reshape(sets);
    const Tensor centred = in - in.mean(inside, true);
    const Tensor rstd = rsqrt((centred * centred).mean(inside, true) + eps), normal = centred * rstd;
    std::array<Tensor, 3> out;
    if (wanted[0]) {
      const Tensor gw = (weight.defined() ? g * weight.view({1, s.channels, 1}) : g).reshape(sets);
      out[0] = (rstd * (gw - gw.mean(inside, true) - normal * (gw * normal).mean(inside, true)))
                   .reshape(x.sizes());
    }
    if (wanted[1]) out[1] = (g * normal.reshape(channels)).sum({0, 2});
    if (wanted[2]) out[2] = g.sum({0, 2});
    return out;
  }
};

void check_input(const char* op, const Tensor& input) {
  XGRAD_CHECK(input.dim() >= 2, op, ": input must be [batch, channels, ...]: input is ", input.sizes());
  XGRAD_CHECK_AS(TypeError, input.is_floating_point(), op, ": input must be floating-point: it is ",
                 input.dtype(), "; convert it with to(kFloat)");
}

// A number for each channel, in a dtype that goes with the input's.
void check_numbers(const char* op, const char* what, const Tensor& t, const Tensor& input) {
  if (!t.defined()) return;
  const int64_t channels = input.size(1);
  XGRAD_CHECK(t.dim() == 1 && t.size(0) == channels, op, ": ", what,
              " must hold one number per channel: ", what, " is ", t.sizes(), ", input is ", input.sizes(),
              " with ", channels, " channels");
  check_parameter_dtype(op, what, t, input);
}

// Runs in float for 16-bit inputs; `f` takes input, weight and bias and returns the result first.
template <class F>
auto in_compute_dtype(const Tensor& input, const Tensor& weight, const Tensor& bias, const F& f) {
  if (input.dtype() == kFloat || input.dtype() == kDouble) return f(input, weight, bias);
  auto results = f(to_float(input), to_float(weight), to_float(bias));
  std::get<0>(results) = std::get<0>(results).to(input.dtype());
  return results;
}

// What belongs to a channel, beside [batch, channels, ...].
Tensor beside(const Tensor& t, int64_t dims) {
  DimVector sizes(static_cast<std::size_t>(dims), 1);
  sizes[1] = t.size(0);
  return t.reshape(sizes);
}

// With mean and variance that are given: a line for each channel.
Tensor normalized_by(const Tensor& x, const Tensor& weight, const Tensor& bias, const Tensor& mean,
                     const Tensor& var, double eps) {
  Tensor scale = rsqrt(var.to(x.dtype()) + eps);
  if (weight.defined()) scale = scale * weight;
  const Tensor at_zero = -(mean.to(x.dtype()) * scale), shift = bias.defined() ? at_zero + bias : at_zero;
  return addcmul(beside(shift, x.dim()), x, beside(scale, x.dim()));
}

// Without elements there is nothing to normalise; weight and bias take part all the same.
Tensor passed_on(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const Tensor scaled = weight.defined() ? x * beside(weight, x.dim()) : x.clone();
  return bias.defined() ? scaled + beside(bias, x.dim()) : scaled;
}

// running = (1 - momentum) running + momentum * (what the sets say); the variance there is unbiased.
void update_running(const Tensor& running_mean, const Tensor& running_var, const Tensor& mean,
                    const Tensor& var, double momentum, int64_t count) {
  const NoGradGuard no_grad;
  for (const Tensor& t : {running_mean, running_var})  // before one of them is written
    XGRAD_CHECK(
        !t.defined() || !ops::repeats_elements(t),
        "batch_norm: several channels share one place in memory in running_mean or running_var, which is "
        "written; clone() it first");
  if (running_mean.defined()) running_mean.mul_(1 - momentum).add_(mean.to(running_mean.dtype()), momentum);
  if (!running_var.defined()) return;
  const double unbiased = static_cast<double>(count) / static_cast<double>(count - 1);
  running_var.mul_(1 - momentum).add_(var.to(running_var.dtype()), momentum * unbiased);
}

// No gradient reaches statistics, in evaluation mode neither.
void check_statistics(const char* op, const char* what, const Tensor& t, const Tensor& input) {
  check_numbers(op, what, t, input);
  XGRAD_CHECK(!t.defined() || !t.requires_grad() || !GradMode::is_enabled(), op,
              ": not differentiable with respect to ", what, ", which must not require a gradient; pass ",
              what, ".detach()");
}

void check_all(const char* op, const Tensor& input, const Tensor& weight, const Tensor& bias,
               const Tensor& running_mean, const Tensor& running_var) {
  check_input(op, input);
  check_statistics(op, "running_mean", running_mean, input);
  check_statistics(op, "running_var", running_var, input);
  check_numbers(op, "weight", weight, input);
  check_numbers(op, "bias", bias, input);
}

void need_statistics(const char* op, const Tensor& running_mean, const Tensor& running_var) {
  XGRAD_CHECK(running_mean.defined() && running_var.defined(), op,
              ": running_mean and running_var must be defined in evaluation mode");
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> native_batch_norm(const Tensor& input, const Tensor& weight,
                                                     const Tensor& bias, const Tensor& running_mean,
                                                     const Tensor& running_var, bool training,
                                                     double momentum, double eps) {
  check_all("batch_norm", input, weight, bias, running_mean, running_var);
  if (!training) need_statistics("batch_norm", running_mean, running_var);
  // What is kept of the batch has the dtype of what belongs to the channels, or the input's.
  ScalarType kept = input.dtype();
  for (const Tensor& t : {weight, bias, running_mean, running_var})
    if (t.defined()) kept = t.dtype();
  return in_compute_dtype(input, weight, bias, [&](const Tensor& x, const Tensor& w, const Tensor& b) {
    const Tensor none = empty({0}, kept);
    if (!training) return std::tuple(normalized_by(x, w, b, running_mean, running_var, eps), none, none);
    if (x.numel() == 0) return std::tuple(passed_on(x, w, b), none, none);
    const auto [y, mean, rstd, var] = differentiable(ChannelNorm<true>{{}, eps, 0}, x, w, b);
    update_running(running_mean, running_var, mean, var, momentum, x.numel() / x.size(1));
    return std::tuple(y, mean.to(kept), rstd.to(kept));
  });
}

Tensor batch_norm(const Tensor& input, const Tensor& weight, const Tensor& bias, const Tensor& running_mean,
                  const Tensor& running_var, bool training, double momentum, double eps, bool) {
  // PyTorch lets a vector without elements pass.
  if (input.dim() == 1 && input.numel() == 0) return input.clone();
  return std::get<0>(
      native_batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps));
}

Tensor group_norm(const Tensor& input, int64_t num_groups, const Tensor& weight, const Tensor& bias,
                  double eps, bool) {
  check_all("group_norm", input, weight, bias, {}, {});
  const int64_t channels = input.size(1);
  XGRAD_CHECK(channels > 0, "group_norm: input must have at least one channel: input is ", input.sizes());
  XGRAD_CHECK(num_groups > 0 && channels % num_groups == 0,
              "group_norm: num_groups must divide the number of channels: input is ", input.sizes(), " with ",
              channels, " channels, num_groups is ", num_groups);
  for (const int64_t size : input.sizes().slice(2))
    XGRAD_CHECK(size > 0, "group_norm: only batch and channels may be empty: input is ", input.sizes());
  return std::get<0>(
      in_compute_dtype(input, weight, bias, [&](const Tensor& x, const Tensor& w, const Tensor& b) {
        if (x.numel() == 0) return std::tuple(passed_on(x, w, b));
        return std::tuple(std::get<0>(differentiable(ChannelNorm<false>{{}, eps, num_groups}, x, w, b)));
      }));
}

Tensor instance_norm(const Tensor& input, const Tensor& weight, const Tensor& bias,
                     const Tensor& running_mean, const Tensor& running_var, bool use_input_stats,
                     double momentum, double eps, bool) {
  const char* op = "instance_norm";
  check_all(op, input, weight, bias, running_mean, running_var);
  if (!use_input_stats) need_statistics(op, running_mean, running_var);
  return std::get<0>(
      in_compute_dtype(input, weight, bias, [&](const Tensor& x, const Tensor& w, const Tensor& b) {
        if (!use_input_stats) return std::tuple(normalized_by(x, w, b, running_mean, running_var, eps));
        if (x.numel() == 0) return std::tuple(passed_on(x, w, b));
        const auto [y, mean, rstd, var] = differentiable(ChannelNorm<false>{{}, eps, x.size(1)}, x, w, b);
        const int64_t count = x.numel() / (x.size(0) * x.size(1));
        update_running(running_mean, running_var, mean.mean(0), var.mean(0), momentum, count);
        return std::tuple(y);
      }));
}

}  // namespace xgrad
