// Rows: torch.masked, which LibTorch's C++ interface lacks.
#include "../registry.h"

namespace conformance {

namespace {

Optional<std::vector<int64_t>> dims(const Args& a) {
  return a.has("dim") ? Optional<std::vector<int64_t>>(a.integers("dim")) : Optional<std::vector<int64_t>>();
}
lib::OptionalIntArrayRef ref(const Optional<std::vector<int64_t>>& list) {
  return list ? lib::OptionalIntArrayRef(*list) : lib::OptionalIntArrayRef();
}

}  // namespace

void register_masked(Registry& registry) {
  Table& t = registry.ops;
#define REDUCTION(name)                                                                 \
  t.row("masked." #name, [](const Args& a) {                                            \
    const auto dim = dims(a);                                                           \
    return lib::masked::name(a.tensor("input"), ref(dim), a.flag("keepdim"), a.dtype(), \
                             a.optional_tensor("mask"));                                \
  })
  REDUCTION(sum);
  REDUCTION(prod);
  REDUCTION(mean);
  REDUCTION(amax);
  REDUCTION(amin);
  REDUCTION(logsumexp);
#undef REDUCTION
#define POSITION(name)                                                                                   \
  t.row("masked." #name, [](const Args& a) {                                                             \
    return lib::masked::name(a.tensor("input"), a.optional_integer("dim"), a.flag("keepdim"), a.dtype(), \
                             a.optional_tensor("mask"));                                                 \
  })
  POSITION(argmax);
  POSITION(argmin);
#undef POSITION
#define SPREAD(name)                                                                       \
  t.row("masked." #name, [](const Args& a) {                                               \
    const auto dim = dims(a);                                                              \
    return lib::masked::name(a.tensor("input"), ref(dim), lib::Scalar(a.flag("unbiased")), \
                             a.flag("keepdim"), a.dtype(), a.optional_tensor("mask"));     \
  })
  SPREAD(var);
  SPREAD(std);
#undef SPREAD
#define ALONG(name)                                                                                      \
  t.row("masked." #name, [](const Args& a) {                                                             \
    return lib::masked::name(a.tensor("input"), a.integer("dim"), a.dtype(), a.optional_tensor("mask")); \
  })
  ALONG(cumsum);
  ALONG(cumprod);
  ALONG(softmax);
  ALONG(log_softmax);
  ALONG(softmin);
#undef ALONG
  t.row("masked.median", [](const Args& a) {
    return lib::masked::median(a.tensor("input"), a.integer("dim", -1), a.flag("keepdim"), a.dtype(),
                               a.optional_tensor("mask"));
  });
  t.row("masked.norm", [](const Args& a) {
    const auto dim = dims(a);
    return lib::masked::norm(a.tensor("input"), a.scalar("ord", 2), ref(dim), a.flag("keepdim"), a.dtype(),
                             a.optional_tensor("mask"));
  });
  t.row("masked.normalize", [](const Args& a) {
    return lib::masked::normalize(a.tensor("input"), a.scalar("ord"), a.integer("dim"), a.real("eps", 1e-12),
                                  a.dtype(), a.optional_tensor("mask"));
  });
  t.row("masked.logaddexp", [](const Args& a) {
    return lib::masked::logaddexp(a.tensor("input"), a.tensor("other"), a.dtype(),
                                  a.optional_tensor("input_mask"), a.optional_tensor("other_mask"));
  });
}

}  // namespace conformance
