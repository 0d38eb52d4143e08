// The page of to_html in a real browser: a script uses it as a person would and reports what it then shows.
#include "graph/browser.h"

#include <iterator>

#include <xgrad/graph/pictures.h>
#include <xgrad/graph/training_report.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using graph::Names;
namespace fs = std::filesystem;

namespace {

// What `script` appends to the page by say(...), one line a call.
std::string report(const std::string& page, const std::string& script) {
  const std::string user =
      "<pre id=report></pre><script>const say = t => { byId('report').textContent += t + '\\n'; };\n" +
      script + "\nsay('end');</script>";
  const std::string dom =
      browser::Folder().open(browser::with(page, "</body>", user), "--window-size=1200,800 --dump-dom");
  const std::string open = "<pre id=\"report\">";
  const std::size_t from = dom.find(open);
  REQUIRE_NE(from, std::string::npos);
  const std::size_t start = from + open.size();
  return dom.substr(start, dom.find("</pre>", start) - start);
}

std::string small_page() {
  const graph::KeepValues keep;
  const Tensor x = tensor(1., requires_grad()), y = tensor(2., requires_grad());
  return graph::to_html(graph::trace(cos(1 / (x + y)), Names{{"x", x}, {"y", y}}), "cos");
}

std::string network_page(int64_t layers) {
  nn::TransformerEncoderLayer layer(
      nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(16).dropout(0.0));
  nn::TransformerEncoder net(nn::TransformerEncoderOptions(layer, layers));
  const graph::KeepValues keep;
  return graph::to_html(graph::trace(net(ones({5, 1, 8})).sum(), net->named_parameters()), "net");
}

}  // namespace

TEST_CASE("skipped: there is no Chromium (Debian: apt-get install chromium)" *
          doctest::skip(!browser::is_missing())) {
  MESSAGE("skipped");
}

TEST_SUITE_BEGIN("browser" * doctest::skip(browser::is_missing()));

TEST_CASE("values appear step by step forward, then gradients backward") {
  CHECK_EQ(report(small_page(), R"(
    const count = kind => document.querySelectorAll('.node.' + kind).length;
    byId('first').click();
    say(byId('phase').textContent + ' ' + count('has-value') + ' ' + count('has-gradient'));
    for (let i = 0; i < 3; ++i) byId('next').click();
    say(byId('phase').textContent + ' ' + count('has-value') + ' ' + count('has-gradient'));
    for (let i = 0; i < 4; ++i) byId('next').click();
    say(byId('phase').textContent + ' ' + count('has-value') + ' ' + count('has-gradient'));
    say(byId('details').querySelector('.pass').textContent);
    byId('back').click();
    say(byId('phase').textContent + ' ' + count('has-gradient'));
    byId('last').click();
    say(byId('phase').textContent + ' ' + count('has-gradient'));)"),
           "Start 0 0\n"
           "Forward 3 of 5 3 0\n"
           "Backward 2 of 5 5 2\n"
           "self: addlocal derivative −1/(x+y)² = −0.1111−0.3272 · (−0.1111) = 0.03635\n"
           "Backward 1 of 5 1\n"
           "Backward 5 of 5 5\n"
           "end\n");
}

TEST_CASE("a click shows a node, and the keys follow the edges") {
  CHECK_EQ(report(small_page(), R"(
    const title = () => byId('details').querySelector('h2').textContent;
    const key = key => svg.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    byId('n4').dispatchEvent(new MouseEvent('click', { bubbles: true }));
    say(title());
    key('ArrowUp');
    say(title());
    key('ArrowUp');
    key('ArrowUp');
    say(title());
    key('ArrowDown');
    say(title());
    key('ArrowRight');
    say(title());
    say(svg.getAttribute('tabindex') + ' ' + byId('n4').getAttribute('aria-label'));)"),
           "cos — CosBackward\n"
           "reciprocal — ReciprocalBackward\n"
           "x\n"
           "add — AddBackward0\n"
           "reciprocal — ReciprocalBackward\n"
           "0 cos, float32[], value 0.945\n"
           "end\n");
}

TEST_CASE("modules fold and unfold") {
  CHECK_EQ(report(network_page(1), R"(
    const drawn = () => document.querySelectorAll('.node').length;
    const all = drawn();
    say(all === nodes.length);
    const module = groups.findIndex(g => g.path === 'layers.0.self_attn');
    byId('m' + module).querySelector('.title').dispatchEvent(new MouseEvent('click', { bubbles: true }));
    say(drawn() === all - groups[module].count);
    say(byId('m' + module).querySelector('.title').getAttribute('aria-expanded'));
    byId('fold').click();
    say(drawn() < 5);
    byId('unfold').click();
    say(drawn() === all);)"),
           "true\ntrue\nfalse\ntrue\ntrue\nend\n");
}

