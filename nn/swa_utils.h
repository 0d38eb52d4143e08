// Averages of a model's weights: Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima and Better
// Generalization". The scheduler that belongs to it is optim's SWALR.
#pragma once

#include <functional>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/nn/module.h>

namespace xgrad::optim::swa_utils {

/// The next average of an average, a parameter and the number of those averaged so far.
using AvgFn = std::function<Tensor(const Tensor& averaged, const Tensor& current, int64_t num_averaged)>;

/// decay averaged + (1 - decay) current. Throws ValueError unless 0 <= decay <= 1.
XGRAD_API AvgFn get_ema_avg_fn(double decay = 0.999);
/// averaged + (current - averaged) / (num_averaged + 1), the mean of all.
XGRAD_API AvgFn get_swa_avg_fn();

/// What AveragedModel does whatever its class: a copy of the model, `module`, and how many models it is the
/// average of.
class XGRAD_API AveragedModelBase : public nn::Module {
 public:
  AveragedModelBase(const nn::Module& model, AvgFn avg_fn, bool use_buffers);

  /// Takes the parameters of a model of the same class into the average; the first ones are copied. Buffers
  /// are copied, or averaged too with use_buffers. Throws ValueError for a model that has others, and changes
  /// nothing then.
  void update_parameters(const nn::Module& model);
  template <class M>
  void update_parameters(const nn::ModuleHolder<M>& model) {
    update_parameters(static_cast<const nn::Module&>(*model));
  }

  Tensor n_averaged;

 protected:
  std::shared_ptr<nn::Module> copy_;

 private:
  AvgFn avg_fn_;
  bool use_buffers_;
};

/// The average of the weights that a model, which can be cloned, had at each call of `update_parameters`:
///   AveragedModel<NetImpl> average(net, get_ema_avg_fn(0.99));
template <class M>
class AveragedModel : public AveragedModelBase {
 public:
  explicit AveragedModel(const nn::ModuleHolder<M>& model, AvgFn avg_fn = get_swa_avg_fn(),
                         bool use_buffers = false)
      : AveragedModelBase(*model, std::move(avg_fn), use_buffers),
        module(std::dynamic_pointer_cast<M>(copy_)) {}

  template <class... A>
  decltype(auto) forward(A&&... a) {
    return nn::call(*module, std::forward<A>(a)...);
  }
  template <class... A>
  decltype(auto) operator()(A&&... a) {
    return nn::call(*this, std::forward<A>(a)...);
  }

  std::shared_ptr<M> module;
};

namespace detail {

/// While it is in scope, the BatchNorms of a model, which is in training, average their statistics anew.
class XGRAD_API FreshStatistics {
 public:
  explicit FreshStatistics(nn::Module& model);
  ~FreshStatistics();
  FreshStatistics(const FreshStatistics&) = delete;
  FreshStatistics& operator=(const FreshStatistics&) = delete;
  bool any() const { return !momenta_.empty(); }

 private:
  nn::Module& model_;
  const bool was_training_;
  std::vector<std::pair<optional<double>*, optional<double>>> momenta_;  // in its options, and before
  NoGradGuard no_grad_;
};

template <class Batch, class = void>
struct HasData : std::false_type {};
template <class Batch>
struct HasData<Batch, std::void_t<decltype(std::declval<Batch&>().data)>> : std::true_type {};

template <class Batch>
const Tensor& input_of(const Batch& batch) {
  if constexpr (std::is_base_of<Tensor, Batch>::value)
    return batch;
  else if constexpr (HasData<const Batch>::value)
    return batch.data;
  else
    return std::get<0>(batch);
}

}  // namespace detail

/// Sets the running mean and variance of all BatchNorms of a model to those over all batches of `loader`, as
/// an average of weights needs it before evaluation. A batch is an input, an example with `data`, or a tuple
/// or pair whose first element is the input.
template <class Loader, class Model>
void update_bn(Loader&& loader, Model&& model) {
  if constexpr (nn::detail::is_module_holder<Model>) {
    update_bn(std::forward<Loader>(loader), *model);
  } else {
    const detail::FreshStatistics scope(model);
    if (!scope.any()) return;
    for (auto&& batch : loader) nn::call(model, detail::input_of(batch));
  }
}

}  // namespace xgrad::optim::swa_utils
