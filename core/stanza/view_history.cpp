// Changes in place: what is refused, and how the history of a view and of its base follow each other.
#include <xgrad/core/tape/view_history.h>

#include <xgrad/core/tape/grad_mode.h>
#include <algorithm>
#include <thread>

#include <xgrad/core/stanza/strided.h>
#include <xgrad/core/tape/anomaly.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/this_thread.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad::autograd {

namespace {

// The history of a base after one of its views was changed by `inner`: outside the view the gradient passes,
// inside it goes through `inner`, whose input `changed` (or none: one past the last) is the view before the
// change.
class CopySlices final : public Node {
 public:
  CopySlices(const Tensor& base, const Tensor& view, intrusive_ptr<Node> inner, std::size_t changed)
      : base_(base), view_(view), inner_(std::move(inner)), changed_(changed) {
    edge_list edges = inner_->next_edges().vec();
    if (changed == edges.size()) edges.emplace_back();
    edges[changed] = gradient_edge(base);
    set_next_edges(std::move(edges));
    add_input_metadata();
  }

  std::string name() const override { return "CopySlices"; }
  void release_variables() override { inner_->release_variables(); }

  void run(Tensor* grads_in, Tensor* grads_out) override {
    if (!grads_in[0].defined()) return;
    auto [whole, part] = copy_of(grads_in[0]);
    Tensor gradient = part.clone();
    inner_->run(&gradient, grads_out);
    if (grads_out[changed_].defined())
      part.copy_(grads_out[changed_]);
    else
      part.zero_();
    grads_out[changed_] = std::move(whole);
  }

 private:
  struct Copy {
    Tensor whole, part;
  };

  // A copy of the gradient in which the view finds its part. A gradient is row-major; where the base is not,
  // the copy takes the base's strides, since those of the view have a meaning only among them.
  Copy copy_of(const Tensor& gradient) const {
    const int64_t begin = std::min(base_.offset, view_.offset),
                  end = std::max(ops::extent(base_), ops::extent(view_));
    if (base_.strides == contiguous_strides(base_.sizes) && end - begin <= gradient.numel()) {
      const Tensor whole = gradient.clone(MemoryFormat::Contiguous);
      return {whole, whole.as_strided(view_.sizes, view_.strides, view_.offset - begin)};
    }
    const Tensor memory = zeros({end - begin}, gradient.options());
    const Tensor whole = memory.as_strided(base_.sizes, base_.strides, base_.offset - begin);
    whole.copy_(gradient);
    return {whole, memory.as_strided(view_.sizes, view_.strides, view_.offset - begin)};
  }

  ops::Geometry base_, view_;
  intrusive_ptr<Node> inner_;
  std::size_t changed_;
};

// The history of a view of the base as it is now.
void view_again(TensorImpl& view) {
  const Tensor base{intrusive_ptr<TensorImpl>(view.view_base)}, self{intrusive_ptr<TensorImpl>(&view)};
  const ops::AsStrided f{{}, ops::Geometry(base), ops::Geometry(self)};
  const Argument args[] = {base};
  replace_history(view, ops::OpNode::make(ops::op_of<ops::AsStrided>, &f, args, 1, 1, &self, 1));
}

// A view whose history cannot be made again from its base: what it is, and what happened to it.
[[noreturn]] void refuse_view(const char* op, const TensorImpl& view, const char* event) {
  const bool returned = view.has(TensorImpl::kFunctionView) && view.grad_fn;
  fail(op,
       returned ? concat(": output ", static_cast<int64_t>(view.output_nr), " of ", view.grad_fn->name(),
                         " is a view")
                : ": a view was created in no_grad mode",
       event, returned ? "" : " with grad mode enabled", ": self is ", view.sizes(), ", a view of ",
       view.view_base->sizes(),
       returned ? "; no other history can take the place of its own: clone() it in forward"
                : "; make the view where gradients are recorded, or clone() it");
}

bool cannot_be_replayed(const TensorImpl& view) {
  return view.has(TensorImpl::kNoGradView) || view.has(TensorImpl::kFunctionView);
}

}  // namespace

