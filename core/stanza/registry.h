// The list of all ops that record themselves: what tests and docs walk over.
#pragma once

#include <vector>

#include <xgrad/core/types/export.h>

namespace xgrad::ops {

/// An op as its stanza names it.
struct OpInfo {
  const char* op;    ///< What users call: `sigmoid`.
  const char* node;  ///< What prints as its grad_fn: `SigmoidBackward`.
  int inputs;        ///< 0: as many as are given.
  bool pointwise;
};

/// Every op of the library that has a derivative, in no particular order.
XGRAD_API std::vector<OpInfo> registered_ops();

/// Enters an op when the program starts. It is a link of the list itself, so that nothing is allocated.
class XGRAD_API OpRegistration {
 public:
  OpRegistration(const char* op, const char* node, int inputs, bool pointwise);

 private:
  friend std::vector<OpInfo> registered_ops();
  OpInfo info_;
  const OpRegistration* next_;
};

}  // namespace xgrad::ops
