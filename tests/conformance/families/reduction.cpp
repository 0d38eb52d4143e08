// Rows: sums, products, extremes, variances and norms, of everything or along dimensions; softmax.
#include "../registry.h"

namespace conformance {

void register_reduction(Registry& registry) {
  Table& t = registry.ops;
  t.row("sum", [](const Args& a) {
    return a.has("dim") ? a.tensor("self").sum(a.integers("dim"), a.flag("keepdim"), a.dtype())
                        : a.tensor("self").sum(a.dtype());
  });
  t.row("mean", [](const Args& a) {
    return a.has("dim") ? a.tensor("self").mean(a.integers("dim"), a.flag("keepdim"), a.dtype())
                        : a.tensor("self").mean(a.dtype());
  });
  t.row("prod", [](const Args& a) {
    return a.has("dim") ? a.tensor("self").prod(a.integer("dim"), a.flag("keepdim"), a.dtype())
                        : a.tensor("self").prod(a.dtype());
  });
  t.row("max", [](const Args& a) -> Results {
    if (a.has("dim")) return lib::max(a.tensor("self"), a.integer("dim"), a.flag("keepdim"));
    if (a.has("other")) return lib::max(a.tensor("self"), a.tensor("other"));
    return lib::max(a.tensor("self"));
  });
  t.row("min", [](const Args& a) -> Results {
    if (a.has("dim")) return lib::min(a.tensor("self"), a.integer("dim"), a.flag("keepdim"));
    if (a.has("other")) return lib::min(a.tensor("self"), a.tensor("other"));
    return lib::min(a.tensor("self"));
  });
  const auto both = [](const Args& a) {
    return a.has("dim") ? Optional<int64_t>(a.integer("dim")) : Optional<int64_t>();
  };
  t.row("aminmax", [=](const Args& a) { return lib::aminmax(a.tensor("self"), both(a), a.flag("keepdim")); });
  t.row("amax",
        [](const Args& a) { return lib::amax(a.tensor("self"), a.integers("dim", {}), a.flag("keepdim")); });
  t.row("amin",
        [](const Args& a) { return lib::amin(a.tensor("self"), a.integers("dim", {}), a.flag("keepdim")); });
  t.row("argmax", [=](const Args& a) { return lib::argmax(a.tensor("self"), both(a), a.flag("keepdim")); });
  t.row("argmin", [=](const Args& a) { return lib::argmin(a.tensor("self"), both(a), a.flag("keepdim")); });
  t.row("all", [](const Args& a) {
    return a.has("dim") ? lib::all(a.tensor("self"), a.integer("dim"), a.flag("keepdim"))
                        : lib::all(a.tensor("self"));
  });
  t.row("any", [](const Args& a) {
    return a.has("dim") ? lib::any(a.tensor("self"), a.integer("dim"), a.flag("keepdim"))
                        : lib::any(a.tensor("self"));
  });
  t.row("count_nonzero",
        [](const Args& a) { return lib::count_nonzero(a.tensor("self"), a.integers("dim", {})); });
  t.row("nansum", [](const Args& a) {
    return lib::nansum(a.tensor("self"), a.integers("dim", {}), a.flag("keepdim"), a.dtype());
  });
  t.row("nanmean", [](const Args& a) {
    return lib::nanmean(a.tensor("self"), a.integers("dim", {}), a.flag("keepdim"), a.dtype());
  });
  // `unbiased` or a correction, over the dimensions that are given.
  const auto spread = [&](const char* name, auto call) {
    t.row(name, [call](const Args& a) -> Results {
      const std::vector<int64_t> dim = a.integers("dim", {});
      if (a.has("unbiased")) return call(a, dim, a.flag("unbiased"));
      return call(a, dim, a.optional_scalar("correction"));
    });
  };
  spread("var", [](const Args& a, const auto& dim, auto how) {
    return lib::var(a.tensor("self"), dim, how, a.flag("keepdim"));
  });
  spread("std", [](const Args& a, const auto& dim, auto how) {
    return lib::std(a.tensor("self"), dim, how, a.flag("keepdim"));
  });
  spread("var_mean", [](const Args& a, const auto& dim, auto how) {
    return lib::var_mean(a.tensor("self"), dim, how, a.flag("keepdim"));
  });
  spread("std_mean", [](const Args& a, const auto& dim, auto how) {
    return lib::std_mean(a.tensor("self"), dim, how, a.flag("keepdim"));
  });
  t.row("norm", [](const Args& a) {
    if (a.is_text("p") && a.text("p") == "fro")  // Python's name for 2
      return a.tensor("input").norm(2, a.integers("dim"), a.flag("keepdim"));
    if (a.has("dim")) return a.tensor("self").norm(a.scalar("p"), a.integers("dim"), a.flag("keepdim"));
    return a.tensor("self").norm(a.scalar("p", 2));
  });
  t.row("linalg.vector_norm", [](const Args& a) {
    return lib::linalg::vector_norm(a.tensor("self"), a.scalar("ord", 2), a.integers("dim", {}),
                                    a.flag("keepdim"), a.dtype());
  });
  t.row("logsumexp",
        [](const Args& a) { return lib::logsumexp(a.tensor("self"), a.integers("dim"), a.flag("keepdim")); });
  t.row("cumsum", [](const Args& a) { return lib::cumsum(a.tensor("self"), a.integer("dim"), a.dtype()); });
  t.row("cumprod", [](const Args& a) { return lib::cumprod(a.tensor("self"), a.integer("dim"), a.dtype()); });
  t.row("logcumsumexp", [](const Args& a) { return lib::logcumsumexp(a.tensor("self"), a.integer("dim")); });
  t.row("cummax", [](const Args& a) { return lib::cummax(a.tensor("self"), a.integer("dim")); });
  t.row("cummin", [](const Args& a) { return lib::cummin(a.tensor("self"), a.integer("dim")); });
  t.row("softmax", [](const Args& a) { return lib::softmax(a.tensor("self"), a.integer("dim"), a.dtype()); });
  t.row("log_softmax",
        [](const Args& a) { return lib::log_softmax(a.tensor("self"), a.integer("dim"), a.dtype()); });
  t.row("sum_to_size", [](const Args& a) { return a.tensor("self").sum_to_size(a.integers("size")); });
}

}  // namespace conformance
