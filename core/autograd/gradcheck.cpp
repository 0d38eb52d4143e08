// Central differences against backward, element by element.
#include <xgrad/core/autograd/gradcheck.h>

#include <cmath>

#include <xgrad/core/autograd/engine.h>
#include <xgrad/core/kernels/loop_dims.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/stanza/strided.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad::autograd {

namespace {

// Every element of `t` by address, whatever its layout.
std::vector<double*> elements_of(const Tensor& t) {
  std::vector<double*> places;
  auto* data = static_cast<double*>(t.data_ptr());
  kernels::for_each_offset(t.sizes(), t.strides(),
                           [&](int64_t, int64_t offset) { places.push_back(data + offset); });
  return places;
}

variable_list differentiable_outputs(const GradcheckFunction& function, const variable_list& inputs) {
  variable_list outputs;
  for (Tensor& out : function(inputs))
    if (out.defined() && out.is_floating_point()) outputs.push_back(std::move(out));
  return outputs;
}

// An element that is moved for a scope, and back also when the function throws.
class Moved {
 public:
  explicit Moved(double* place) : place_(place), start_(*place) {}
  ~Moved() { *place_ = start_; }
  Moved(const Moved&) = delete;
  Moved& operator=(const Moved&) = delete;
  void by(double distance) const { *place_ = start_ + distance; }

 private:
  double* place_;
  double start_;
};

// d(outputs)/d(place): one column of the Jacobian, all outputs one after the other.
std::vector<double> numeric_column(const GradcheckFunction& function, const variable_list& inputs,
                                   double* place, double eps) {
  const NoGradGuard no_grad;
  const Moved moved(place);
  const auto values = [&](double by) {
    moved.by(by);
    std::vector<double> v;
    for (const Tensor& out : differentiable_outputs(function, inputs))
      for (const double* e : elements_of(out)) v.push_back(*e);
    return v;
  };
  const std::vector<double> above = values(eps), below = values(-eps);
  XGRAD_CHECK(above.size() == below.size(),
              "gradcheck: the function returns different shapes from call to call");
  std::vector<double> column;
  for (std::size_t i = 0; i < above.size(); ++i) column.push_back((above[i] - below[i]) / (2 * eps));
  return column;
}

struct Worst {
  double excess = 0, analytic = 0, numeric = 0;
  std::size_t input = 0, element = 0, output = 0;
};

// Rows of the Jacobian by backward: rows[output element][input][element].
std::vector<std::vector<Tensor>> analytic_rows(const variable_list& outputs, const variable_list& wanted) {
  std::vector<std::vector<Tensor>> rows;
  for (const Tensor& out : outputs)
    for (int64_t i = 0; i < out.numel(); ++i) {
      std::vector<Tensor> row(wanted.size());
      if (out.requires_grad()) {
        Tensor seed = zeros(out.sizes(), out.options());
        elements_of(seed)[static_cast<std::size_t>(i)][0] = 1;
        row = grad({out}, wanted, {seed}, true, false, true);
      }
      rows.push_back(std::move(row));
    }
  return rows;
}

void check_inputs(const variable_list& inputs) {
  bool any = false;
  for (const Tensor& t : inputs) {
    if (!t.defined() || !t.requires_grad()) continue;
    any = true;
    XGRAD_CHECK_AS(
        ValueError, !ops::repeats_elements(t),
        "gradcheck: elements of an input share memory (an expanded tensor), so they cannot be moved "
        "one at a time: it is ",
        t.sizes(), " with strides ", t.strides(), "; clone() it first");
    XGRAD_CHECK_AS(TypeError, t.dtype() == kDouble, "gradcheck: differences need float64 inputs: got ",
                   t.dtype());
  }
  XGRAD_CHECK_AS(ValueError, any, "gradcheck: expects at least one input to require gradient");
}

}  // namespace

bool gradcheck(const GradcheckFunction& function, const variable_list& inputs,
               const GradcheckOptions& options) {
  check_inputs(inputs);
  variable_list wanted;
  for (const Tensor& t : inputs)
    if (t.defined() && t.requires_grad()) wanted.push_back(t);
  const variable_list outputs = differentiable_outputs(function, inputs);
  for (const Tensor& out : outputs)
    XGRAD_CHECK_AS(TypeError, out.dtype() == kDouble, "gradcheck: differences need float64 outputs: got ",
                   out.dtype());
  const auto rows = analytic_rows(outputs, wanted);
  Worst worst;
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    const std::vector<double*> places = elements_of(wanted[k]);
    for (std::size_t e = 0; e < places.size(); ++e) {
      const std::vector<double> column = numeric_column(function, inputs, places[e], options.eps);
      for (std::size_t o = 0; o < rows.size(); ++o) {
        const double analytic = rows[o][k].defined() ? elements_of(rows[o][k].contiguous())[e][0] : 0,
                     numeric = column[o];
        const double error = std::abs(analytic - numeric);
        const double excess = error - options.atol - options.rtol * std::abs(numeric);
        if (std::isnan(error) || excess > worst.excess)
          worst = {std::isnan(error) ? HUGE_VAL : excess, analytic, numeric, k, e, o};
      }
    }
  }
  if (worst.excess <= 0) return true;
  if (options.raise)
    fail("gradcheck: Jacobian mismatch: d(output element ", static_cast<int64_t>(worst.output), ")/d(input ",
         static_cast<int64_t>(worst.input), ", element ", static_cast<int64_t>(worst.element), ") is ",
         worst.analytic, " by backward and ", worst.numeric, " by differences (worst of all elements)");
  return false;
}

bool gradgradcheck(const GradcheckFunction& function, const variable_list& inputs,
                   const GradcheckOptions& options) {
  check_inputs(inputs);
  // The gradients for fixed, uneven weights of the outputs are a function of inputs and weights.
  const variable_list probe = differentiable_outputs(function, inputs);
  variable_list all = inputs;
  for (const Tensor& out : probe) {
    Tensor weights = (linspace(0.5, 1.5, out.numel(), kDouble).reshape(out.sizes())).clone();
    all.push_back(weights.requires_grad_());
  }
  const auto gradients = [&](const variable_list& args) {
    const variable_list x(args.begin(), args.begin() + static_cast<std::ptrdiff_t>(inputs.size()));
    const AutoGradMode recording(true);
    variable_list wanted, outputs, weights;
    for (const Tensor& t : x)
      if (t.defined() && t.requires_grad()) wanted.push_back(t);
    const variable_list all_outputs = differentiable_outputs(function, x);
    for (std::size_t i = 0; i < all_outputs.size(); ++i)
      if (all_outputs[i].requires_grad()) {
        outputs.push_back(all_outputs[i]);
        weights.push_back(args[inputs.size() + i]);
      }
    variable_list result;
    for (Tensor& g : grad(outputs, wanted, weights, true, true, true))
      if (g.defined()) result.push_back(std::move(g));
    return result;
  };
  return gradcheck(gradients, all, options);
}

}  // namespace xgrad::autograd
