// Where warnings go, and how often.
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <xgrad/core/types/warning.h>

using namespace xgrad;

namespace {

using Texts = std::vector<std::string>;

// Warnings in its scope are collected instead of shown.
class Collected {
 public:
  Collected() : previous_(set_warning_handler([this](const std::string& text) { texts.push_back(text); })) {}
  ~Collected() { set_warning_handler(previous_); }
  Texts texts;

 private:
  WarningHandler previous_;
};

void in_a_loop(int times) {
  for (int i = 0; i < times; ++i) XGRAD_WARN_ONCE("step: ", i);
}

}  // namespace

TEST_CASE("without a handler a warning is a line on stderr") {
  std::ostringstream shown;
  std::streambuf* before = std::cerr.rdbuf(shown.rdbuf());
  XGRAD_WARN("op: ", 2, " things");
  std::cerr.rdbuf(before);
  CHECK_EQ(shown.str(), "Warning: op: 2 things\n");
}

TEST_CASE("a handler takes the text, of all threads, until there is another") {
  Collected outer;
  warn("a");
  {
    Collected inner;
    warn("b");
    std::thread([] { warn("c"); }).join();
    CHECK_EQ(inner.texts, Texts{"b", "c"});
  }
  warn("d");
  CHECK_EQ(outer.texts, Texts{"a", "d"});
}

TEST_CASE("what repeats in a loop is said once to each handler") {
  for (int round = 0; round < 2; ++round) {
    Collected heard;
    in_a_loop(3);
    in_a_loop(3);
    CHECK_EQ(heard.texts, Texts{"step: 0"});
  }
}

TEST_CASE("a handler may throw, warn and set a handler") {
  Collected outer;
  set_warning_handler([](const std::string& text) { throw ValueError(text); });
  CHECK_THROWS_WITH_AS(warn("now an error"), "now an error", ValueError);
  set_warning_handler([](const std::string& text) {
    set_warning_handler({});
    throw Error("only one: " + text);
  });
  CHECK_THROWS_WITH_AS(warn("e"), "only one: e", Error);
}
