// Whole programs for which memory runs out at the n-th allocation, for every n: what they change is as it was
// or all done, nothing leaks, and with memory again they compute what they should.
#include <functional>
#include <memory>
#include <sstream>

#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/memory/allocator.h>

#include "core/autograd/checks.h"
#include "core/autograd/no_memory.h"
#include "core/kernels/threads.h"

using namespace xgrad;
using autograd::variable_list;
using checks::leaf;
using checks::vec;

namespace {

struct World {
  std::vector<Tensor> tensors;        // what the program may change
  std::function<void()> program;      // changes all or nothing
  std::function<std::string()> more;  // what else can be seen
};
using Make = std::function<World()>;

std::string seen(const World& world) {
  std::ostringstream text;
  text << std::hexfloat;
  for (const Tensor& t : world.tensors) {
    text << t << " version " << t._version() << " grad " << t.grad();
    for (const Tensor& values : {t, t.grad()})
      if (values.defined())
        for (int64_t i = 0; i < values.numel(); ++i) text << ' ' << values.reshape(-1)[i].item<double>();
    text << '\n';
  }
  if (world.more) text << world.more();
  return text.str();
}

int64_t blocks() { return memory::stats().blocks_live + blocks_of_new; }

void check_all_or_nothing(const Make& make) {
  std::string changed;
  {
    const World world = make();
    world.program();  // what is made at first use is there from now on
    changed = seen(world);
  }
  int64_t before = 0;
  const auto make_counted = [&] {
    before = blocks();
    return std::make_unique<World>(make());
  };
  run_short_of_memory(
      make_counted, [](const auto& world) { world->program(); },
      [&](auto& world) {
        CHECK_EQ(seen(*world), seen(make()));
        world->program();
        CHECK_EQ(seen(*world), changed);
        world.reset();
        const int64_t after = blocks();
        CHECK_EQ(after, before);
      });
}

struct Net : nn::Module {
  Net() {
    manual_seed(0);
    hidden = register_module("hidden", nn::Linear(3, 4));
    out = register_module("out", nn::Linear(4, 2));
    scale = register_buffer("scale", ones({2}));
  }
  Tensor forward(const Tensor& x) { return out(hidden(x).tanh()) * scale; }

  nn::Linear hidden{nullptr}, out{nullptr};
  Tensor scale;
};

std::vector<Tensor> all_of(const nn::Module& module) { return module.state_dict().values(); }

struct Scaled : autograd::Function<Scaled> {
  static Tensor forward(autograd::AutogradContext* ctx, const Tensor& x, const Tensor& w) {
    ctx->save_for_backward({x, w});
    return x * w;
  }
  static variable_list backward(autograd::AutogradContext* ctx, variable_list grads) {
    const variable_list saved = ctx->get_saved_variables();
    return {grads[0] * saved[1], grads[0] * saved[0]};
  }
};

// Parameters with gradients, after one step, so that there is state.
template <class Optimizer, class Options>
Make steps(const Options& options, int before) {
  return [options, before] {
    const Tensor w = leaf({1, 2, 3}), b = leaf({4, 5});
    const auto optimizer = std::make_shared<Optimizer>(std::vector<Tensor>{w, b}, options);
    (w.sum() * b.sum() * 0.1).backward();
    for (int i = 0; i < before; ++i) optimizer->step();
    return World{{w, b},
                 [=] { optimizer->step(); },
                 [=] {
                   std::ostringstream text;
                   for (const auto& [number, state] : optimizer->state_dict().state)
                     for (const auto& item : state) {
                       text << number << ' ' << item.key() << ' ';
                       if (item->isTensor()) text << item->toTensor();
                       text << '\n';
                     }
                   return text.str();
                 }};
  };
}

World loss_world(const std::function<Tensor(const Tensor&, const Tensor&)>& f) {
  const Tensor x = leaf({0.5, 1, 2}), w = leaf({3, 2, 1});
  return {{x, w}, [=] { f(x, w).backward(); }, {}};
}

}  // namespace

