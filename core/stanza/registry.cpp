// The registry: a linked list that static objects join.
#include <xgrad/core/stanza/registry.h>

namespace xgrad::ops {

namespace {
constinit const OpRegistration* first = nullptr;
}

OpRegistration::OpRegistration(const char* op, const char* node, int inputs, bool pointwise)
    : info_{op, node, inputs, pointwise}, next_(first) {
  first = this;
}

std::vector<OpInfo> registered_ops() {
  std::vector<OpInfo> ops;
  for (const OpRegistration* r = first; r; r = r->next_) ops.push_back(r->info_);
  return ops;
}

}  // namespace xgrad::ops
