// The nodes that wait to run, with the gradients that have arrived for them. Private to the engine.
#pragma once

#include <map>
#include <memory>
#include <utility>

#include <xgrad/core/autograd/meta.h>
#include <xgrad/core/ops/accumulate.h>

namespace xgrad::autograd {

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

  bool empty() const { return few_count_ == 0 && rest_.empty(); }

  void add(Node* node, uint32_t input_nr, Tensor gradient) {
    const uint64_t number = node->sequence_nr();
    int at = few_count_;
    while (at > 0 && !few_[at - 1].before(number, node)) {
      if (few_[at - 1].node == node)
        return ops::accumulate(few_[at - 1].grads()[input_nr], std::move(gradient));
      --at;
    }
    Entry* entry = nullptr;
    if (!rest_.empty())
      if (auto known = rest_.find({number, node}); known != rest_.end()) entry = &known->second;
    if (entry) return ops::accumulate(entry->grads()[input_nr], std::move(gradient));
    if (few_count_ < kFew) {
      for (int i = few_count_; i > at; --i) few_[i] = std::move(few_[i - 1]);
      ++few_count_;
      entry = &few_[at];
    } else {
      entry = &rest_[{number, node}];
    }
    entry->number = number;
    entry->node = node;
    if (node->num_inputs() > 1) entry->many.reset(new Tensor[node->num_inputs()]);
    entry->grads()[input_nr] = std::move(gradient);
  }

  Entry pop() {
    if (!rest_.empty()) {
      auto last = std::prev(rest_.end());
      if (few_count_ == 0 || few_[few_count_ - 1].before(last->second.number, last->second.node)) {
        Entry e = std::move(last->second);
        rest_.erase(last);
        return e;
      }
    }
    return std::move(few_[--few_count_]);
  }

 private:
  static constexpr int kFew = 16;
  Entry few_[kFew];  // ascending
  int few_count_ = 0;
  std::map<std::pair<uint64_t, const Node*>, Entry> rest_;
};

}  // namespace xgrad::autograd
