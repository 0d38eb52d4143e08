// weight_norm and spectral_norm: how a weight is taken apart and computed.
#include <xgrad/nn/utils/weight_norm.h>

#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/nn/functional/norm.h>
#include <xgrad/nn/layers/conv.h>
#include <xgrad/nn/utils/reparameterization.h>

namespace xgrad::nn::utils {

namespace {

// All dimensions but `dim`, which may count from the end.
DimVector others(const char* op, const Tensor& weight, int64_t dim) {
  const int64_t n = weight.dim();
  XGRAD_CHECK_AS(IndexError, dim >= -n && dim < n, op, ": dim ", dim, " is out of range: the weight is ",
                 weight.sizes());
  DimVector rest;
  for (int64_t d = 0; d < n; ++d)
    if (d != (dim < 0 ? dim + n : dim)) rest.push_back(d);
  return rest;
}

class WeightNorm final : public nn::detail::Reparameterization {
 public:
  WeightNorm(std::string name, optional<int64_t> dim)
      : Reparameterization("weight_norm", std::move(name)),
        dim_(dim == -1 ? nullopt : dim) {}  // as Python's None

 protected:
  std::shared_ptr<Reparameterization> copy() const override {
    return std::make_shared<WeightNorm>(name_, dim_);
  }
  Tensor norm_of(const Tensor& v) const {
    if (!dim_) return norm(v, 2);
    const DimVector rest = others(op_, v, *dim_);
    return rest.empty() ? v.abs() : norm(v, 2, rest, true);
  }
  Tensor split(Module& module, const Tensor& weight) override {
    const Tensor v = weight.detach();
    Tensor g = norm_of(v);
    module.register_parameter(name_ + "_g", std::move(g));
    module.register_parameter(name_ + "_v", v);
    return compute(module, false);
  }
  Tensor compute(Module& module, bool) override {
    const Tensor v = part(module, "_v");
    return v * (part(module, "_g") / norm_of(v));
  }
  void unite(Module& module) override {
    module.unregister_parameter(name_ + "_g");
    module.unregister_parameter(name_ + "_v");
  }

 private:
  const optional<int64_t> dim_;
};

class SpectralNorm final : public nn::detail::Reparameterization {
 public:
  SpectralNorm(std::string name, int64_t n_power_iterations, double eps, int64_t dim)
      : Reparameterization("spectral_norm", std::move(name)),
        n_power_iterations_(n_power_iterations),
        eps_(eps),
        dim_(dim) {
    XGRAD_CHECK_AS(ValueError, n_power_iterations > 0,
                   "spectral_norm: Expected n_power_iterations to be positive, but got ", n_power_iterations);
  }

 protected:
  std::shared_ptr<Reparameterization> copy() const override {
    return std::make_shared<SpectralNorm>(name_, n_power_iterations_, eps_, dim_);
  }
  Tensor split(Module& module, const Tensor& weight) override {
    const Tensor orig = weight.detach(), matrix = as_matrix(orig);
    const auto direction = [&](int64_t size) { return normalized(randn({size}, weight.options())); };
    const Tensor u = direction(matrix.size(0)), v = direction(matrix.size(1));
    module.register_parameter(name_ + "_orig", orig);
    module.register_buffer(name_ + "_u", u);
    module.register_buffer(name_ + "_v", v);
    return orig.detach();
  }
  Tensor compute(Module& module, bool training) override {
    const Tensor orig = part(module, "_orig"), matrix = as_matrix(orig);
    Tensor u = part(module, "_u"), v = part(module, "_v");
    if (training) {
      const NoGradGuard no_grad;
      for (int64_t i = 0; i < n_power_iterations_; ++i) {
        v.copy_(normalized(mv(matrix.t(), u)));
        u.copy_(normalized(mv(matrix, v)));
      }
      // The next forward changes them, and backward of this one needs them as they are.
      u = u.clone();
      v = v.clone();
    }
    return orig / dot(u, mv(matrix, v));
  }
  void unite(Module& module) override {
    module.unregister_parameter(name_ + "_orig");
    module.unregister_buffer(name_ + "_u");
    module.unregister_buffer(name_ + "_v");
  }

 private:
  Tensor as_matrix(const Tensor& weight) const {
    DimVector order = others(op_, weight, dim_);
    order.insert(0, dim_ < 0 ? dim_ + weight.dim() : dim_);
    return weight.permute(order).reshape({weight.size(dim_), -1});
  }
  Tensor normalized(const Tensor& x) const {
    return functional::normalize(x, functional::NormalizeFuncOptions().dim(0).eps(eps_));
  }

  const int64_t n_power_iterations_;
  const double eps_;
  const int64_t dim_;
};

bool is_transposed_convolution(const Module& module) {
  return module.as<ConvTranspose1d>() || module.as<ConvTranspose2d>() || module.as<ConvTranspose3d>();
}

}  // namespace

Module& weight_norm(Module& module, const std::string& name, optional<int64_t> dim) {
  std::make_shared<WeightNorm>(name, dim)->apply(module);
  return module;
}

Module& remove_weight_norm(Module& module, const std::string& name) {
  nn::detail::Reparameterization::remove(module, "weight_norm", name);
  return module;
}

Module& spectral_norm(Module& module, const std::string& name, int64_t n_power_iterations, double eps,
                      optional<int64_t> dim) {
  const int64_t rows = dim.value_or(is_transposed_convolution(module) ? 1 : 0);
  std::make_shared<SpectralNorm>(name, n_power_iterations, eps, rows)->apply(module);
  return module;
}

Module& remove_spectral_norm(Module& module, const std::string& name) {
  nn::detail::Reparameterization::remove(module, "spectral_norm", name);
  return module;
}

}  // namespace xgrad::nn::utils
