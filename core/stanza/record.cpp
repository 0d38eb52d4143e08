// Recording and tangents, for every op alike.
#include <xgrad/core/stanza/record.h>

#include <xgrad/core/stanza/strided.h>
#include <xgrad/core/tape/anomaly.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad::ops {

namespace {

// Takes from the call itself what a derivative that is read over tensors needs.
class CallValues final : public Values {
 public:
  CallValues(const Op& op, const Argument* args, const Tensor* outputs)
      : op_(op), args_(args), outputs_(outputs) {}
  Tensor at(int slot) const override {
    return slot < op_.inputs ? as_tensor(args_[slot]) : outputs_[slot - op_.inputs];
  }

 private:
  const Op& op_;
  const Argument* args_;
  const Tensor* outputs_;
};

// Tangents of the results from those that arrive at the inputs.
class Tangents {
 public:
  Tangents(const Op& op, const void* formula, const Argument* args, int count, const Tensor* outputs,
           int results)
      : op_(op),
        formula_(formula),
        args_(args),
        outputs_(outputs),
        results_(results),
        arriving_(static_cast<std::size_t>(count)) {
    for (int i = 0; i < count; ++i) {
      const Tensor* t = args[i].tensor;
      if (!t || !t->defined() || !t->is_floating_point()) continue;
      arriving_[at(i)] = tangent_of(*t);
      any_ = any_ || arriving_[at(i)].defined();
    }
  }
  bool any() const { return any_; }

  // Views have views of the tangent of what they look at.
  bool follow_as_views() const {
    bool all = true;
    for (int r = 0; r < results_; ++r)
      all = outputs_[r].is_view() && views_tangent(outputs_[r], *args_[0].tensor) && all;
    return all;
  }

  void settle(bool in_place) const {
    const WithoutTangents pause;
    std::vector<Tensor> totals(at(results_));
    if (op_.linear)
      totals = op_.apply(formula_, whole_tangents());
    else
      for (int r = 0; r < results_; ++r)
        for (int i = 0; i < count(); ++i)
          if (arriving_[at(i)].defined() && op_.differentiates(i))
            totals[at(r)] = add_tangents(totals[at(r)], pushed(i, r));
    for (int r = 0; r < results_; ++r)
      settle_tangent(outputs_[r], std::move(totals[at(r)]), arriving_.data(), count(), in_place);
  }

 private:
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  int count() const { return static_cast<int>(arriving_.size()); }

  std::vector<Tensor> whole_tangents() const {
    std::vector<Tensor> whole(arriving_);
    for (int i = 0; i < count(); ++i)
      if (!whole[at(i)].defined()) whole[at(i)] = zeros_like(*args_[i].tensor);
    return whole;
  }

  // The share of input i in the tangent of result r.
  Tensor pushed(int i, int r) const {
    const Tensor& tangent = arriving_[at(i)];
    if (op_.pointwise) return derivative(i, false, 0, fit_tangent(tangent, outputs_[0]));
    if (!op_.joint && op_.derivatives[i].states_tangent) return derivative(i, true, 0, tangent);
    return apply_transposed([&](const Tensor& g) { return derivative(i, false, r, g); }, outputs_[r],
                            tangent);
  }

  Tensor derivative(int i, bool transposed, int r, const Tensor& gradient) const {
    const CallValues values(op_, args_, outputs_);
    std::vector<Tensor> gradients(at(results_));
    gradients[at(r)] = gradient;
    if (op_.joint) {
      std::vector<Tensor> all(at(count()));
      op_.all(formula_, WantedInputs(at(i)), gradients, values, all.data());
      return all[at(i)];
    }
    if (op_.derivatives[i].kind == DerivativeKind::passed) return gradient;
    if (op_.derivatives[i].kind == DerivativeKind::vanishes) return Tensor();
    return op_.derivative(formula_, i, transposed, gradients, values);
  }

