// What the derivatives of all norms come to, as text. Private to the library.
#pragma once

#include <xgrad/core/stanza/symbol.h>

namespace xgrad {

/// Of y = weight n + bias with n = (x - mean(x)) / std(x), or n = x / rms(x) where nothing is centred; an
/// absent weight is the symbol without text.
inline Symbol norm_text(int input, const Symbol& g, const Symbol& x, const Symbol& weight, bool centred) {
  const auto mean = [](const Symbol& s) { return Symbol::call("mean", {s}); };
  if (input == 2) return Symbol::call("sum", {g});
  const Symbol n = Symbol::call("normalized", {x});
  if (input == 1) return Symbol::call("sum", {g * n});
  const Symbol gw = weight.text().empty() ? g : g * weight;
  return ((centred ? gw - mean(gw) : gw) - n * mean(gw * n)) / Symbol::call(centred ? "std" : "rms", {x});
}

}  // namespace xgrad
