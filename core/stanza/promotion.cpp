// Type promotion among tensors and numbers.
#include <xgrad/core/stanza/promotion.h>

namespace xgrad::ops {

namespace {

// A weaker category decides only where it is of a higher kind (bool < integer < floating).
ScalarType combine(ScalarType stronger, ScalarType weaker) {
  if (stronger == ScalarType::Undefined) return weaker;
  if (weaker == ScalarType::Undefined || is_floating_type(stronger)) return stronger;
  if (stronger == ScalarType::Bool || is_floating_type(weaker)) return promote_types(stronger, weaker);
  return stronger;
}

void join(ScalarType& into, ScalarType t) {
  into = into == ScalarType::Undefined ? t : promote_types(into, t);
}

}  // namespace

ScalarType common_dtype(const Argument* args, int n) {
  ScalarType with_dims = ScalarType::Undefined, without = ScalarType::Undefined,
             numbers = ScalarType::Undefined;
  for (int i = 0; i < n; ++i) {
    const Argument& a = args[i];
    if (a.tensor && !a.tensor->impl().has(TensorImpl::kWrapped)) {
      join(a.tensor->dim() > 0 ? with_dims : without, a.tensor->dtype());
      continue;
    }
    const ScalarType t = a.tensor ? a.tensor->dtype() : a.number.type();
    join(numbers, is_floating_type(t) ? get_default_dtype() : t);
  }
  return combine(combine(with_dims, without), numbers);
}

}  // namespace xgrad::ops
