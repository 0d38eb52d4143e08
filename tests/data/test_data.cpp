// Datasets, samplers and loaders: which examples come, in what order, and what becomes of errors.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include <xgrad/data/data.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
namespace data = xgrad::data;
using data::DataLoaderOptions;
using data::transforms::Stack;

namespace {

struct Squares : data::datasets::Dataset<Squares> {
  data::Example<> get(std::size_t i) override {
    return {full({1}, static_cast<double>(i)), full({1}, static_cast<double>(i * i))};
  }
  optional<std::size_t> size() const override { return 10; }
};

// Its examples are random numbers.
struct Noise : data::datasets::Dataset<Noise, data::TensorExample> {
  data::TensorExample get(std::size_t) override { return rand({2}); }
  optional<std::size_t> size() const override { return 12; }
};

struct Failing : data::datasets::Dataset<Failing> {
  data::Example<> get(std::size_t i) override {
    if (i == 5) throw std::out_of_range("the fifth");
    return {full({1}, static_cast<double>(i)), Tensor()};
  }
  optional<std::size_t> size() const override { return 8; }
};

// Counts to ten, in batches.
struct Counter : data::datasets::StatefulDataset<Counter, std::vector<int>> {
  optional<std::vector<int>> get_batch(std::size_t size) override {
    if (next >= 10) return nullopt;
    std::vector<int> batch;
    while (batch.size() < size && next < 10) batch.push_back(next++);
    return batch;
  }
  optional<std::size_t> size() const override { return nullopt; }
  void reset() override { next = 0; }
  int next = 0;
};

template <class Loader>
std::vector<double> all(Loader& loader) {
  std::vector<double> values;
  for (auto& batch : loader)
    for (int64_t i = 0; i < batch.data.numel(); ++i)
      values.push_back(batch.data.view(-1)[i].template item<double>());
  return values;
}

}  // namespace

TEST_CASE("a loader gives the batches that LibTorch's gives for the same seed, with any number of workers") {
  for (const std::size_t workers : {0, 1, 3}) {
    manual_seed(0);
    auto loader = data::make_data_loader(Squares().map(Stack<>()), DataLoaderOptions(4).workers(workers));
    CHECK_EQ(all(*loader), std::vector<double>{3, 9, 4, 2, 7, 8, 6, 0, 5, 1});
    CHECK_EQ(all(*loader), std::vector<double>{4, 0, 8, 5, 9, 1, 6, 3, 7, 2});
    for (auto& batch : *loader) CHECK(equal(batch.target, batch.data * batch.data));
  }
}

TEST_CASE("random numbers of a dataset are the same with any number of workers, and others in each epoch") {
  std::vector<std::vector<double>> first, second;
  for (const std::size_t workers : {0, 1, 3}) {
    manual_seed(7);
    auto loader = data::make_data_loader(Noise().map(Stack<data::TensorExample>()),
                                         DataLoaderOptions(5).workers(workers));
    first.push_back(all(*loader));
    second.push_back(all(*loader));
    CHECK_EQ(first.back(), first[0]);
    CHECK_EQ(second.back(), second[0]);
  }
  CHECK(first[0] != second[0]);
}

TEST_CASE("a last batch that is not full comes, or is dropped") {
  for (const bool drop : {false, true}) {
    std::vector<std::size_t> sizes;
    auto loader = data::make_data_loader<data::samplers::SequentialSampler>(
        Squares(), DataLoaderOptions(4).drop_last(drop).workers(2));
    for (const auto& batch : *loader) sizes.push_back(batch.size());
    CHECK_EQ(sizes, drop ? std::vector<std::size_t>{4, 4} : std::vector<std::size_t>{4, 4, 2});
  }
}

TEST_CASE("what a worker throws arrives where its batch would, and the next epoch begins anew") {
  for (const std::size_t workers : {0, 2}) {
    auto loader = data::make_data_loader<data::samplers::SequentialSampler>(
        Failing(), DataLoaderOptions(2).workers(workers));
    for (int epoch = 0; epoch < 2; ++epoch) {
      int batches = 0;
      const auto walk = [&] {
        for (const auto& batch : *loader) batches += batch.size() == 2;
      };
      CHECK_THROWS_WITH_AS(walk(), "the fifth", std::out_of_range);
      CHECK_EQ(batches, 2);
    }
  }
}

TEST_CASE("an epoch may be left in the middle") {
  for (const std::size_t workers : {0, 3}) {
    auto loader = data::make_data_loader<data::samplers::SequentialSampler>(
        Squares().map(Stack<>()), DataLoaderOptions(1).workers(workers));
    for (int round = 0; round < 20; ++round)
      for (auto& batch : *loader)
        if (batch.data.item<int>() == round % 4) break;
    CHECK_EQ(all(*loader).size(), 10);
    auto it = loader->begin();
    CHECK_EQ(it->data.item<int>(), 0);
    ++it;
    CHECK_EQ(it->data.item<int>(), 1);
  }
}

