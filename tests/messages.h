// What calls throw, for tests of errors.
#pragma once

#include <string>

#include <xgrad/core/types/error.h>

/// The text of the E that the call throws, or an empty one.
template <class E = xgrad::Error, class F>
std::string message_of(F&& call) {
  try {
    call();
  } catch (const E& error) {
    return error.what();
  }
  return "";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