  const Op& op_;
  const void* formula_;
  const Argument* args_;
  const Tensor* outputs_;
  int results_;
  std::vector<Tensor> arriving_;
  bool any_ = false;
};

[[gnu::noinline]] void push_tangents(const Op& op, const void* formula, const Argument* args, int count,
                                     const Tensor* outputs, int results, const OpNode* node, bool in_place) {
  const Tangents tangents(op, formula, args, count, outputs, results);
  if (!tangents.any() || (!in_place && tangents.follow_as_views())) return;
  tangents.settle(in_place);
  if (node) node->save_tangents(outputs);
}

int with_gradient(const Op& op, const Tensor* outputs, int count) {
  const int results = op.results == kMany ? count : op.results;
  return results > 0 && is_floating_type(outputs->impl().dtype()) ? results : 0;
}

// Whether `t` changes with `self` (unless the op will refuse it).
bool changes_with(const Tensor& self, const Tensor& t) {
  return t.is_same(self) || (share_memory(t, self) && !overlap_in_part(t, self));
}

void check_places(const char* op, const Tensor& self) {
  XGRAD_CHECK(self.impl().has(TensorImpl::kContiguous) || !repeats_elements(self), op,
              "_: several elements of self share one place in memory: self is ", self.sizes(),
              " with strides ", self.strides(), " (an expanded tensor); clone() it first");
}

// The node, or null where nothing is recorded.
OpNode* record_node(const Op& op, const void* formula, const Argument* args, int count, const Tensor* outputs,
                    int outputs_count) {
  const bool enabled = autograd::grad_enabled();
  if (!op.pointwise && !enabled) mark_unrecorded(outputs, outputs_count);
  const unsigned wanting = enabled ? op.wanting(args) : 0;
  bool recording = wanting != 0;
  for (int i = op.inputs; enabled && !recording && i < count; ++i) recording = args[i].requires_grad();
  if (!recording && !carries_tangents()) return nullptr;
  const int results = with_gradient(op, outputs, outputs_count);
  if (results == 0) return nullptr;
  OpNode* node = nullptr;
  if (recording) {
    // Before the node: it remembers of an output that it saves which one that is.
    for (int r = 0; r < results; ++r) outputs[r].impl().output_nr = static_cast<uint32_t>(r);
    node = OpNode::make(op, formula, args, count, wanting, outputs, results).detach();
    for (int r = 0; r < results; ++r) {
      if (r > 0) node->retain();
      outputs[r].impl().grad_fn = node;
    }
    if (__builtin_expect(autograd::this_thread_state.anomaly_mode, 0)) autograd::remember_call(*node);
  }
  // After the node: a derivative that reads the result must find its history.
  if (carries_tangents()) push_tangents(op, formula, args, count, outputs, results, node, false);
  return node;
}

}  // namespace

void record(const Op& op, const void* formula, const Argument* args, int count, const Tensor* outputs,
            int outputs_count) {
  OpNode* const node = record_node(op, formula, args, count, outputs, outputs_count);
  if (autograd::OpObserver* observer = autograd::this_thread_state.observer)
    observer->op_ran({op, formula, node, args, count, outputs, outputs_count, false});
}

void mark_unrecorded(const Tensor* outputs, int count) {
  for (int i = 0; i < count; ++i)
    if (outputs[i].impl().view_base) outputs[i].impl().set(TensorImpl::kNoGradView, true);
}

void check_change(const char* op, const Tensor& self, bool recorded) {
  const autograd::InplaceChange allowed(op, self, recorded);
  check_places(op, self);
}

OpChange::OpChange(const Op& op, const void* formula, const Tensor& self, Argument* args)
    : op_(op),
      formula_(formula),
      self_(self),
      args_(args),
      // Integers have no history.
      wanting_(autograd::grad_enabled() && self.is_floating_point() ? op.wanting(args) : 0),
      change_(op.name.op, self, wanting_ != 0) {
  check_places(op.name.op, self);
  const autograd::ThreadState& modes = autograd::this_thread_state;
  if (__builtin_expect(modes.observer != nullptr, 0)) modes.observer->op_starts(op);
  const unsigned needed = modes.forward_ad ? ~0u : wanting_ != 0 ? op.slots(wanting_) : 0;
  for (int i = 0; i < op.inputs && needed >> i; ++i) {
    const Tensor* t = args[i].tensor;
    if (!(needed >> i & 1) || !t || !t->defined() || !changes_with(self, *t)) continue;
    if (copies_.empty()) copies_.reserve(static_cast<std::size_t>(op.inputs));
    copies_.push_back(t->clone());
    args[i].tensor = &copies_.back();
  }
  if (wanting_ == 0) return;
  intrusive_ptr<OpNode> node = OpNode::make(op, formula, args, op.inputs, wanting_, &self, 1);
  if (__builtin_expect(autograd::this_thread_state.anomaly_mode, 0)) autograd::remember_call(*node);
  node_ = node.get();
  change_.record(std::move(node));
}

void OpChange::commit() {
  change_.commit();
  if (node_) node_->follow_change(self_);
  if (carries_tangents() && self_.is_floating_point())
    push_tangents(op_, formula_, args_, op_.inputs, &self_, 1, node_, true);
  if (autograd::OpObserver* observer = autograd::this_thread_state.observer)
    observer->op_ran({op_, formula_, node_, args_, op_.inputs, &self_, 1, true});
}

}  // namespace xgrad::ops
