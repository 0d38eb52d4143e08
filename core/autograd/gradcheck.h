// Is a gradient right? Compares it with central differences.
#pragma once

#include <functional>

#include <xgrad/core/tape/node.h>

namespace xgrad::autograd {

struct GradcheckOptions {
  double eps = 1e-6;   ///< Half the distance of the two points of a difference.
  double atol = 1e-5;  ///< |analytic - numeric| <= atol + rtol * |numeric|.
  double rtol = 1e-3;
  bool raise = true;  ///< Throw with the worst element instead of returning false.
};

using GradcheckFunction = std::function<variable_list(const variable_list&)>;

/// Compares the gradients of `function` at `inputs` with (f(x + eps) - f(x - eps)) / (2 eps), for every
/// element of each input that requires a gradient and of each floating output. The inputs must be float64.
XGRAD_API bool gradcheck(const GradcheckFunction& function, const variable_list& inputs,
                         const GradcheckOptions& options = {});

/// gradcheck of the gradient itself: right second derivatives.
XGRAD_API bool gradgradcheck(const GradcheckFunction& function, const variable_list& inputs,
                             const GradcheckOptions& options = {});

}  // namespace xgrad::autograd
