// What the tests of autograd have in common.
#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <xgrad/xgrad.h>

namespace checks {

using namespace xgrad;

inline Tensor vec(std::vector<double> v) { return tensor(v, kDouble); }
inline Tensor leaf(std::vector<double> v) { return vec(std::move(v)).requires_grad_(); }

inline void check(const Tensor& t, const std::vector<double>& want) {
  REQUIRE(t.defined());
  const Tensor flat = t.detach().to(kDouble).contiguous();
  REQUIRE_EQ(flat.numel(), static_cast<int64_t>(want.size()));
  for (std::size_t i = 0; i < want.size(); ++i)
    CHECK_EQ(flat.data_ptr<double>()[i], doctest::Approx(want[i]).epsilon(1e-12));
}

template <class F>
inline std::string error_of(F&& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

inline void check_error(const std::string& text, const std::string& part) {
  CHECK_MESSAGE(text.find(part) != std::string::npos, "expected \"", part, "\" in \"", text, "\"");
}

}  // namespace checks
