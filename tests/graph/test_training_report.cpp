// The page of a training as data; tests/graph/test_browser.cpp looks at it in a browser.
#include "nn/values.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <xgrad/graph.h>
#include <nlohmann/json.hpp>

using namespace xgrad;
using graph::TrainingReport;
namespace fs = std::filesystem;

namespace {

struct File {
  File() : path(fs::temp_directory_path() / concat("xgrad_report_", std::rand(), ".html")) {}
  ~File() { fs::remove(path); }
  std::string text() const {
    std::ifstream file(path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  }
  nlohmann::json data() const {
    const std::string page = text(), open = "id=\"data\">";
    const std::size_t from = page.find(open) + open.size();
    return nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from));
  }
  fs::path path;
};

}  // namespace

TEST_CASE("the page holds what was added, in the order of the tags") {
  const File file;
  TrainingReport report(file.path.string(), "A <training>");
  report.add_scalar("lr", 0.1);
  report.add_scalar("lr", 0.01);
  report.add_scalars("loss", {{"train", 1.5}, {"valid", NAN}}, 10);
  report.add_text("note", "</script>", 3);
  report.flush();
  const auto data = file.data();
  CHECK_EQ(data["plots"][0]["tag"], "lr");
  CHECK_EQ(data["plots"][0]["curves"][0]["points"], nlohmann::json::parse("[[0,0.1],[1,0.01]]"));
  CHECK_EQ(data["plots"][1]["curves"][0]["name"], "train");
  CHECK_EQ(data["plots"][1]["curves"][1]["points"], nlohmann::json::parse("[[10,null]]"));
  CHECK_EQ(data["texts"][0]["content"], "</script>");
  CHECK(contains(file.text(), "<title>A &lt;training&gt;</title>"));
}

TEST_CASE("values are kept by their quantiles and by bars between the least and the greatest") {
  const File file;
  TrainingReport report(file.path.string());
  report.add_histogram("w", arange(101).div(100), 4);
  report.add_histogram("w", ones({3}), 5);
  report.close();
  const auto steps = file.data()["spreads"][0]["steps"];
  CHECK_EQ(steps[0]["step"], 4);
  CHECK_EQ(steps[0]["quantiles"][0], 0);
  CHECK_EQ(steps[0]["quantiles"][4].get<double>(), doctest::Approx(0.5));
  CHECK_EQ(steps[0]["quantiles"][8], 1);
  double count = 0;
  for (const auto& bar : steps[0]["bars"]) count += bar.get<double>();
  CHECK_EQ(count, 101);
  CHECK_EQ(steps[1]["quantiles"][0], 1);
}

TEST_CASE("a long curve is thinned without losing a peak, and without its steps changing order") {
  const File file;
  TrainingReport report(file.path.string());
  for (int i = 0; i < 50000; ++i) report.add_scalar("loss", i == 31234 ? 100 : i == 4321 ? NAN : i % 7, i);
  report.close();
  const auto points = file.data()["plots"][0]["curves"][0]["points"];
  CHECK_LE(points.size(), 2001);
  bool peak = false, gap = false;
  int64_t before = -1;
  for (const auto& p : points) {
    peak = peak || p[1] == 100;
    gap = gap || p[1].is_null();
    CHECK_GT(p[0].get<int64_t>(), before);
    before = p[0].get<int64_t>();
  }
  CHECK(peak);
  CHECK(gap);
}

TEST_CASE("of an image the last is kept, as PNG within the page") {
  const File file;
  TrainingReport report(file.path.string());
  report.add_image("x", zeros({1, 2, 2}), 1);
  report.add_image("x", ones({3, 2, 2}), 2);
  report.close();
  const auto images = file.data()["images"];
  REQUIRE_EQ(images.size(), 1);
  CHECK_EQ(images[0]["step"], 2);
  CHECK_EQ(images[0]["content"].get<std::string>().substr(0, 11), "iVBORw0KGgo");
}

TEST_CASE("a report that cannot be written says so, and a closed one takes nothing") {
  TrainingReport lost("/nowhere/report.html");
  CHECK(contains(message_of([&] { lost.flush(); }), "/nowhere/report.html"));
  const File file;
  TrainingReport report(file.path.string());
  report.close();
  report.close();
  CHECK_THROWS_WITH(report.add_scalar("a", 1), "TrainingReport: it is closed");
}
