// Rows: sorting, what stands at a place in the order, sets of values, and histograms between edges.
#include "../registry.h"

namespace conformance {

namespace {

using Tensors = std::vector<lib::Tensor>;

// median and its kin: of everything, or along a dimension.
template <class All, class Along>
auto of_all_or_along(All all, Along along) {
  return [all, along](const Args& a) {
    return a.has("dim") ? Results(along(a.tensor("self"), a.integer("dim"), a.flag("keepdim")))
                        : Results(all(a.tensor("self")));
  };
}

// quantile and nanquantile, whose q is a number or a tensor.
template <class F>
auto quantile(F f) {
  return [f](const Args& a) {
    const auto call = [&](const auto& q) {
      return f(a.tensor("self"), q, a.optional_integer("dim"), a.flag("keepdim"),
               a.text("interpolation", "linear"));
    };
    return a.is_tensor("q") ? call(a.tensor("q")) : call(a.real("q"));
  };
}

// What Python leaves out where it was not asked for.
Tensors asked_for(const Args& a, const std::tuple<lib::Tensor, lib::Tensor, lib::Tensor>& all) {
  Tensors result{std::get<0>(all)};
  if (a.flag("return_inverse")) result.push_back(std::get<1>(all));
  if (a.flag("return_counts")) result.push_back(std::get<2>(all));
  return result;
}

Tensors unique(const Args& a) {
  const lib::Tensor& x = a.tensor("input");
  const bool sorted = a.flag("sorted", true), inverse = a.flag("return_inverse"),
             counts = a.flag("return_counts");
  return asked_for(a, a.has("dim") ? lib::unique_dim(x, a.integer("dim"), sorted, inverse, counts)
                                   : lib::_unique2(x, sorted, inverse, counts));
}

Tensors flattened(const std::tuple<lib::Tensor, Tensors>& histogram) {
  Tensors result{std::get<0>(histogram)};
  for (const lib::Tensor& edges : std::get<1>(histogram)) result.push_back(edges);
  return result;
}

Tensors histogramdd(const Args& a) {
  const auto call = [&](const auto& bins) {
    return flattened(
        lib::histogramdd(a.tensor("self"), bins, {}, a.optional_tensor("weight"), a.flag("density")));
  };
  return a.value("bins").items[0].is_tensor() ? call(lib::TensorList(a.tensors("bins")))
                                              : call(lib::IntArrayRef(a.integers("bins")));
}

Results histogram(const Args& a) {
  const lib::Tensor& x = a.tensor("self");
  return a.is_tensor("bins")
             ? Results(lib::histogram(x, a.tensor("bins"), a.optional_tensor("weight"), a.flag("density")))
             : Results(lib::histogram(x, a.integer("bins", 100), {}, a.optional_tensor("weight"),
                                      a.flag("density")));
}

}  // namespace

void register_order(Registry& registry) {
  Table& t = registry.ops;
  t.row("sort", [](const Args& a) {
    const int64_t dim = a.integer("dim", -1);
    return a.has("stable") ? a.tensor("self").sort(a.flag("stable"), dim, a.flag("descending"))
                           : a.tensor("self").sort(dim, a.flag("descending"));
  });
  t.row("argsort",
        [](const Args& a) { return a.tensor("self").argsort(a.integer("dim", -1), a.flag("descending")); });
  t.row("msort", [](const Args& a) { return a.tensor("self").msort(); });
  t.row("topk", [](const Args& a) {
    return a.tensor("self").topk(a.integer("k"), a.integer("dim", -1), a.flag("largest", true),
                                 a.flag("sorted", true));
  });
  t.row("kthvalue", [](const Args& a) {
    return a.tensor("self").kthvalue(a.integer("k"), a.integer("dim", -1), a.flag("keepdim"));
  });
  t.row("median", of_all_or_along([](const lib::Tensor& x) { return x.median(); },
                                  [](const lib::Tensor& x, int64_t d, bool k) { return x.median(d, k); }));
  t.row("nanmedian",
        of_all_or_along([](const lib::Tensor& x) { return x.nanmedian(); },
                        [](const lib::Tensor& x, int64_t d, bool k) { return x.nanmedian(d, k); }));
  t.row("mode", [](const Args& a) { return a.tensor("self").mode(a.integer("dim", -1), a.flag("keepdim")); });
  t.row("quantile", quantile([](const lib::Tensor& x, const auto&... a) { return x.quantile(a...); }));
  t.row("nanquantile", quantile([](const lib::Tensor& x, const auto&... a) { return x.nanquantile(a...); }));
  t.row("unique", unique);
  t.row("unique_consecutive", [](const Args& a) {
    return asked_for(a, a.tensor("input").unique_consecutive(
                            a.flag("return_inverse"), a.flag("return_counts"), a.optional_integer("dim")));
  });
  t.row("isin", [](const Args& a) { return lib::isin(a.tensor("elements"), a.tensor("test_elements")); });
  t.row("histogram", histogram);
  t.row("histogramdd", histogramdd);
}

}  // namespace conformance
