// Rows: the initial weights of convolutions, and dropout.
#include "random_modules.h"

namespace conformance {

namespace {

namespace nn = lib::nn;
namespace F = lib::nn::functional;

}  // namespace

void register_random_images(Registry& registry) {
  Table& t = registry.random;
  t.row("dropout", [](const Args& a) {
    return F::dropout(a.tensor("input"), F::DropoutFuncOptions().p(a.real("p", 0.5)).training(true));
  });
  t.row("dropout2d", [](const Args& a) {
    return F::dropout2d(a.tensor("input"), F::Dropout2dFuncOptions().p(a.real("p", 0.5)).training(true));
  });
  t.row("alpha_dropout", [](const Args& a) {
    return F::alpha_dropout(a.tensor("input"),
                            F::AlphaDropoutFuncOptions().p(a.real("p", 0.5)).training(true));
  });
#define CONVOLUTION(name)                                                                                    \
  t.row("nn." #name, [](const Args& a) {                                                                     \
    return fresh_parameters(a, [&] {                                                                         \
      return nn::name(                                                                                       \
          nn::name##Options(a.integer("in_channels"), a.integer("out_channels"), a.integer("kernel_size"))); \
    });                                                                                                      \
  })
  CONVOLUTION(Conv1d);
  CONVOLUTION(Conv2d);
  CONVOLUTION(ConvTranspose2d);
#undef CONVOLUTION
}

}  // namespace conformance
