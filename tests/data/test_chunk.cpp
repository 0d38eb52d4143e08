// Datasets in chunks: order, borders of chunks, errors, and going on within an epoch.
#include <doctest/doctest.h>

#include <atomic>

#include <xgrad/xgrad.h>

#include "messages.h"

using namespace xgrad;
using namespace xgrad::data;
using datasets::ChunkDataset;
using datasets::ChunkDatasetOptions;
using samplers::SequentialSampler;

namespace {

// Chunk i has i examples, 10 i and so on.
struct Reader : datasets::ChunkDataReader<int> {
  std::vector<int> read_chunk(std::size_t i) override {
    if (i == broken) throw std::runtime_error("chunk " + std::to_string(i));
    std::vector<int> chunk;
    for (std::size_t k = 0; k < i; ++k) chunk.push_back(static_cast<int>(10 * i + k));
    return chunk;
  }
  std::size_t chunk_count() override { return 6; }
  void reset() override { ++resets; }
  std::size_t broken = 99;
  int resets = 0;
};

using InOrder = ChunkDataset<Reader, SequentialSampler, SequentialSampler>;
using Batches = std::vector<std::vector<int>>;

template <class Loader>
Batches all(Loader& loader) {
  Batches batches;
  for (auto& batch : loader) batches.push_back(batch);
  return batches;
}

}  // namespace

TEST_CASE("chunks are cut into batches over their borders, in order, by any number of preloaders") {
  for (const std::size_t preloaders : {1, 2, 5})
    for (const std::size_t together : {1, 4}) {
      auto loader = make_data_loader(
          datasets::make_shared_dataset<InOrder>(Reader(), SequentialSampler(0), SequentialSampler(0),
                                                 ChunkDatasetOptions(preloaders, 4, 4, together)),
          DataLoaderOptions(4).workers(preloaders - 1));
      for (int epoch = 0; epoch < 2; ++epoch)
        CHECK_EQ(all(*loader), Batches{{10, 20, 21, 30}, {31, 32, 40, 41}, {42, 43, 50, 51}, {52, 53, 54}});
      CHECK_EQ(loader->begin()->front(), 10);  // and is left
    }
}

TEST_CASE("chunks and their examples are shuffled, anew in each epoch, and the same for the same seed") {
  const auto epochs = [](std::size_t preloaders, std::size_t workers) {
    manual_seed(5);
    auto loader = make_data_loader(datasets::make_shared_dataset<ChunkDataset<Reader>>(
                                       Reader(), samplers::RandomSampler(0), samplers::RandomSampler(0),
                                       ChunkDatasetOptions(preloaders, 4, 8, 2)),
                                   DataLoaderOptions(4).workers(workers));
    std::vector<Batches> result;
    for (int epoch = 0; epoch < 2; ++epoch) result.push_back(all(*loader));
    return result;
  };
  const auto first = epochs(1, 0);
  CHECK(first[0] != first[1]);
  for (const auto& epoch : first) {
    std::vector<int> seen;
    for (const auto& batch : epoch) seen.insert(seen.end(), batch.begin(), batch.end());
    std::sort(seen.begin(), seen.end());
    CHECK_EQ(seen, std::vector<int>{10, 20, 21, 30, 31, 32, 40, 41, 42, 43, 50, 51, 52, 53, 54});
  }
  CHECK_EQ(epochs(3, 0), first);
  CHECK_EQ(epochs(2, 2), first);
}

TEST_CASE("a loader of chunks goes on within an epoch") {
  const auto make = [](std::size_t preloaders) {
    return make_data_loader(datasets::make_shared_dataset<ChunkDataset<Reader>>(
                                Reader(), samplers::RandomSampler(0), samplers::RandomSampler(0),
                                ChunkDatasetOptions(preloaders, 4)),
                            DataLoaderOptions(4).workers(1));
  };
  manual_seed(5);
  auto loader = make(2);
  std::vector<char> saved;
  Batches rest;
  for (auto& batch : *loader) {
    if (saved.empty())
      save(*loader, saved);
    else
      rest.push_back(batch);
  }
  manual_seed(6);
  auto other = make(1);
  load(*other, saved.data(), saved.size());
  CHECK_EQ(all(*other), rest);
}

TEST_CASE("a chunk that cannot be read is an error where it would come, and the others come") {
  Reader reader;
  reader.broken = 3;
  InOrder dataset(reader, SequentialSampler(0), SequentialSampler(0), ChunkDatasetOptions(2, 4),
                  [](std::vector<int>& chunk) {
                    for (int& value : chunk) value = -value;
                  });
  CHECK(contains(message_of([&] { dataset.get_batch(); }), "reset() comes before get_batch()"));
  dataset.reset();
  CHECK(contains(message_of([&] { dataset.get_batch(3); }), "must be that of its options (3 vs 4)"));
  CHECK_THROWS_WITH_AS(dataset.get_batch(), "chunk 3", std::runtime_error);
  CHECK_EQ(*dataset.get_batch(), std::vector<int>{-10, -20, -21, -40});
  CHECK_EQ(*dataset.get_batch(), std::vector<int>{-41, -42, -43, -50});
  CHECK_EQ(dataset.get_batch()->size(), 4);
  CHECK_FALSE(dataset.get_batch().has_value());
  CHECK_THROWS_AS(ChunkDatasetOptions(0, 4), ValueError);
  CHECK_THROWS_AS(ChunkDatasetOptions(1, 4, 3), ValueError);
}
