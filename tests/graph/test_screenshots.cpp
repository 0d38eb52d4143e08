// What the browser draws, beside recorded pictures: boxes, edges and colours, without text, whose fonts
// differ from machine to machine. XGRAD_RECORD=1 records them again.
#include "graph/browser.h"

#include <xgrad/graph/images.h>
#include <xgrad/graph/pictures.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using graph::Names;

namespace {

constexpr int64_t kWidth = 1200, kHeight = 800, kCell = 8;
// Of 255: what an edge changes in the mean of a cell is 15, what edges that are smoothed in another way
// change is less.
constexpr int64_t kTolerance = 8;
const std::string kRecorded = XGRAD_TESTS_DIR "/graph/screenshots/";

// Means of cells of 8 x 8 pixels: [3, 100, 150].
Tensor screenshot(const std::string& page, const std::string& style = "") {
  const browser::Folder folder;
  const std::string plain =
      "<style>header, aside, text { display: none !important } html, body, main { width: 1200px; height: "
      "800px }" +
      style + "</style>";
  folder.open(browser::with(page, "</head>", plain), concat("--window-size=", kWidth, ",", kHeight + 200,
                                                            " --screenshot=", folder.file("shot.png")));
  const Tensor pixels = data::read_image(folder.file("shot.png"), data::ImageReadMode::kRGB);
  const Tensor part = pixels.narrow(1, 0, kHeight).narrow(2, 0, kWidth).to(kFloat);
  return nn::functional::avg_pool2d(part, nn::functional::AvgPool2dFuncOptions(kCell)).round().to(kByte);
}

std::string in_dark(std::string page) {
  const std::string light = "(prefers-color-scheme: dark)";
  for (std::size_t at; (at = page.find(light)) != std::string::npos;) page.replace(at, light.size(), "all");
  return page;
}

// How many cells differ, and in which rectangle of pixels; empty where none does.
std::string difference(const Tensor& a, const Tensor& b) {
  if (a.sizes() != b.sizes()) return concat("sizes differ: ", a.sizes(), " and ", b.sizes());
  const Tensor cells = (a.to(kInt) - b.to(kInt)).abs().amax({0}).gt(kTolerance).nonzero();
  if (cells.size(0) == 0) return "";
  const Tensor from = cells.amin({0}) * kCell, to = (cells.amax({0}) + 1) * kCell;
  return concat(cells.size(0), " cells differ, x ", from[1].item<int64_t>(), " to ", to[1].item<int64_t>(),
                ", y ", from[0].item<int64_t>(), " to ", to[0].item<int64_t>());
}

void save(const std::string& file, const Tensor& picture) {
  std::ofstream(file, std::ios::binary)
      << graph::to_png("screenshot", graph::pixels_of("screenshot", picture, "CHW"));
}

void check_as_recorded(const std::string& name, const std::string& page) {
  const Tensor now = screenshot(page);
  const std::string recorded = kRecorded + name + ".png";
  if (std::getenv("XGRAD_RECORD")) save(recorded, now);
  const std::string found = difference(now, data::read_image(recorded));
  const std::string drawn = (browser::fs::temp_directory_path() / ("xgrad_" + name + ".png")).string();
  if (!found.empty()) save(drawn, now);
  CHECK_MESSAGE(found.empty(), name, ": ", found, " from ", recorded, "; this one is in ", drawn);
}

std::string small_page() {
  const graph::KeepValues keep;
  const Tensor x = tensor(1., requires_grad()), y = tensor(2., requires_grad());
  return graph::to_html(graph::trace(cos(1 / (x + y)), Names{{"x", x}, {"y", y}}));
}

// The width of a box depends on the digits of its value, whose last ones are not the same on all machines:
// the parameters are powers of two, so that no value is rounded, and there are no gradients.
template <class Net>
std::string network_page(Net net, const Tensor& input) {
  manual_seed(0);
  {
    const NoGradGuard guard;
    for (const Tensor& parameter : net->parameters()) parameter.fill_(0.25);
  }
  const graph::KeepValues keep(net);
  return graph::to_html(
      graph::trace(net->forward(input).sum(), graph::TraceOptions(net->named_parameters()).gradients(false)));
}

std::string perceptron_page() {
  return network_page(nn::Sequential(nn::Linear(4, 8), nn::ReLU(), nn::Dropout(0.5), nn::Linear(8, 8)),
                      ones({5, 4}));
}

}  // namespace

TEST_SUITE_BEGIN("screenshots" * doctest::skip(browser::is_missing()));

TEST_CASE("a small graph is drawn as recorded, in light and in dark") {
  check_as_recorded("small", small_page());
  check_as_recorded("small_dark", in_dark(small_page()));
}

TEST_CASE("a network is drawn as recorded, with a box around each module") {
  check_as_recorded("perceptron", perceptron_page());
}

TEST_CASE("a transformer is drawn as recorded, from its beginning") {
  nn::TransformerEncoderLayer layer(nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(16));
  nn::TransformerEncoder net(nn::TransformerEncoderOptions(layer, 2));
  check_as_recorded("transformer", network_page(net, ones({5, 2, 8})));
}

TEST_CASE("a layout that is broken is seen") {
  const Tensor good = screenshot(small_page());
  CHECK_EQ(difference(good, screenshot(small_page())), "");
  const std::vector<std::string> mistakes{
      "#n2 { transform: translate(0, 14px) }", "#n3 rect { width: 60px }", "#view path { display: none }",
      ".leaf rect { fill: #fff !important }", ":root { --ground: #fff !important }"};
  for (const std::string& broken : mistakes) {
    CAPTURE(broken);
    CHECK_NE(difference(good, screenshot(small_page(), broken)), "");
  }
}

TEST_SUITE_END();