TEST_CASE("a layer without parameters folds too, where it was watched") {
  nn::Sequential net(nn::Linear(2, 3), nn::Sequential(nn::ReLU(), nn::Flatten()));
  const graph::KeepValues keep(net);
  const graph::Graph g = graph::trace(net->forward(ones({1, 2, 2})).sum(), net->named_parameters());
  CHECK_EQ(report(graph::to_html(g), R"(
    const drawn = () => [...document.querySelectorAll('.node')].map(n => nodes[Number(n.id.slice(1))].label).join(' ');
    const module = groups.findIndex(g => g.path === '1.0');
    say(groups[module].count + ' ' + drawn());
    byId('m' + module).querySelector('.title').dispatchEvent(new MouseEvent('click', { bubbles: true }));
    say(drawn());
    say(byId('m' + module).querySelector('.title').getAttribute('aria-label'));)"),
           "1 data weight bias linear relu view sum\n"
           "data weight bias linear view sum\n"
           "module 1.0, 1 node\n"
           "end\n");
}

TEST_CASE("boxes that the browser has drawn do not overlap") {
  CHECK_EQ(report(network_page(2), R"(
    const boxes = [...document.querySelectorAll('.node > rect')].map(r => r.getBoundingClientRect());
    let overlaps = 0;
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
      if (a.left < b.right - 0.1 && b.left < a.right - 0.1 && a.top < b.bottom - 0.1 && b.top < a.bottom - 0.1) ++overlaps;
    }));
    const text = [...document.querySelectorAll('.node')].filter(n =>
      [...n.querySelectorAll('text')].some(t => t.getBoundingClientRect().width > n.querySelector('rect').getBoundingClientRect().width));
    say(boxes.length > 60);
    say(overlaps + ' ' + text.length);)"),
           "true\n0 0\nend\n");
}

TEST_CASE("three thousand nodes are drawn in less than two seconds, and a step takes no time") {
  const std::string text = report(network_page(94), R"(
    const start = performance.now();
    foldAll(false);
    svg.getBBox();
    const drawn = performance.now();
    for (let i = 0; i < 100; ++i) go(i * 30);
    const stepped = performance.now();
    say(nodes.length + ' ' + Math.round(drawn - start) + ' ' + ((stepped - drawn) / 100).toFixed(2));)");
  int nodes = 0;
  double draw = 1e9, step = 1e9;
  REQUIRE_EQ(std::sscanf(text.c_str(), "%d %lf %lf", &nodes, &draw, &step), 3);
  MESSAGE(nodes, " nodes drawn in ", draw, " ms, ", step, " ms a step");
  CHECK_GT(nodes, 2900);
  CHECK_LT(draw, 2000);
  CHECK_LT(step, 100);
}

TEST_CASE("the report of a training draws its plots, whose cursors go by keys") {
  const fs::path file = fs::temp_directory_path() / concat("xgrad_report_", std::rand(), ".html");
  graph::TrainingReport training(file.string());
  for (int i = 0; i < 50; ++i) {
    training.add_scalars("loss", {{"train", 100. - i}, {"valid", i == 20 ? NAN : 200. - i}}, i * 10);
    training.add_histogram("weight", arange(5) + i, i);
  }
  training.add_image("white", ones({3, 2, 2}));
  training.close();
  std::ifstream in(file);
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  fs::remove(file);
  CHECK_EQ(report(page, R"(
    const figure = document.querySelector('figure.plot'), all = selector => document.querySelectorAll(selector).length;
    const key = (key, shiftKey = false) => figure.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true }));
    const caption = () => [...figure.querySelectorAll('figcaption > span')].map(s => s.textContent).join(', ');
    say(all('figure') + ' ' + all('.plot .curve') + ' ' + all('.spread .band') + ' ' + all('.spread .bar'));
    say(caption());
    key('Home');
    say(caption());
    key('ArrowRight', true);
    key('ArrowRight', true);
    say(caption());
    key('ArrowLeft');
    say(caption());
    key('L');
    say(figure.querySelector('h2').textContent);
    say([...figure.querySelectorAll('.curve')].map(c => c.getAttribute('d').split('M').length - 1).join(' '));
    say(document.querySelector('img').src.startsWith('data:image/png;base64,iVBORw0KGgo'));)"),
           "3 2 4 5\n"
           "step 490, train 51, valid 151\n"
           "step 0, train 100, valid 200\n"
           "step 200, train 80, valid not finite\n"
           "step 190, train 81, valid 181\n"
           "loss (logarithmic)\n"
           "1 2\n"
           "true\n"
           "end\n");
}

TEST_SUITE_END();
