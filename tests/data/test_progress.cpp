// What a loop tells about how far it is.
#include <doctest/doctest.h>

#include <algorithm>
#include <list>
#include <sstream>
#include <thread>

#include <xgrad/xgrad.h>

#include "messages.h"

using namespace xgrad;
using data::progress;
using data::ProgressOptions;

namespace {
std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}
}  // namespace

TEST_CASE("a loop that goes into a pipe has a line after each tenth") {
  std::ostringstream out;
  std::vector<int> numbers(40), seen;
  for (const int& n : progress(numbers, ProgressOptions("epoch 1").stream(&out))) seen.push_back(n);
  CHECK_EQ(seen.size(), 40);
  CHECK_EQ(lines(out.str()), 10);
  CHECK_EQ(out.str().substr(0, 20), "epoch 1: 10%  4/40  ");
  CHECK(contains(out.str(), "100%  40/40"));
}

TEST_CASE("on a terminal one line is drawn anew and left at the end") {
  std::ostringstream out;
  std::list<int> numbers(5);
  for (int& n : progress(numbers, ProgressOptions().stream(&out).redraw(true))) n = 1;
  CHECK_EQ(out.str()[0], '\r');
  CHECK_EQ(lines(out.str()), 1);
  CHECK_EQ(out.str().back(), '\n');
  CHECK_EQ(numbers.back(), 1);
}

TEST_CASE("a loop left early tells where, a silent one nothing") {
  std::ostringstream out;
  std::vector<int> numbers(1000);
  for (int& n : progress(numbers, ProgressOptions().stream(&out)))
    if (&n == &numbers[5]) break;
  CHECK_EQ(lines(out.str()), 1);
  CHECK(contains(out.str(), "5/1000"));
  std::ostringstream none;
  for (int& n : progress(numbers, ProgressOptions().stream(&none).silent(true))) n = 1;
  CHECK_EQ(none.str(), "");
}

TEST_CASE("loaders say how many batches they have") {
  const data::datasets::TensorDataset rows(arange(10));
  const auto loader = data::make_data_loader(rows, data::DataLoaderOptions(4));
  CHECK_EQ(*loader->size(), 3);
  CHECK_EQ(*data::make_data_loader(rows, data::DataLoaderOptions(4).drop_last(true))->size(), 2);
  for (int epoch = 0; epoch < 2; ++epoch) {
    std::ostringstream out;
    std::size_t batches = 0;
    for (auto& batch : progress(*loader, ProgressOptions().stream(&out))) batches += batch.empty() ? 0 : 1;
    CHECK_EQ(batches, 3);
    CHECK(contains(out.str(), "3/3"));
  }
}

TEST_CASE("a loop over an epoch that is resumed counts from where it goes on") {
  const data::datasets::TensorDataset rows(arange(20));
  const auto loader = data::make_data_loader(rows, 2);
  auto it = loader->begin();
  for (int i = 0; i < 6; ++i) ++it;
  std::vector<char> saved;
  save(*loader, saved);
  const auto resumed = data::make_data_loader(rows, 2);
  load(*resumed, saved.data(), saved.size());
  CHECK_EQ(resumed->first_batch(), 7);
  for (const char* first : {"80%  8/10  ", "10%  1/10  "}) {
    std::ostringstream out;
    for (auto& batch : progress(*resumed, ProgressOptions().stream(&out))) CHECK_EQ(batch.size(), 2);
    CHECK_EQ(out.str().substr(0, 11), first);
    CHECK(contains(out.str(), "100%  10/10"));
  }
}

TEST_CASE("the rate of a loop that goes on in the middle is that of its own steps") {
  std::ostringstream out;
  data::ProgressBar bar(ProgressOptions().stream(&out), 1000000000, 999999999);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  bar.step();
  const std::size_t rate = out.str().find("1000000000/1000000000  ");
  REQUIRE(rate != std::string::npos);
  CHECK_LE(std::stod(out.str().substr(rate + 23)), 50);
}

TEST_CASE("a loop of unknown length tells how many steps it took") {
  std::ostringstream out;
  data::ProgressBar bar(ProgressOptions().stream(&out), nullopt);
  bar.step();
  { const data::ProgressBar moved(std::move(bar)); }
  CHECK_EQ(out.str().substr(0, 3), "1  ");
  CHECK_EQ(lines(out.str()), 1);
}
