// AveragedModel: the averages.
#include <xgrad/nn/swa_utils.h>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/nn/layers/norm.h>

namespace xgrad::optim::swa_utils {

namespace {

void check_alike(const std::vector<Tensor>& mine, const std::vector<Tensor>& theirs) {
  bool alike = mine.size() == theirs.size();
  for (std::size_t i = 0; alike && i < mine.size(); ++i) alike = mine[i].sizes() == theirs[i].sizes();
  XGRAD_CHECK_AS(ValueError, alike,
                 "update_parameters: the model has other parameters or buffers than the averaged one");
}

}  // namespace

AvgFn get_ema_avg_fn(double decay) {
  XGRAD_CHECK_AS(ValueError, decay >= 0 && decay <= 1, "get_ema_avg_fn: Invalid decay value ", decay,
                 " provided. Please provide a value in [0,1] range");
  return [decay](const Tensor& averaged, const Tensor& current, int64_t) {
    return decay * averaged + (1 - decay) * current;
  };
}

AvgFn get_swa_avg_fn() {
  return [](const Tensor& averaged, const Tensor& current, int64_t num_averaged) {
    return averaged + (current - averaged) / (num_averaged + 1);
  };
}

AveragedModelBase::AveragedModelBase(const nn::Module& model, AvgFn avg_fn, bool use_buffers)
    : Module("AveragedModel"), copy_(model.clone()), avg_fn_(std::move(avg_fn)), use_buffers_(use_buffers) {
  register_module("module", copy_);
  n_averaged = register_buffer("n_averaged", zeros({}, kLong));
}

void AveragedModelBase::update_parameters(const nn::Module& model) {
  const NoGradGuard no_grad;
  const std::vector<Tensor> mine = copy_->parameters(), theirs = model.parameters(),
                            my_buffers = copy_->buffers(), their_buffers = model.buffers();
  check_alike(mine, theirs);
  check_alike(my_buffers, their_buffers);
  const auto count = n_averaged.item<int64_t>();
  const auto update = [&](const std::vector<Tensor>& to, const std::vector<Tensor>& from, bool average) {
    for (std::size_t i = 0; i < to.size(); ++i)
      to[i].copy_(average ? avg_fn_(to[i].detach(), from[i].detach(), count) : from[i].detach());
  };
  update(mine, theirs, count > 0);
  update(my_buffers, their_buffers, count > 0 && use_buffers_);
  n_averaged.add_(1);
}

namespace detail {

FreshStatistics::FreshStatistics(nn::Module& model) : model_(model), was_training_(model.is_training()) {
  const auto renew = [&](auto* layer) {
    if (!layer) return;
    layer->reset_running_stats();
    momenta_.emplace_back(&layer->options.momentum(), layer->options.momentum());
    layer->options.momentum(nullopt);
  };
  for (const auto& module : model.modules()) {
    renew(module->as<nn::BatchNorm1d>());
    renew(module->as<nn::BatchNorm2d>());
    renew(module->as<nn::BatchNorm3d>());
  }
  model.train();
}

FreshStatistics::~FreshStatistics() {
  for (auto& [momentum, before] : momenta_) *momentum = before;
  model_.train(was_training_);
}

}  // namespace detail

}  // namespace xgrad::optim::swa_utils
