// A map that keeps the order of insertion.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/core/types/error.h>

namespace xgrad {

/// Key-value pairs in the order in which they were inserted, found by key in constant time. A reference to a
/// value holds until the next insertion or removal.
template <class Key, class Value>
class OrderedDict {
 public:
  /// A key, which cannot be changed, and its value, which can.
  class Item {
   public:
    Item(Key key, Value value) : pair_(std::move(key), std::move(value)) {}
    Value& operator*() { return pair_.second; }
    const Value& operator*() const { return pair_.second; }
    Value* operator->() { return &pair_.second; }
    const Value* operator->() const { return &pair_.second; }
    const Key& key() const noexcept { return pair_.first; }
    Value& value() noexcept { return pair_.second; }
    const Value& value() const noexcept { return pair_.second; }
    const std::pair<Key, Value>& pair() const noexcept { return pair_; }

   private:
    std::pair<Key, Value> pair_;
  };

  using Iterator = typename std::vector<Item>::iterator;
  using ConstIterator = typename std::vector<Item>::const_iterator;

  /// `key_description` is what errors call a key: `Parameter 'w' already defined`.
  explicit OrderedDict(std::string key_description = "Key") : key_description_(std::move(key_description)) {}
  OrderedDict(std::initializer_list<Item> items) : OrderedDict() {
    for (const Item& item : items) insert(item.key(), item.value());
  }

  const std::string& key_description() const noexcept { return key_description_; }
  std::size_t size() const noexcept { return items_.size(); }
  bool is_empty() const noexcept { return items_.empty(); }

  Item& front() { return at(*this, 0); }
  const Item& front() const { return at(*this, 0); }
  Item& back() { return at(*this, std::max<std::size_t>(items_.size(), 1) - 1); }
  const Item& back() const { return at(*this, std::max<std::size_t>(items_.size(), 1) - 1); }
  Iterator begin() { return items_.begin(); }
  ConstIterator begin() const { return items_.begin(); }
  Iterator end() { return items_.end(); }
  ConstIterator end() const { return items_.end(); }

  /// The item at a position.
  Item& operator[](std::size_t index) { return at(*this, index); }
  const Item& operator[](std::size_t index) const { return at(*this, index); }
  /// The value of a key. Throws Error when there is none; `find` gives a null pointer then.
  Value& operator[](const Key& key) { return get(*this, key); }
  const Value& operator[](const Key& key) const { return get(*this, key); }
  Value* find(const Key& key) noexcept { return find(*this, key); }
  const Value* find(const Key& key) const noexcept { return find(*this, key); }
  bool contains(const Key& key) const noexcept { return index_.count(key) != 0; }

  /// Adds a pair at the end and returns its value. Throws Error when the key is there already.
  Value& insert(Key key, Value value) {
    XGRAD_CHECK(!contains(key), "OrderedDict: ", key_description_, " '", key, "' already defined");
    index_.emplace(key, items_.size());
    items_.emplace_back(std::move(key), std::move(value));
    return items_.back().value();
  }
  /// Inserts all items of the other; with no effect when one of its keys is there already.
  void update(const OrderedDict& other) {
    for (const Item& item : other)
      XGRAD_CHECK(!contains(item.key()), "OrderedDict: ", key_description_, " '", item.key(),
                  "' already defined");
    for (const Item& item : other) insert(item.key(), item.value());
  }
  void erase(const Key& key) {
    const auto found = index_.find(key);
    XGRAD_CHECK(found != index_.end(), "OrderedDict: ", key_description_, " '", key, "' is not defined");
    const std::size_t index = found->second;
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(index));
    index_.erase(found);
    for (auto& entry : index_)
      if (entry.second > index) --entry.second;
  }
  void clear() {
    index_.clear();
    items_.clear();
  }
  void reserve(std::size_t capacity) {
    index_.reserve(capacity);
    items_.reserve(capacity);
  }

  const std::vector<Item>& items() const noexcept { return items_; }
  std::vector<Key> keys() const {
    std::vector<Key> result;
    for (const Item& item : items_) result.push_back(item.key());
    return result;
  }
  std::vector<Value> values() const {
    std::vector<Value> result;
    for (const Item& item : items_) result.push_back(item.value());
    return result;
  }
  std::vector<std::pair<Key, Value>> pairs() const {
    std::vector<std::pair<Key, Value>> result;
    for (const Item& item : items_) result.push_back(item.pair());
    return result;
  }

 private:
  template <class Self>
  static auto& at(Self& self, std::size_t index) {
    XGRAD_CHECK_AS(IndexError, index < self.items_.size(), "OrderedDict: index ", index,
                   " is out of range: it has ", self.items_.size(), " items");
    return self.items_[index];
  }
  template <class Self>
  static auto find(Self& self, const Key& key) noexcept -> decltype(&self.items_[0].value()) {
    const auto found = self.index_.find(key);
    return found == self.index_.end() ? nullptr : &self.items_[found->second].value();
  }
  template <class Self>
  static auto& get(Self& self, const Key& key) {
    auto* value = find(self, key);
    XGRAD_CHECK(value, "OrderedDict: ", self.key_description_, " '", key, "' is not defined");
    return *value;
  }

  std::unordered_map<Key, std::size_t> index_;
  std::vector<Item> items_;
  std::string key_description_;
};

}  // namespace xgrad
