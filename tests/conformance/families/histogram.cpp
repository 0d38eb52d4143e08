// Rows: counting values, and finding their places among sorted ones.
#include "../registry.h"

namespace conformance {

namespace {

template <class Value>
lib::Tensor searchsorted(const Args& a, const Value& value) {
  Optional<std::string> side;
  if (a.has("side")) side = a.text("side");
#ifdef XGRAD_CONFORMANCE_LIBTORCH
  Optional<c10::string_view> text;
  if (side) text = *side;
#else
  const Optional<std::string>& text = side;
#endif
  return lib::searchsorted(a.tensor("sorted_sequence"), value, a.flag("out_int32"), a.flag("right"), text,
                           a.optional_tensor("sorter"));
}

}  // namespace

void register_histogram(Registry& registry) {
  Table& t = registry.ops;
  t.row("bincount", [](const Args& a) {
    return a.tensor("self").bincount(a.optional_tensor("weights"), a.integer("minlength", 0));
  });
  t.row("histc", [](const Args& a) {
    return a.tensor("self").histc(a.integer("bins", 100), a.scalar("min", 0), a.scalar("max", 0));
  });
  t.row("bucketize", [](const Args& a) {
    return a.is_tensor("self") ? lib::bucketize(a.tensor("self"), a.tensor("boundaries"), a.flag("out_int32"),
                                                a.flag("right"))
                               : lib::bucketize(a.scalar("self"), a.tensor("boundaries"), a.flag("out_int32"),
                                                a.flag("right"));
  });
  t.row("searchsorted", [](const Args& a) {
    return a.is_tensor("self") ? searchsorted(a, a.tensor("self")) : searchsorted(a, a.scalar("self"));
  });
}

}  // namespace conformance