// Several threads may read a view whose base was changed before they started: the first gives it its history,
// and the version says when that is there.
void refresh_view_history(TensorImpl& view) {
  constexpr uint32_t kBusy = ~uint32_t{0};
  if (!view.follows_base()) return;
  uint32_t known = __atomic_load_n(&view.view_version, __ATOMIC_ACQUIRE);
  do {
    if (known == view.version()) return;
    if (known == kBusy) {
      std::this_thread::yield();
      known = __atomic_load_n(&view.view_version, __ATOMIC_ACQUIRE);
      continue;
    }
    if (!__atomic_load_n(&view.grad_fn, __ATOMIC_ACQUIRE) && !view.view_base->requires_grad()) return;
    if (cannot_be_replayed(view))
      refuse_view("grad_fn", view, " and its base or another view of its base has been modified inplace");
  } while (known == kBusy || !__atomic_compare_exchange_n(&view.view_version, &known, kBusy, false,
                                                          __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE));
  try {
    view_again(view);
  } catch (...) {
    __atomic_store_n(&view.view_version, known, __ATOMIC_RELEASE);
    throw;
  }
  __atomic_store_n(&view.view_version, view.version(), __ATOMIC_RELEASE);
}

InplaceChange::InplaceChange(const char* op, const Tensor& t, bool recorded) : impl_(t.impl()) {
  XGRAD_CHECK(!impl_.has(TensorImpl::kInference) || this_thread_state.inference_mode, op,
              "_: Inplace update to inference tensor outside InferenceMode is not allowed: self is ",
              impl_.sizes(), "; clone() it first");
  if (!grad_enabled()) return;
  XGRAD_CHECK(!(impl_.has(TensorImpl::kRequiresGrad) && !impl_.grad_fn), op,
              "_: a leaf Variable that requires grad is being used in an in-place operation: self is ",
              impl_.sizes(), "; use the out-of-place form, or change it under NoGradGuard");
  if (!impl_.follows_base()) return;
  const TensorImpl& base = *impl_.view_base;
  if (cannot_be_replayed(impl_) && (recorded || impl_.requires_grad() || base.requires_grad()))
    refuse_view(concat(op, "_").c_str(), impl_, " and is being modified inplace");
  XGRAD_CHECK(
      !(base.has(TensorImpl::kRequiresGrad) && !base.grad_fn), op,
      "_: a view of a leaf Variable that requires grad is being used in an in-place operation: self is ",
      impl_.sizes(), ", a view of ", base.sizes(), "; change it under NoGradGuard");
}

void InplaceChange::record(intrusive_ptr<Node> node, std::size_t changed) {
  heir_ = &impl_;
  node_ = std::move(node);
  if (impl_.follows_base()) {
    heir_ = impl_.view_base;
    const Tensor base{intrusive_ptr<TensorImpl>(heir_)}, view{intrusive_ptr<TensorImpl>(&impl_)};
    auto slices = make_node<CopySlices>(base, view, node_, changed);
    share_call(*slices, *node_);
    node_ = std::move(slices);
  }
  expect_history(*heir_, *node_);
}

void InplaceChange::record_view(intrusive_ptr<Node> node) {
  heir_ = &impl_;
  node_ = std::move(node);
  expect_history(impl_, *node_);
}

void InplaceChange::commit() noexcept {
  impl_.bump_version();
  if (!node_) return;
  replace_history(*heir_, std::move(node_));
  if (heir_ != &impl_)
    forget_retained(impl_.grad_fn, impl_);  // its next one is made of its base's when somebody asks for it
  else if (impl_.view_base)
    impl_.view_version = impl_.version();
}

}  // namespace xgrad::autograd
