// Changes in place: what is refused, and how the history of a view and of its base follow each other.
#include <xgrad/core/autograd/view_meta.h>

#include <algorithm>

#include <xgrad/core/autograd/state.h>
#include <xgrad/core/ops/strided.h>
#include <xgrad/core/ops/view_op.h>

namespace xgrad::autograd {

namespace {

// The history of a base after one of its views was changed by `inner`: outside the view the gradient passes, inside it
// goes through `inner`, whose first input is the view before the change.
class CopySlices final : public Node {
 public:
  CopySlices(const Tensor& base, const Tensor& view, intrusive_ptr<Node> inner)
      : base_(base), view_(view), inner_(std::move(inner)) {
    edge_list edges{gradient_edge(base)};
    for (std::size_t i = 1; i < inner_->num_outputs(); ++i) edges.push_back(inner_->next_edge(i));
    set_next_edges(std::move(edges));
    add_input_metadata();
  }

  std::string name() const override { return "CopySlices"; }
  void release_variables() override { inner_->release_variables(); }

  void run(Tensor* grads_in, Tensor* grads_out) override {
    if (!grads_in[0].defined()) return;
    Tensor whole = grads_in[0].clone(MemoryFormat::Contiguous);
    const DimVector dense = contiguous_strides(base_.sizes);
    std::vector<Tensor> inner(inner_->num_outputs());
    Tensor part = part_of(whole, dense);
    Tensor gradient = part.clone();
    inner_->run(&gradient, inner.data());
    if (inner[0].defined())
      part.copy_(inner[0]);
    else
      part.zero_();
    grads_out[0] = std::move(whole);
    for (std::size_t i = 1; i < inner.size(); ++i) grads_out[i] = std::move(inner[i]);
  }

 private:
  // A gradient is row-major whatever layout the base has: translate each step of the view into steps of the copy.
  Tensor part_of(const Tensor& whole, const DimVector& dense) const {
    if (IntArrayRef(base_.strides) == IntArrayRef(dense))
      return whole.as_strided(view_.sizes, view_.strides, view_.offset - base_.offset);
    DimVector strides(view_.strides.size());
    for (std::size_t d = 0; d < strides.size(); ++d) strides[d] = translate(view_.strides[d], dense);
    return whole.as_strided(view_.sizes, strides, translate(view_.offset - base_.offset, dense));
  }

  // A distance in the base's storage as a distance in the row-major copy.
  int64_t translate(int64_t distance, const DimVector& dense) const {
    DimVector order;
    for (std::size_t d = 0; d < base_.strides.size(); ++d) order.push_back(static_cast<int64_t>(d));
    std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
      return base_.strides[static_cast<std::size_t>(a)] > base_.strides[static_cast<std::size_t>(b)];
    });
    int64_t result = 0;
    for (int64_t d : order) {
      const auto i = static_cast<std::size_t>(d);
      if (base_.strides[i] == 0 || base_.sizes[i] == 1) continue;
      result += distance / base_.strides[i] * dense[i];
      distance %= base_.strides[i];
    }
    return result;
  }

  ops::Geometry base_, view_;
  intrusive_ptr<Node> inner_;
};

bool tracks_base(const TensorImpl& t) {
  return t.view_base && !t.has(TensorImpl::kNoGradView) && !t.has(TensorImpl::kOwnVersion);
}

void set_grad_fn(TensorImpl& t, intrusive_ptr<Node> node) {
  Node* old = t.grad_fn;
  t.grad_fn = node.detach();
  t.output_nr = 0;
  if (old) old->release();
}

}  // namespace

void refresh_view_history(TensorImpl& view) {
  if (!tracks_base(view) || view.own_version == view.version()) return;
  view.own_version = view.version();
  if (!view.view_base->requires_grad()) return;
  const Tensor base{intrusive_ptr<TensorImpl>(view.view_base)}, self{intrusive_ptr<TensorImpl>(&view)};
  const ops::AsStrided f{{}, ops::Geometry(base), ops::Geometry(self)};
  const Argument args[] = {base};
  set_grad_fn(view, make_node<ops::OpNode<ops::AsStrided>>(f, args, self, &self));
}

void rebase_history(const Tensor& t, intrusive_ptr<Node> node) {
  TensorImpl& impl = t.impl();
  if (!tracks_base(impl)) return set_grad_fn(impl, std::move(node));
  const Tensor base{intrusive_ptr<TensorImpl>(impl.view_base)};
  set_grad_fn(base.impl(), make_node<CopySlices>(base, t, std::move(node)));
  impl.own_version = impl.version() - 1;
  refresh_view_history(impl);
}

void check_inplace(const char* op, const Tensor& t) {
  const TensorImpl& impl = t.impl();
  if (!grad_enabled()) return;
  XGRAD_CHECK(!(impl.has(TensorImpl::kRequiresGrad) && !impl.grad_fn), op,
              "_: a leaf Variable that requires grad is being used in an in-place operation; use the out-of-place form, "
              "or change it under NoGradGuard");
  if (!impl.view_base) return;
  const TensorImpl& base = *impl.view_base;
  XGRAD_CHECK(!(base.has(TensorImpl::kRequiresGrad) && !base.grad_fn && !impl.has(TensorImpl::kNoGradView)), op,
              "_: a view of a leaf Variable that requires grad is being used in an in-place operation; change it under "
              "NoGradGuard");
  XGRAD_CHECK(!(impl.has(TensorImpl::kNoGradView) && base.requires_grad()), op,
              "_: a view was created in no_grad mode and is being modified inplace with grad mode enabled; make the view "
              "where gradients are recorded");
}

}  // namespace xgrad::autograd
