// How tensors are printed: the options of Python's torch.set_printoptions. The text itself is made in
// format.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <xgrad/core/types/export.h>

namespace xgrad {

/// Options for printing tensors, named and meant as in Python. What is not set keeps its present value,
/// except `sci_mode`, which falls back to automatic: `set_printoptions(PrintOptions().precision(8))`.
class XGRAD_API PrintOptions {
 public:
  /// Digits after the decimal point (4).
  PrintOptions& precision(int digits);
  /// Tensors with more elements than this are summarised with "..." (1000).
  PrintOptions& threshold(std::int64_t elements);
  /// Items shown at each end of a summarised dimension (3).
  PrintOptions& edgeitems(std::int64_t items);
  /// Characters in a line (80).
  PrintOptions& linewidth(std::int64_t characters);
  /// Scientific notation always, never, or (nullopt) where the values ask for it.
  PrintOptions& sci_mode(std::optional<bool> on);
  /// Sets the first four at once: "default", "short" (2 digits, 2 items) or "full" (never summarised).
  PrintOptions& profile(const std::string& name);

  int precision() const { return precision_.value_or(4); }
  std::int64_t threshold() const { return threshold_.value_or(1000); }
  std::int64_t edgeitems() const { return edgeitems_.value_or(3); }
  std::int64_t linewidth() const { return linewidth_.value_or(80); }
  std::optional<bool> sci_mode() const { return sci_mode_; }

  /// These options, with what `later` sets on top.
  PrintOptions merged(const PrintOptions& later) const;

 private:
  std::optional<int> precision_;
  std::optional<std::int64_t> threshold_, edgeitems_, linewidth_;
  std::optional<bool> sci_mode_;
};

/// Changes how tensors are printed, in all threads.
XGRAD_API void set_printoptions(const PrintOptions& options);

/// The options in force.
XGRAD_API PrintOptions get_printoptions();

/// Changes the options until the end of the scope.
class XGRAD_API PrintOptionsGuard {
 public:
  explicit PrintOptionsGuard(const PrintOptions& options) { set_printoptions(options); }
  ~PrintOptionsGuard();
  PrintOptionsGuard(const PrintOptionsGuard&) = delete;
  PrintOptionsGuard& operator=(const PrintOptionsGuard&) = delete;

 private:
  PrintOptions before_ = get_printoptions();
};

}  // namespace xgrad
