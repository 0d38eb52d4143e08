// Rows: pooling.
#include <array>

#include "../registry.h"

namespace conformance {

namespace {

namespace F = lib::nn::functional;

template <size_t D>
using Sizes = lib::ExpandingArray<D>;

template <size_t D>
Sizes<D> sizes(const Args& a, const char* name) {
  const std::vector<int64_t> list = a.integers(name);
  return list.size() == 1 ? Sizes<D>(list[0]) : Sizes<D>(list);
}
template <class Options>
Options with_stride(Options options, const Args& a) {
  constexpr size_t D = std::tuple_size_v<std::decay_t<decltype(*options.kernel_size())>>;
  if (a.has("stride")) options.stride(sizes<D>(a, "stride"));
  return options;
}

template <size_t D>
F::MaxUnpoolFuncOptions<D> unpool_options(const Args& a) {
  F::MaxUnpoolFuncOptions<D> options = with_stride(F::MaxUnpoolFuncOptions<D>(sizes<D>(a, "kernel_size")), a);
  if (a.has("padding")) options.padding(sizes<D>(a, "padding"));
  if (a.has("output_size")) options.output_size(a.integers("output_size"));
  return options;
}

// Sizes of which some may be absent.
template <size_t D>
lib::ExpandingArrayWithOptionalElem<D> open_sizes(const Args& a) {
  const Value& value = a.value("output_size");
  if (!a.is_list("output_size")) return lib::ExpandingArrayWithOptionalElem<D>(a.integer("output_size"));
  std::vector<Optional<int64_t>> list;
  for (const Value& size : value.items) {
    list.emplace_back();
    if (!size.is(Value::Kind::none)) list.back() = size.to_integer();
  }
  return lib::ExpandingArrayWithOptionalElem<D>(list);
}

}  // namespace

void register_pooling(Registry& registry) {
  Table& t = registry.ops;
#define POOLING(n)                                                                            \
  t.row("nn.functional.max_pool" #n "d", [](const Args& a) -> Results {                       \
    const auto run = [&](const auto& f) -> Results {                                          \
      return f(a.tensor("input"), a.integers("kernel_size"), a.integers("stride", {}),        \
               a.integers("padding", {0}), a.integers("dilation", {1}), a.flag("ceil_mode")); \
    };                                                                                        \
    if (a.flag("return_indices"))                                                             \
      return run([](const auto&... x) { return lib::max_pool##n##d_with_indices(x...); });    \
    return run([](const auto&... x) { return lib::max_pool##n##d(x...); });                   \
  });                                                                                         \
  t.row("nn.functional.max_unpool" #n "d", [](const Args& a) {                                \
    return F::max_unpool##n##d(a.tensor("input"), a.tensor("indices"), unpool_options<n>(a)); \
  })
  POOLING(1);
  POOLING(2);
  POOLING(3);
#undef POOLING
  t.row("nn.functional.avg_pool1d", [](const Args& a) {
    return lib::avg_pool1d(a.tensor("self"), a.integers("kernel_size"), a.integers("stride", {}),
                           a.integers("padding", {0}), a.flag("ceil_mode"),
                           a.flag("count_include_pad", true));
  });
#define AVERAGE(name)                                                                                    \
  t.row("nn.functional." #name, [](const Args& a) {                                                      \
    return lib::name(a.tensor("self"), a.integers("kernel_size"), a.integers("stride", {}),              \
                     a.integers("padding", {0}), a.flag("ceil_mode"), a.flag("count_include_pad", true), \
                     a.optional_integer("divisor_override"));                                            \
  })
  AVERAGE(avg_pool2d);
  AVERAGE(avg_pool3d);
#undef AVERAGE
  t.row("nn.functional.lp_pool1d", [](const Args& a) {
    auto options = with_stride(F::LPPool1dFuncOptions(a.real("norm_type"), sizes<1>(a, "kernel_size")), a);
    return F::lp_pool1d(a.tensor("input"), options.ceil_mode(a.flag("ceil_mode")));
  });
  t.row("nn.functional.lp_pool2d", [](const Args& a) {
    auto options = with_stride(F::LPPool2dFuncOptions(a.real("norm_type"), sizes<2>(a, "kernel_size")), a);
    return F::lp_pool2d(a.tensor("input"), options.ceil_mode(a.flag("ceil_mode")));
  });
  t.row("nn.functional.adaptive_avg_pool1d",
        [](const Args& a) { return lib::adaptive_avg_pool1d(a.tensor("self"), a.integers("output_size")); });
  t.row("nn.functional.adaptive_avg_pool2d", [](const Args& a) {
    return F::adaptive_avg_pool2d(a.tensor("input"), F::AdaptiveAvgPool2dFuncOptions(open_sizes<2>(a)));
  });
  t.row("nn.functional.adaptive_avg_pool3d", [](const Args& a) {
    return F::adaptive_avg_pool3d(a.tensor("input"), F::AdaptiveAvgPool3dFuncOptions(open_sizes<3>(a)));
  });
#define ADAPTIVE_MAX(n, options)                                                                        \
  t.row("nn.functional.adaptive_max_pool" #n "d", [](const Args& a) -> Results {                        \
    const F::AdaptiveMaxPool##n##dFuncOptions o(options);                                               \
    if (a.flag("return_indices")) return F::adaptive_max_pool##n##d_with_indices(a.tensor("input"), o); \
    return F::adaptive_max_pool##n##d(a.tensor("input"), o);                                            \
  })
  ADAPTIVE_MAX(1, sizes<1>(a, "output_size"));
  ADAPTIVE_MAX(2, open_sizes<2>(a));
  ADAPTIVE_MAX(3, open_sizes<3>(a));
#undef ADAPTIVE_MAX
}

}  // namespace conformance
