// Loaders and samplers that are saved in the middle of an epoch and go on there.
#include <doctest/doctest.h>

#include <xgrad/xgrad.h>

#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;
namespace data = xgrad::data;
using data::DataLoaderOptions;
using data::transforms::Stack;

namespace {

// Its examples have noise of their own.
struct Noisy : data::datasets::Dataset<Noisy> {
  explicit Noisy(std::size_t count = 22) : count_(count) {}
  data::Example<> get(std::size_t i) override {
    const Tensor x = full({3}, static_cast<double>(i) / 10);
    return {x + randn({3}) * 0.1, x.sum(0, true)};
  }
  optional<std::size_t> size() const override { return count_; }
  std::size_t count_;
};

// Gives its rows in an order that each epoch draws.
struct Shuffled : data::datasets::StatefulDataset<Shuffled> {
  optional<std::vector<data::Example<>>> get_batch(std::size_t size) override {
    std::vector<data::Example<>> batch;
    for (; batch.size() < size && at < order.numel(); ++at) {
      const Tensor x = order[at].to(kFloat).expand({3}) / 10;
      batch.emplace_back(x + randn({3}) * 0.1, x.sum(0, true));
    }
    if (batch.empty()) return nullopt;
    return batch;
  }
  optional<std::size_t> size() const override { return nullopt; }
  void reset() override {
    order = randperm(rows, kLong);
    at = 0;
  }
  Tensor order;
  int64_t rows = 22, at = 0;
};

// Two epochs of six steps; a file stays of each step.
template <class Loader>
struct Training {
  Training(const std::string& folder, Loader& loader)
      : loader_(loader),
        net(nn::Linear(3, 5), nn::Dropout(0.3), nn::Linear(5, 1)),
        sgd(net->parameters(), optim::SGDOptions(0.002)),
        checkpoint(folder, 0) {
    checkpoint.add("model", net).add("optimizer", sgd).add("loader", loader_).add("epoch", epoch);
    checkpoint.add("generator", default_generator());
  }
  std::vector<double> run(int64_t step) {
    std::vector<double> losses;
    for (; epoch < 2; ++epoch)
      for (auto& batch : loader_) {
        sgd.zero_grad();
        const Tensor loss = nn::functional::mse_loss(net->forward(batch.data), batch.target);
        loss.backward();
        sgd.step();
        losses.push_back(loss.template item<double>());
        checkpoint.save(++step);
      }
    return losses;
  }

  Loader& loader_;
  nn::Sequential net;
  optim::SGD sgd;
  int64_t epoch = 0;
  Checkpoint checkpoint;
};

template <class Make>
void check_resumed(const Make& make_loader) {
  const TemporaryFolder folder;
  manual_seed(3);
  auto loader = make_loader(2);
  const std::vector<double> whole = Training(folder / "a", *loader).run(0);
  REQUIRE_EQ(whole.size(), 12);
  for (const int64_t step : {1, 4, 6, 7, 11, 12})
    for (const std::size_t workers : {0, 1, 3}) {
      CAPTURE(step);
      CAPTURE(workers);
      manual_seed(99);
      auto other = make_loader(workers);
      for (auto& batch : *other) batch.data.zero_();
      Training resumed(folder / "b", *other);
      CHECK_EQ(resumed.checkpoint.load(folder / ("a/step-" + std::to_string(step) + ".pt")), step);
      CHECK_EQ(resumed.run(step), std::vector<double>(whole.begin() + step, whole.end()));
    }
}

template <class Loader>
std::vector<double> rest_of(Loader& loader) {
  std::vector<double> values;
  for (auto& batch : loader)
    for (const auto& example : batch) values.push_back(example.data[0].template item<double>());
  return values;
}

template <class T>
std::vector<char> saved(const T& value) {
  std::vector<char> bytes;
  save(value, bytes);
  return bytes;
}
template <class T>
void load_from(T& value, const std::vector<char>& bytes) {
  load(value, bytes.data(), bytes.size());
}

}  // namespace

