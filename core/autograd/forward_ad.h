// Forward mode: a tensor carries a tangent along, and each op computes the tangent of its result as it goes.
//
//   forward_ad::DualLevel level;
//   Tensor x = forward_ad::make_dual(primal, tangent);
//   auto [value, derivative] = forward_ad::unpack_dual(f(x));   // f(primal) and J_f(primal) * tangent
#pragma once

#include <functional>
#include <memory>
#include <tuple>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tape/node.h>

namespace xgrad::autograd {

namespace forward_ad {

/// The scope in which tangents exist. Levels do not nest, not even where the tangents rest: within the
/// forward of a Function, or an InferenceMode.
class XGRAD_API DualLevel {
 public:
  DualLevel();
  ~DualLevel();
  DualLevel(const DualLevel&) = delete;
  DualLevel& operator=(const DualLevel&) = delete;

 private:
  std::shared_ptr<DualOutputs> outputs_;
};

/// A view of `primal` that carries a copy of `tangent`, of the same shape and dtype.
XGRAD_API Tensor make_dual(const Tensor& primal, const Tensor& tangent);

struct UnpackedDual {
  Tensor primal;
  Tensor tangent;  ///< Undefined when the tensor carries none.
};
XGRAD_API UnpackedDual unpack_dual(const Tensor& dual);

}  // namespace forward_ad

namespace functional {

using Function = std::function<variable_list(const variable_list&)>;

// With `create_graph` a result can be differentiated further, with respect to inputs that require a gradient
// and to all that `f` captures; otherwise it has no history.

/// f(inputs), and the Jacobian times `v`, in one forward pass.
XGRAD_API std::tuple<variable_list, variable_list> jvp(const Function& f, const variable_list& inputs,
                                                       const variable_list& v, bool create_graph = false);
/// f(inputs), and `v` times the Jacobian, by backward. `v` may be left out for one output of one element.
XGRAD_API std::tuple<variable_list, variable_list> vjp(const Function& f, const variable_list& inputs,
                                                       const variable_list& v = {},
                                                       bool create_graph = false);
/// d f(input) / d input: the shape of the output followed by that of the input.
XGRAD_API Tensor jacobian(const std::function<Tensor(const Tensor&)>& f, const Tensor& input,
                          bool create_graph = false);
/// The second derivatives of a function with one element: the shape of the input twice.
XGRAD_API Tensor hessian(const std::function<Tensor(const Tensor&)>& f, const Tensor& input,
                         bool create_graph = false);
/// f(input) of one element, and its Hessian times `v`, without forming the Hessian.
XGRAD_API std::tuple<Tensor, Tensor> hvp(const std::function<Tensor(const Tensor&)>& f, const Tensor& input,
                                         const Tensor& v, bool create_graph = false);

}  // namespace functional
}  // namespace xgrad::autograd

namespace xgrad {
namespace forward_ad = autograd::forward_ad;
}
