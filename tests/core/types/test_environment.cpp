// Environment variables that say nothing sensible: set before anything of the library runs.
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "messages.h"

#include <xgrad/xgrad.h>

namespace {

[[maybe_unused]] const bool nonsense = [] {
  for (const char* name :
       {"XGRAD_ISA", "XGRAD_NUM_THREADS", "XGRAD_GEMM", "XGRAD_ALLOCATOR", "XGRAD_CACHE_LIMIT_MB"})
    setenv(name, "foo", 1);
  return true;
}();

}  // namespace

TEST_CASE("nonsense in the environment is warned of once, and ignored") {
  std::vector<std::string> heard;
  const auto before = xgrad::set_warning_handler([&](const std::string& text) { heard.push_back(text); });
  for (int i = 0; i < 3; ++i) {
    const auto a = xgrad::ones({256, 256});  // so large that a library might do the product
    CHECK(a.mm(a).equal(xgrad::full({256, 256}, 256.f)));
    CHECK((a + 1).sum().item<float>() == 2 * 256 * 256);
    CHECK(xgrad::get_num_threads() >= 1);
  }
  xgrad::set_warning_handler(before);
  REQUIRE_EQ(heard.size(), 5);
  for (const char* name : {"XGRAD_ISA: ", "XGRAD_NUM_THREADS: ", "XGRAD_GEMM: ", "XGRAD_ALLOCATOR: ",
                           "XGRAD_CACHE_LIMIT_MB: "}) {
    int times = 0;
    for (const std::string& text : heard)
      times += text.find(name) == 0 && contains(text, "got \"foo\", which is ignored");
    CHECK_EQ(times, 1);
  }
}
