// Warnings: what is no error but hardly meant, and where a program wants to hear of it. Errors are in
// error.h.
//
//   xgrad::set_warning_handler([](const std::string& text) { my_log(text); });   // elsewhere
//   xgrad::set_warning_handler([](const std::string&) {});                       // nowhere
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include <xgrad/core/types/error.h>
#include <xgrad/core/types/export.h>

namespace xgrad {

/// Takes the text of a warning, in the thread that warns. What it throws leaves the function that warned.
using WarningHandler = std::function<void(const std::string& text)>;

/// Sends the warnings of all threads to `handler`; an empty one stands for `Warning: <text>` on stderr, as in
/// the beginning. What is said once is said once to each handler. Returns the handler before.
XGRAD_API WarningHandler set_warning_handler(WarningHandler handler);

/// Hands `text` to the handler, each time.
XGRAD_API void warn(const std::string& text);

/// A place that warns whenever a program comes by, in a training loop perhaps, but is heard only once.
class XGRAD_API WarningPlace {
 public:
  constexpr WarningPlace() = default;
  /// Whether the handler of now has not heard of this place yet; from now on it has.
  bool is_new();

 private:
  std::atomic<uint32_t> heard_by_{0};
};

}  // namespace xgrad

/// Warns with the concatenated text, each time or once per place and process.
#define XGRAD_WARN(...) ::xgrad::warn(::xgrad::concat(__VA_ARGS__))
#define XGRAD_WARN_ONCE(...)                                   \
  do {                                                         \
    static ::xgrad::WarningPlace xgrad_warning_place;          \
    if (xgrad_warning_place.is_new()) XGRAD_WARN(__VA_ARGS__); \
  } while (false)
