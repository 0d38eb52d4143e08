// How options classes declare their members.
#pragma once

#include <utility>

/// A member `name` of an options class: `o.name(value)` sets it and returns `o`, `o.name()` reads it.
/// An initialiser may follow: `XGRAD_ARG(double, momentum) = 0;`
#define XGRAD_ARG(T, name)                                 \
 public:                                                   \
  auto name(const T& value)->decltype(*this) {             \
    this->name##_ = value;                                 \
    return *this;                                          \
  }                                                        \
  auto name(T&& value)->decltype(*this) {                  \
    this->name##_ = ::std::move(value);                    \
    return *this;                                          \
  }                                                        \
  const T& name() const noexcept { return this->name##_; } \
  T& name() noexcept { return this->name##_; }             \
                                                           \
 private:                                                  \
  T name##_
