// Steps of optimisers as loops over arrays.
#include <cmath>

#include "hand.h"

namespace bench {

namespace {

struct Momentum {
  static constexpr int buffers = 1;
  void operator()(float* p, const float* g, Floats* state, std::int64_t n, double) const {
    float* b = state[0].data();
    for (std::int64_t i = 0; i < n; ++i) {
      b[i] = 0.9F * b[i] + g[i];
      p[i] -= 1e-3F * b[i];
    }
  }
};

struct Adam {
  static constexpr int buffers = 2;
  float decay;
  void operator()(float* p, const float* g, Floats* state, std::int64_t n, double t) const {
    float *m = state[0].data(), *v = state[1].data();
    const auto step = static_cast<float>(1e-3 / (1 - std::pow(0.9, t)));
    const auto correction = static_cast<float>(std::sqrt(1 - std::pow(0.999, t)));
    for (std::int64_t i = 0; i < n; i += width) {
      const Batch d = load(g + i), m1 = load(m + i) + 0.1F * (d - load(m + i)),
                  v1 = 0.999F * load(v + i) + 0.001F * d * d;
      m1.store_unaligned(m + i);
      v1.store_unaligned(v + i);
      const Batch next =
          (1 - 1e-3F * decay) * load(p + i) - step * m1 / (xsimd::sqrt(v1) / correction + 1e-8F);
      next.store_unaligned(p + i);
    }
  }
};

template <class Rule>
void add_steps(const std::string& name, std::int64_t count, std::int64_t size, Rule rule) {
  workload(name).each([count, size, rule] {
    struct Parameter {
      Floats p, g, state[2];
    };
    std::vector<Parameter> parameters;
    for (std::int64_t i = 0; i < count; ++i) {
      Parameter one{aligned_values(size, static_cast<unsigned>(i)),
                    aligned_values(size, static_cast<unsigned>(count + i)),
                    {}};
      for (int b = 0; b < Rule::buffers; ++b) one.state[b] = Floats(static_cast<std::size_t>(size), 0.F);
      parameters.push_back(std::move(one));
    }
    return [parameters = std::move(parameters), size, rule, t = 0.]() mutable {
      t += 1;
      for (Parameter& one : parameters) rule(one.p.data(), one.g.data(), one.state, size, t);
      return Span{parameters.back().p.data(), size};
    };
  });
}

}  // namespace

void add_hand_optim_workloads() {
  constexpr std::int64_t many = 10'000'000;
  add_steps("SGD with momentum of 10 M", 1, many, Momentum{});
  add_steps("Adam of 10 M", 1, many, Adam{0.F});
  add_steps("AdamW of 10 M", 1, many, Adam{0.01F});
  add_steps("SGD with momentum of 50 x 64", 50, 64, Momentum{});
  add_steps("Adam of 50 x 64", 50, 64, Adam{0.F});
}

}  // namespace bench
