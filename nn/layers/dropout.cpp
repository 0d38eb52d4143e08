// Dropout: its calls of the functionals.
#include <xgrad/nn/layers/dropout.h>

#include <xgrad/nn/functional.h>

namespace xgrad::nn {

#define XGRAD_DROPOUT_LAYER(Name, function)                                    \
  Name##Impl::Name##Impl(const DropoutOptions& options_) : options(options_) { \
    XGRAD_CHECK_AS(ValueError, options.p() >= 0 && options.p() <= 1,           \
                   #Name ": p must be between 0 and 1: got ", options.p());    \
  }                                                                            \
  Tensor Name##Impl::forward(Tensor input) {                                   \
    functional::Name##FuncOptions call;                                        \
    call.p(options.p()).training(is_training()).inplace(options.inplace());    \
    return functional::function(std::move(input), call);                       \
  }                                                                            \
  std::string Name##Impl::extra_repr() const { return fields_repr(options); }  \
  XGRAD_DEFINE_LAYER(Name)
XGRAD_DROPOUT_LAYER(Dropout, dropout);
XGRAD_DROPOUT_LAYER(Dropout1d, dropout1d);
XGRAD_DROPOUT_LAYER(Dropout2d, dropout2d);
XGRAD_DROPOUT_LAYER(Dropout3d, dropout3d);
XGRAD_DROPOUT_LAYER(AlphaDropout, alpha_dropout);
XGRAD_DROPOUT_LAYER(FeatureAlphaDropout, feature_alpha_dropout);
#undef XGRAD_DROPOUT_LAYER

}  // namespace xgrad::nn
