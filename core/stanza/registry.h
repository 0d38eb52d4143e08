// The list of all ops that have a stanza: what tests and docs walk over.
#pragma once

#include <vector>

#include <xgrad/core/types/export.h>

namespace xgrad::ops {

struct Op;

/// An op as its stanza names it.
struct OpInfo {
  const char* op;    ///< What users call: `sigmoid`.
  const char* node;  ///< What prints as its grad_fn: `SigmoidBackward`.
  int inputs;        ///< Without those of a list.
  bool takes_list;
  bool pointwise;
  bool differentiable;  ///< Whether there is a derivative for some input.
};

/// Every op of the library that has a stanza, in no particular order.
XGRAD_API std::vector<OpInfo> registered_ops();

/// Enters an op when the program starts. It is a link of the list itself, so that nothing is allocated.
class XGRAD_API OpRegistration {
 public:
  explicit OpRegistration(const Op& op);

 private:
  friend std::vector<OpInfo> registered_ops();
  const Op& op_;
  const OpRegistration* next_;
};

}  // namespace xgrad::ops
