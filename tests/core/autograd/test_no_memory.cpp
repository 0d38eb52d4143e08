// Changes in place for which memory runs out, at any allocation on the way: nothing has changed.
#include <functional>

#include "core/autograd/checks.h"
#include "core/autograd/no_memory.h"

using namespace xgrad;
using checks::check;
using checks::leaf;
using checks::vec;

namespace {

struct World {
  Tensor x = leaf({1, 2, 3, 4, 5, 6}), w = leaf({2, 3});
  Tensor y = x.view({3, 2}) * 2, row = y[1], mask = tensor({true, false}), source = vec({7, 8});
  Tensor seven = (x * 1).view({1, 1, 1, 1, 1, 2, 3});
  autograd::Node* history = y.grad_fn().get();

  void check_unchanged() const {
    check(y, {2, 4, 6, 8, 10, 12});
    CHECK_EQ(y._version(), 0);
    CHECK_EQ(y.grad_fn().get(), history);
    CHECK_EQ(row.grad_fn()->name(), "SelectBackward0");
    CHECK_EQ(seven.sizes().vec(), std::vector<int64_t>{1, 1, 1, 1, 1, 2, 3});
    CHECK_EQ(seven.grad_fn()->name(), "ViewBackward");
    check(seven, {1, 2, 3, 4, 5, 6});
    (y * 10 + row).sum().backward();
    check(x.grad(), {20, 20, 26, 26, 20, 20});
    CHECK_FALSE(w.grad().defined());
  }
};

}  // namespace

TEST_CASE("an op in place that runs out of memory leaves value, version and history as they were") {
  using Program = std::function<void(World&)>;
  const std::vector<std::pair<const char*, Program>> programs{
      {"mul_", [](World& o) { o.y.mul_(o.w); }},
      {"mul_ of a view", [](World& o) { o.row.mul_(o.w); }},
      {"mul_ by itself", [](World& o) { o.y.mul_(o.y); }},
      {"exp_ of a view", [](World& o) { o.row.exp_(); }},
      {"add_ with broadcasting", [](World& o) { o.y.add_(o.w, 3); }},
      {"copy_", [](World& o) { o.y.copy_(o.w); }},
      {"copy_ of another part", [](World& o) { o.row.copy_(o.y[2]); }},
      {"fill_", [](World& o) { o.row.fill_(7); }},
      {"zero_", [](World& o) { o.y.zero_(); }},
      {"uniform_", [](World& o) { o.y.uniform_(); }},
      {"masked_fill_", [](World& o) { o.row.masked_fill_(o.mask, o.w.sum()); }},
      {"index_put_", [](World& o) { o.y.index_put_({o.mask.nonzero().view(-1)}, o.w); }},
      {"assignment", [](World& o) { o.y[1] = o.w; }},
      {"scatter_",
       [](World& o) {
         o.row.scatter_(0, tensor({1, 0}), o.w);
       }},
      {"t_", [](World& o) { o.y.t_(); }},
      {"squeeze_", [](World& o) { o.seven.squeeze_(0); }},
      {"transpose_", [](World& o) { o.seven.transpose_(5, 6); }},
      {"unsqueeze_", [](World& o) { o.seven.unsqueeze_(0); }},
  };
  std::size_t allocating = 0;  // a compiler may do without a small program's memory
  for (const auto& [named, program] : programs) {
    const std::string name = named;
    INFO(name);
    allocating +=
        run_short_of_memory([] { return World(); }, program, [](World& o) { o.check_unchanged(); }) > 0;
  }
  CHECK_GT(2 * allocating, programs.size());
}

TEST_CASE("set_data of many dimensions that runs out of memory changes nothing") {
  const auto make = [] {
    return std::pair(vec({1, 2}).view({1, 1, 1, 1, 1, 1, 2}).clone(), ones({1, 1, 1, 1, 1, 1, 1, 1}));
  };
  const int needed = run_short_of_memory(
      make, [](auto& world) { world.first.set_data(world.second); },
      [](auto& world) {
        check(world.first, {1, 2});
        CHECK_EQ(world.first.dim(), 7);
        CHECK_EQ(world.first._version(), 0);
      });
  CHECK_GT(needed, 0);
}

TEST_CASE("a backward that runs out of memory leaves every .grad() as it was") {
  for (const bool create_graph : {false, true}) {
    struct Leaves {
      Tensor x = leaf({1, 2}), w = leaf({3, 4}), u = leaf({5, 6}), inside = x * w, y = (inside * u).sum();
    };
    const auto make = [] {
      Leaves o;
      o.inside.retain_grad();
      o.w.mutable_grad() = vec({1, 1});
      return o;
    };
    const int needed = run_short_of_memory(
        make, [&](Leaves& o) { o.y.backward({}, true, create_graph); },
        [](Leaves& o) {
          for (const Tensor& t : {o.x, o.u, o.inside}) CHECK_FALSE(t.grad().defined());
          check(o.w.grad(), {1, 1});
          o.y.backward();
          check(o.x.grad(), {15, 24});
          check(o.w.grad(), {1 + 5, 1 + 12});
          check(o.inside.grad(), {5, 6});
        });
    CHECK_GT(needed, 0);
  }
}
