// Data on their way in: a loader's batches, and weights from a file. Compiled against xgrad and against
// LibTorch; only what both offer under the same names may appear.
#include "files.h"
#include "library.h"

namespace bench {

template <>
struct Result<std::vector<lib::Tensor>> {
  static void keep(const std::vector<lib::Tensor>& list) { Result<lib::Tensor>::keep(list.back()); }
  static Digest digest(const std::vector<lib::Tensor>& list) {
    return Result<lib::Tensor>::digest(list.back());
  }
};

namespace {

constexpr std::int64_t images = 60000;

class Images : public lib::data::datasets::Dataset<Images> {
 public:
  Images() : data_(filled({images, 1, 28, 28}, 1)), targets_(lib::tensor(labels(images, 10, 2))) {}
  lib::data::Example<> get(std::size_t index) override {
    const auto i = static_cast<std::int64_t>(index);
    return {data_[i], targets_[i]};
  }
  lib::optional<std::size_t> size() const override { return static_cast<std::size_t>(images); }

 private:
  lib::Tensor data_, targets_;
};

// An epoch in random order; its last batch is what is compared.
void add_loader(std::size_t workers) {
  namespace data = lib::data;
  workload("60,000 images in normalised batches of 64, " + std::to_string(workers) + " workers, per image")
      .per(images)
      .goal(3)
      .each([workers] {
        lib::manual_seed(0);
        auto dataset =
            Images().map(data::transforms::Normalize<>(0.1307, 0.3081)).map(data::transforms::Stack<>());
        using Made = decltype(data::make_data_loader(dataset, data::DataLoaderOptions()));
        const std::shared_ptr<typename Made::element_type> loader =
            data::make_data_loader(dataset, data::DataLoaderOptions(64).workers(workers));
        return [loader] {
          lib::Tensor last;
          for (auto& batch : *loader) last = batch.data;
          return last;
        };
      });
}

std::vector<lib::Tensor> weights(std::int64_t count, std::int64_t side) {
  std::vector<lib::Tensor> list;
  const lib::Tensor first = filled({side, side}, 1);
  for (std::int64_t i = 0; i < count; ++i) list.push_back(first * static_cast<double>(i + 1));
  return list;
}

// Each library reads what it wrote itself.
Workload& add_weights(const std::string& name, std::int64_t count, std::int64_t side) {
  Workload& row = workload(name);
  row.goal(2).each([count, side] {
    const auto file = std::make_shared<File>("weights.pt");
    lib::save(weights(count, side), file->path());
    return [file] {
      std::vector<lib::Tensor> read;
      lib::load(read, file->path());
      return read;
    };
  });
  return row;
}

}  // namespace

void add_data_workloads() {
  add_loader(0);
  add_loader(2);
  add_weights("load 64 MB of weights", file_tensors, file_side)
      .bytes(static_cast<double>(file_tensors * file_side * file_side) * 4);
  add_weights("load 1000 small weights, per tensor", 1000, 8).per(1000);
}

}  // namespace bench