TEST_CASE("a training that is stopped within an epoch goes on with the same bits and any number of workers") {
  check_resumed([](std::size_t workers) {
    return data::make_data_loader(Noisy().map(Stack<>()), DataLoaderOptions(4).workers(workers));
  });
}

TEST_CASE("so does one whose dataset knows itself where it is") {
  check_resumed([](std::size_t workers) {
    return data::make_data_loader(Shuffled().map(Stack<>()), DataLoaderOptions(4).workers(workers));
  });
}

TEST_CASE("a loader that is saved after the last batch has an empty rest, and behind the loop begins anew") {
  manual_seed(0);
  auto loader = data::make_data_loader(Noisy(), DataLoaderOptions(4).workers(2));
  std::vector<char> at_last;
  for (auto& batch : *loader)
    if (batch.size() == 2) at_last = saved(*loader);
  const std::vector<char> behind = saved(*loader);
  auto other = data::make_data_loader(Noisy(), 4);
  load_from(*other, at_last);
  CHECK_EQ(rest_of(*other).size(), 0);
  CHECK_EQ(rest_of(*other).size(), 22);
  load_from(*other, behind);
  const Generator before = default_generator().clone();
  const auto next = rest_of(*loader);
  CHECK_EQ(next.size(), 22);
  Generator(default_generator()).set_state(before.get_state());
  CHECK_EQ(rest_of(*other), next);
}

TEST_CASE("a loader that was resumed and saved again before its first batch is where it was") {
  manual_seed(0);
  auto loader = data::make_data_loader(Noisy(), DataLoaderOptions(4).workers(2));
  auto it = loader->begin();
  ++it;
  const std::vector<char> bytes = saved(*loader);
  auto other = data::make_data_loader(Noisy(), 4);
  load_from(*other, bytes);
  CHECK(saved(*other) == bytes);
  CHECK_EQ(rest_of(*other).size(), 14);
  load_from(*loader, bytes);
  CHECK_FALSE(++it != loader->end());
  CHECK_EQ(rest_of(*loader).size(), 14);
}

TEST_CASE("a loader takes no state of another dataset, batch size or order, and stays as it is") {
  manual_seed(0);
  auto loader = data::make_data_loader(Noisy(), 4);
  auto it = loader->begin();
  const std::vector<char> bytes = saved(*loader);
  const auto refused = [&](auto other, const std::vector<char>& from, const char* text) {
    auto walk = other->begin();
    const auto before = saved(*other);
    CHECK(contains(message_of([&] { load_from(*other, from); }), text));
    CHECK(saved(*other) == before);
  };
  refused(data::make_data_loader(Noisy(20), 4), bytes,
          "load: the DataLoader was saved with a dataset of another size (22 vs 20)");
  refused(data::make_data_loader(Noisy(), 5), bytes,
          "load: the DataLoader was saved within an epoch of another batch_size (4 vs 5)");
  refused(
      data::make_data_loader(Noisy(), data::samplers::SubsetRandomSampler({1, 2, 3}), DataLoaderOptions(4)),
      bytes, "load: the sampler was saved with another number of examples (22 vs 3)");
  GenericDict broken = pickle_load(bytes).toGenericDict();
  broken.insert_or_assign("batches", 7);
  refused(data::make_data_loader(Noisy(), 4), pickle_save(IValue(broken)),
          "load: the DataLoader was saved after 7 batches of its epoch, which has only 6 here");
  broken.insert_or_assign("batches", "seven");
  refused(data::make_data_loader(Noisy(), 4), pickle_save(IValue(broken)), "");
}

TEST_CASE("a stateful dataset that ends before the place of its loader is an error") {
  manual_seed(0);
  auto loader = data::make_data_loader(Shuffled(), 4);
  auto it = loader->begin();
  ++it;
  Shuffled few;
  few.rows = 3;
  auto other = data::make_data_loader(few, 4);
  load_from(*other, saved(*loader));
  for (int again = 0; again < 2; ++again)
    CHECK(contains(message_of([&] { other->begin(); }),
                   "saved after 2 batches of its epoch, which has only 1 here"));
}

