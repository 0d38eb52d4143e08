// SavedVariable: the public face of SavedValue.
#include <xgrad/core/tape/saved_variable.h>

#include <xgrad/core/tape/saved.h>

namespace xgrad::autograd {

SavedVariable::SavedVariable() = default;
SavedVariable::SavedVariable(SavedVariable&&) noexcept = default;
SavedVariable& SavedVariable::operator=(SavedVariable&&) noexcept = default;
SavedVariable::~SavedVariable() = default;

SavedVariable::SavedVariable(const Tensor& variable, bool is_output) : is_output_(is_output) {
  if (!variable.defined()) return;
  value_ = std::make_unique<SavedValue>();
  is_output ? value_->save_output(variable) : value_->save_input(variable);
}

Tensor SavedVariable::unpack(const Node& saved_for) const {
  if (!value_) return Tensor();
  Tensor scratch;
  return *value_->unpack(saved_for, scratch).tensor;
}

Tensor SavedVariable::unpack() const {
  struct Unnamed : Node {
    std::string name() const override { return "SavedVariable"; }
  } unnamed;
  XGRAD_CHECK(!is_output_,
              "SavedVariable: an output gets its history back from the node that keeps it; call "
              "unpack(node)");
  return unpack(unnamed);
}

void SavedVariable::reset_data() {
  if (value_) value_->release();
}

}  // namespace xgrad::autograd
