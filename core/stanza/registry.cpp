// The registry: a linked list that static objects join.
#include <xgrad/core/stanza/registry.h>

#include <xgrad/core/stanza/op.h>

namespace xgrad::ops {

namespace {
constinit const OpRegistration* first = nullptr;

bool has_derivative(const Op& op) {
  if (op.joint) return true;
  for (int i = 0; i < op.inputs; ++i)
    if (op.differentiates(i)) return true;
  return false;
}
}  // namespace

OpRegistration::OpRegistration(const Op& op) : op_(op), next_(first) { first = this; }

std::vector<OpInfo> registered_ops() {
  std::vector<OpInfo> ops;
  for (const OpRegistration* r = first; r; r = r->next_) {
    const Op& o = r->op_;
    ops.push_back({o.name.op, o.name.node, o.inputs, o.list, o.pointwise, has_derivative(o)});
  }
  return ops;
}

}  // namespace xgrad::ops
