// Rows: convolutions and margins.
#include "../registry.h"

namespace conformance {

namespace {

// A function of the library for each way in which padding is given.
template <class Call>
Results convolved(const Args& a, const Call& call) {
  if (a.is_text("padding")) return call(a.text("padding"));
  return call(a.integers("padding", {0}));
}

}  // namespace

void register_convolutions(Registry& registry) {
  Table& t = registry.ops;
#define CONVOLUTION(name)                                                                    \
  t.row("nn.functional." #name, [](const Args& a) -> Results {                               \
    return convolved(a, [&](const auto& padding) {                                           \
      return lib::name(a.tensor("input"), a.tensor("weight"), a.tensor_or_undefined("bias"), \
                       a.integers("stride", {1}), padding, a.integers("dilation", {1}),      \
                       a.integer("groups", 1));                                              \
    });                                                                                      \
  })
  CONVOLUTION(conv1d);
  CONVOLUTION(conv2d);
  CONVOLUTION(conv3d);
#undef CONVOLUTION
#define TRANSPOSED(name)                                                                   \
  t.row("nn.functional." #name, [](const Args& a) {                                        \
    return lib::name(a.tensor("input"), a.tensor("weight"), a.tensor_or_undefined("bias"), \
                     a.integers("stride", {1}), a.integers("padding", {0}),                \
                     a.integers("output_padding", {0}), a.integer("groups", 1),            \
                     a.integers("dilation", {1}));                                         \
  })
  TRANSPOSED(conv_transpose1d);
  TRANSPOSED(conv_transpose2d);
  TRANSPOSED(conv_transpose3d);
#undef TRANSPOSED
  t.row("nn.functional.pad", [](const Args& a) {
    return lib::pad(a.tensor("self"), a.integers("pad"), a.text("mode", "constant"),
                    a.optional_real("value"));
  });
}

}  // namespace conformance