TEST_CASE("a program that runs out of memory has changed all or nothing, and has lost nothing") {
  const auto with_loss = [](std::function<Tensor(const Tensor&, const Tensor&)> f) {
    return [f] { return loss_world(f); };
  };
  const std::vector<std::pair<const char*, Make>> programs{
      {"a graph", with_loss([](const Tensor& x, const Tensor& w) { return (x * w + x.exp()).sin().sum(); })},
      {"views", with_loss([](const Tensor& x, const Tensor& w) {
         return (x[0] * w.view({3, 1}).expand({3, 2}).t()[1]).sum() + x.unbind()[2];
       })},
      {"changes in place of what is computed", with_loss([](const Tensor& x, const Tensor& w) {
         Tensor y = x * 2;
         y.mul_(w);
         y[0].exp_();
         return y.sum();
       })},
      {"products and joins", with_loss([](const Tensor& x, const Tensor& w) {
         return cat({x.view({1, 3}).mm(w.view({3, 1})), stack({x, w}).mean(0, true).t()}).sum();
       })},
      {"a function of one's own",
       with_loss([](const Tensor& x, const Tensor& w) { return Scaled::apply(x, w).sum(); })},
      {"a checkpoint", with_loss([](const Tensor& x, const Tensor& w) {
         return autograd::checkpoint(
                    [w](const variable_list& in) { return variable_list{(in[0] * w).exp()}; }, {x})[0]
             .sum();
       })},
      {"hooks", with_loss([](const Tensor& x, const Tensor& w) {
         const Tensor y = x * w;
         y.register_hook([](const Tensor& g) { return g * 2; });
         y.retain_grad();
         return y.sum();
       })},
      {"double backward", with_loss([](const Tensor& x, const Tensor& w) {
         const Tensor y = (x.pow(3) * w).sum();
         return autograd::grad({y}, {x}, {}, true, true)[0].square().sum();
       })},
      {"a module",
       [] {
         const auto net = std::make_shared<Net>();
         return World{net->parameters(), [=] { net->forward(ones({5, 3})).square().mean().backward(); }, {}};
       }},
      {"a loss",
       [] {
         const Tensor x = leaf({1, 2, 3, 4, 5, 6});
         return World{{x},
                      [=] {
                        nn::functional::cross_entropy(x.view({2, 3}), tensor({2, 0})).backward();
                      },
                      {}};
       }},
      {"load_state_dict",
       [] {
         const auto net = std::make_shared<Net>(), other = std::make_shared<Net>();
         const NoGradGuard no_grad;
         for (const Tensor& t : all_of(*other)) t.mul_(2).add_(1);
         return World{all_of(*net), [=] { net->load_state_dict(other->state_dict()); }, {}};
       }},
      {"load_state_dict of another dtype and layout",
       [] {
         const auto net = std::make_shared<Net>();
         OrderedDict<std::string, Tensor> state;
         for (const auto& item : net->state_dict())
           state.insert(item.key(), (item->to(kDouble) * 2).flip({0}).contiguous());
         return World{all_of(*net), [=] { net->load_state_dict(state); }, {}};
       }},
      {"load_state_dict of its own",
       [] {
         const auto net = std::make_shared<Net>();
         OrderedDict<std::string, Tensor> state = net->state_dict();
         state["out.bias"] = state["scale"];
         state["scale"] = net->out->bias.detach();
         return World{all_of(*net), [=] { net->load_state_dict(state); }, {}};
       }},
      {"the conversion of a module",
       [] {
         const auto net = std::make_shared<Net>();
         return World{net->parameters(), [=] { net->to(kDouble); }, {}};
       }},
      {"SGD", steps<optim::SGD>(optim::SGDOptions(0.1), 0)},
      {"SGD with momentum, first", steps<optim::SGD>(optim::SGDOptions(0.1).momentum(0.9), 0)},
      {"SGD with momentum, then",
       steps<optim::SGD>(optim::SGDOptions(0.1).momentum(0.9).weight_decay(0.1), 1)},
      {"Adam, first", steps<optim::Adam>(optim::AdamOptions(0.1), 0)},
      {"Adam, then", steps<optim::Adam>(optim::AdamOptions(0.1).amsgrad(true), 1)},
      {"AdamW, first", steps<optim::AdamW>(optim::AdamWOptions(0.1), 0)},
  };
  for (const auto& [named, make] : programs) {
    const std::string name = named;
    INFO(name);
    check_all_or_nothing(make);
  }
}

TEST_CASE("where there is no memory for threads, or for some, a region is run by those there are") {
  const Threads limit(4);
  std::vector<int> visits(64);
  for (int n = 0; n < 40; ++n) {
    allocations_left = n;
    kernels::parallel_for(0, 64, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
    });
    allocations_left = -1;
  }
  CHECK_EQ(visits, std::vector<int>(64, 40));
  CHECK_FALSE(kernels::in_parallel_region());
}