TEST_CASE("batches may come as they are made, and all of them come") {
  auto loader = data::make_data_loader(Squares().map(Stack<>()),
                                       DataLoaderOptions(1).workers(3).enforce_ordering(false).max_jobs(4));
  for (int epoch = 0; epoch < 10; ++epoch) {
    auto values = all(*loader);
    std::sort(values.begin(), values.end());
    CHECK_EQ(values, std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
}

TEST_CASE("a loader waits no longer than it is told") {
  struct Slow : data::datasets::Dataset<Slow> {
    data::Example<> get(std::size_t) override {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      return {};
    }
    optional<std::size_t> size() const override { return 1; }
  };
  auto loader =
      data::make_data_loader(Slow(), DataLoaderOptions(1).workers(1).timeout(std::chrono::milliseconds(10)));
  CHECK_THROWS_WITH_AS(loader->begin(), "DataLoader: no batch came within the timeout of 10 ms", Error);
  CHECK_THROWS_AS(data::make_data_loader(Squares(), DataLoaderOptions(0)), ValueError);
}

TEST_CASE("a stateful dataset says itself when it ends") {
  for (const std::size_t workers : {0, 1}) {
    auto loader = data::make_data_loader(Counter(), DataLoaderOptions(4).workers(workers));
    for (int epoch = 0; epoch < 2; ++epoch) {
      std::vector<std::vector<int>> batches;
      for (auto& batch : *loader) batches.push_back(batch);
      CHECK_EQ(batches, std::vector<std::vector<int>>{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9}});
    }
  }
}

TEST_CASE("a loader of a stateful dataset may go while its workers are inside the dataset") {
  struct Slow : Counter {
    optional<std::vector<int>> get_batch(std::size_t size) override {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      return Counter::get_batch(size);
    }
  };
  for (int round = 0; round < 10; ++round) {
    auto loader = data::make_data_loader(Slow(), DataLoaderOptions(1).workers(3));
    CHECK_EQ(loader->begin()->size(), 1);
  }
}

TEST_CASE("transforms are applied in their order") {
  auto dataset = Squares()
                     .map(data::transforms::Lambda<data::Example<>>([](data::Example<> e) {
                       e.data += 1;
                       return e;
                     }))
                     .map(data::transforms::TensorLambda<>([](const Tensor& t) { return t * 2; }))
                     .map(data::transforms::Collate<double, std::vector<data::Example<>>>(
                         [](std::vector<data::Example<>> examples) {
                           double sum = 0;
                           for (const auto& e : examples) sum += e.data.item<double>();
                           return sum;
                         }));
  CHECK_EQ(dataset.get_batch(std::vector<std::size_t>{1, 2}), 10);
  const Tensor image = arange(8, kFloat).view({2, 2, 2});
  data::transforms::Normalize<> normalize({1.0, 2.0}, {2.0, 4.0});
  CHECK(equal(normalize(image), stack({(image[0] - 1) / 2, (image[1] - 2) / 4})));
}

TEST_CASE("samplers") {
  using namespace data::samplers;
  using Batch = std::vector<std::size_t>;
  SUBCASE("shares of several processes make the whole") {
    for (const bool duplicates : {true, false}) {
      Batch seen;
      for (std::size_t rank = 0; rank < 2; ++rank) {
        DistributedSequentialSampler sampler(5, 2, rank, duplicates);
        const std::size_t share = *sampler.size();
        CHECK_EQ(sampler.index(), rank * share);
        const auto batch = sampler.next(10);
        CHECK_EQ(sampler.index(), (rank + 1) * share);
        seen.insert(seen.end(), batch->begin(), batch->end());
      }
      CHECK_EQ(seen, duplicates ? Batch{0, 1, 2, 3, 4, 0} : Batch{0, 1, 2, 3});
    }
    DistributedRandomSampler a(9, 3, 1), b(9, 3, 1);
    CHECK_EQ(*a.next(3), *b.next(3));
    b.set_epoch(1);
    a.reset();
    b.reset();
    CHECK(*a.next(3) != *b.next(3));
    CHECK_THROWS_AS(DistributedRandomSampler(9, 3, 3), ValueError);
  }
  SUBCASE("weights, subsets and splits are drawn as in Python") {
    manual_seed(0);
    CHECK_EQ(*WeightedRandomSampler(tensor({1.0, 2.0, 3.0}, kDouble), 6).next(6), Batch{2, 2, 1, 2, 2, 2});
    manual_seed(0);
    auto parts = data::datasets::random_split(Squares(), {7, 3});
    Batch drawn;
    for (std::size_t i = 0; i < 7; ++i) drawn.push_back(parts[0].get(i).data.item<std::size_t>());
    CHECK_EQ(drawn, Batch{4, 1, 7, 5, 3, 9, 0});
    CHECK_THROWS_AS(data::datasets::random_split(Squares(), {7, 4}), ValueError);
    auto subset = *SubsetRandomSampler({2, 4, 6}).next(5);
    std::sort(subset.begin(), subset.end());
    CHECK_EQ(subset, Batch{2, 4, 6});
  }
  SUBCASE("a stream is asked for sizes") {
    StreamSampler stream(5);
    CHECK_EQ(stream.next(3)->size(), 3);
    CHECK_EQ(stream.next(3)->size(), 2);
    CHECK_FALSE(stream.next(3).has_value());
  }
}

TEST_CASE("datasets of datasets") {
  using namespace data::datasets;
  ConcatDataset<Squares> twice({Squares(), Squares()});
  CHECK_EQ(*twice.size(), 20);
  CHECK_EQ(twice.get(13).target.item<int>(), 9);
  CHECK_THROWS_AS(twice.get(20), IndexError);
  CHECK_THROWS_AS(Subset<Squares>(Squares(), {1, 10}), IndexError);
  TensorDataset rows(arange(6).view({3, 2}));
  CHECK_EQ(*rows.size(), 3);
  CHECK(equal(rows.get(1).data, tensor({2, 3})));
  auto shared = make_shared_dataset<Squares>();
  CHECK_EQ(shared->get(3).target.item<int>(), 9);
  CHECK_EQ(shared.get_batch(std::vector<std::size_t>{1, 2}).size(), 2);
}
