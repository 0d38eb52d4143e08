// The nodes that wait to run, with the gradients that have arrived for them, and the leaves. Private to the
// engine: what happens with them is its own business.
#pragma once

#include <map>
#include <memory>
#include <new>
#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/core/stanza/accumulate.h>
#include <xgrad/core/tape/meta.h>

namespace xgrad::autograd {

/// Up to N elements in place: a walk over a few nodes allocates nothing.
template <class T, int N>
class InlineList {
 public:
  InlineList() {}
  ~InlineList() {
    while (size_ > 0) data()[--size_].~T();
  }
  InlineList(const InlineList&) = delete;
  InlineList& operator=(const InlineList&) = delete;

  int size() const { return size_; }
  bool full() const { return size_ == N; }
  T& operator[](int i) { return data()[i]; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  T& insert(int at) {
    T* last = new (data() + size_) T;
    ++size_;
    for (; last != data() + at; --last) *last = std::move(last[-1]);
    return *last = T();
  }
  T pop() {
    T last = std::move(data()[--size_]);
    data()[size_].~T();
    return last;
  }

 private:
  T* data() { return reinterpret_cast<T*>(space_); }

  alignas(T) unsigned char space_[N * sizeof(T)];
  int size_ = 0;
};

/// A priority queue of nodes, largest number first; a second gradient for the same input is added to the
/// first. A few nodes wait at a time in nearly every graph: they are in a small sorted array, all others in a
/// map behind it.
class Pending {
 public:
  struct Entry {
    uint64_t number = 0;
    Node* node = nullptr;
    Tensor one;
    std::unique_ptr<Tensor[]> many;  // for a node with several outputs

    Tensor* grads() { return many ? many.get() : &one; }
    bool before(uint64_t other_number, const Node* other) const {
      return number != other_number ? number < other_number : node < other;
    }
  };

  bool empty() const { return few_.size() == 0 && (!rest_ || rest_->empty()); }

  void add(Node* node, uint32_t input_nr, Tensor gradient) {
    const uint64_t number = node->sequence_nr();
    int at = few_.size();
    while (at > 0 && !few_[at - 1].before(number, node)) {
      if (few_[at - 1].node == node)
        return ops::accumulate(few_[at - 1].grads()[input_nr], std::move(gradient));
      --at;
    }
    Entry* entry = nullptr;
    if (rest_)
      if (auto known = rest_->find({number, node}); known != rest_->end()) entry = &known->second;
    if (entry) return ops::accumulate(entry->grads()[input_nr], std::move(gradient));
    entry = few_.full() ? &rest()[{number, node}] : &few_.insert(at);
    entry->number = number;
    entry->node = node;
    if (node->num_inputs() > 1) entry->many.reset(new Tensor[node->num_inputs()]);
    entry->grads()[input_nr] = std::move(gradient);
  }

  Entry pop() {
    if (rest_ && !rest_->empty()) {
      auto last = std::prev(rest_->end());
      if (few_.size() == 0 || few_[few_.size() - 1].before(last->second.number, last->second.node)) {
        Entry e = std::move(last->second);
        rest_->erase(last);
        return e;
      }
    }
    return few_.pop();
  }

 private:
  using Rest = std::map<std::pair<uint64_t, const Node*>, Entry>;
  Rest& rest() {
    if (!rest_) rest_.reset(new Rest);
    return *rest_;
  }

  InlineList<Entry, 16> few_;  // ascending
  std::unique_ptr<Rest> rest_;
};

/// The leaves that were reached, in the order in which they were, each with the sum of its gradients.
class LeafGradients {
 public:
  void add(AccumulateGrad* leaf, Tensor gradient) {
    for (auto& [known, total] : few_)
      if (known == leaf) return ops::accumulate(total.gradient, std::move(gradient));
    if (!few_.full()) {
      few_.insert(few_.size()) = {leaf, GradUpdate{std::move(gradient), {}, nullptr}};
      return;
    }
    if (!rest_) rest_.reset(new Rest);
    const auto [at, fresh] = rest_->index.try_emplace(leaf, rest_->list.size());
    if (fresh)
      rest_->list.emplace_back(leaf, GradUpdate{std::move(gradient), {}, nullptr});
    else
      ops::accumulate(rest_->list[at->second].second.gradient, std::move(gradient));
  }

  /// f(leaf, update) for each; so far the update is the gradient.
  template <class F>
  void for_each(F&& f) {
    for (auto& [leaf, update] : few_) f(*leaf, update);
    if (rest_)
      for (auto& [leaf, update] : rest_->list) f(*leaf, update);
  }

 private:
  struct Rest {
    std::vector<std::pair<AccumulateGrad*, GradUpdate>> list;
    std::unordered_map<AccumulateGrad*, std::size_t> index;
  };

  InlineList<std::pair<AccumulateGrad*, GradUpdate>, 16> few_;
  std::unique_ptr<Rest> rest_;
};

}  // namespace xgrad::autograd