TEST_CASE("batches that come as they are made are no place to go on from") {
  auto loader = data::make_data_loader(Noisy(), DataLoaderOptions(4).workers(2).enforce_ordering(false));
  CHECK(saved(*loader).size() > 0);
  auto it = loader->begin();
  CHECK(contains(message_of([&] { saved(*loader); }), "save: a DataLoader without enforce_ordering"));
}

TEST_CASE("samplers go on where they were saved") {
  using namespace data::samplers;
  const auto check = [](auto sampler, auto other) {
    sampler.reset();
    sampler.next(3);
    load_from(other, saved(sampler));
    for (int i = 0; i < 3; ++i) {
      const auto a = sampler.next(3), b = other.next(3);
      REQUIRE_EQ(a.has_value(), b.has_value());
      if constexpr (std::is_same_v<decltype(sampler), StreamSampler>)
        CHECK((!a || a->size() == b->size()));
      else
        CHECK(a == b);
    }
  };
  check(SequentialSampler(8), SequentialSampler(8));
  check(RandomSampler(8), RandomSampler(8));
  check(SubsetRandomSampler({1, 3, 5, 7}), SubsetRandomSampler({1, 3, 5, 7}));
  check(WeightedRandomSampler(rand({9}), 8), WeightedRandomSampler(rand({9}), 8));
  check(StreamSampler(8), StreamSampler(8));
  check(DistributedSequentialSampler(9, 2, 1), DistributedSequentialSampler(9, 2, 1));
  DistributedRandomSampler random(19, 2, 1);
  random.set_epoch(5);
  check(random, DistributedRandomSampler(19, 2, 1));
}

TEST_CASE("a share keeps its size in each epoch") {
  data::samplers::DistributedRandomSampler sampler(10, 2, 1);
  for (int epoch = 0; epoch < 3; ++epoch, sampler.reset()) CHECK_EQ(sampler.next(10)->size(), 5);
}

TEST_CASE("a sampler takes no indices that its dataset has not") {
  using namespace data::samplers;
  const auto refused = [](auto sampler, const GenericDict& state, const char* text) {
    const std::vector<char> before = saved(sampler);
    CHECK(contains(message_of([&] { load_from(sampler, pickle_save(IValue(state))); }), text));
    CHECK(saved(sampler) == before);
  };
  const auto state = [](int64_t index, std::vector<int64_t> indices) {
    return GenericDict{{"index", tensor(index)}, {"indices", tensor(indices, kLong)}};
  };
  refused(RandomSampler(3), state(0, {0, 1}), "another number of examples (2 vs 3)");
  refused(RandomSampler(3), state(0, {0, 3, 1}), "was saved with other examples: here are 3");
  refused(RandomSampler(3), state(0, {0, -1, 1}), "was saved with other examples: here are 3");
  refused(RandomSampler(3), state(4, {0, 2, 1}), "'index' is 4, and must be at most 3");
  refused(SequentialSampler(3), state(-1, {}), "'index' is -1");
  refused(SequentialSampler(3), {}, "no tensor 'index'");
  refused(SubsetRandomSampler({1, 2}), state(0, {1, 3}), "other examples");
}

TEST_CASE("a sampler of one's own without save and load works, and only saving it is an error") {
  struct Twice : data::samplers::Sampler<> {
    void reset(optional<std::size_t>) override { left = 2; }
    optional<std::vector<std::size_t>> next(std::size_t) override {
      if (left == 0) return nullopt;
      return std::vector<std::size_t>{left--};
    }
    std::size_t left = 2;
  };
  auto loader = data::make_data_loader(Noisy(), Twice(), DataLoaderOptions(4));
  CHECK_EQ(rest_of(*loader).size(), 2);
  CHECK(contains(message_of([&] { saved(*loader); }), "save: this sampler has no save"));
}
