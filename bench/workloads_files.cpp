// Formats that LibTorch has no reader for, beside what reads them elsewhere: see peers.py and hand_files.cpp.
#include "files.h"
#include "library.h"

namespace bench {

template <>
struct Result<lib::data::CsvTable> {
  static void keep(const lib::data::CsvTable& table) { keep_pointer(table.columns()[0].values.data_ptr()); }
  // Of the columns of numbers.
  static Digest digest(const lib::data::CsvTable& table) {
    std::vector<std::string> names;
    for (const auto& column : table.columns())
      if (column.categories.empty()) names.push_back(column.name);
    return Result<lib::Tensor>::digest(table.matrix(names));
  }
};

namespace {

void add_csv(const std::string& name, std::string (*text)()) {
  workload(name).goal(1).each([text] {
    const auto file = std::make_shared<File>("table.csv");
    file->write({text()});
    return [file] { return lib::data::read_csv(file->path()); };
  });
}

void add_safetensors() {
  workload("safetensors of 64 MB: open and sum")
      .bytes(static_cast<double>(file_tensors * file_side * file_side) * 4)
      .hand(1.1)
      .each([] {
        const auto file = std::make_shared<File>("weights.safetensors");
        lib::OrderedDict<std::string, lib::Tensor> tensors;
        const lib::Tensor first = filled({file_side, file_side}, 1);
        for (std::int64_t i = 0; i < file_tensors; ++i)
          tensors.insert(std::to_string(100 + i), first * static_cast<double>(i + 1));
        lib::save_safetensors(tensors, file->path());
        return [file] {
          std::vector<lib::Tensor> sums;
          for (const auto& item : lib::load_safetensors(file->path())) sums.push_back(item->sum());
          return lib::stack(sums);
        };
      });
}

}  // namespace

void add_file_workloads() {
  add_csv("read_csv of 100,000 rows of 8 numbers", csv_of_numbers);
  add_csv("read_csv of 100,000 rows of numbers, words and truths", csv_of_everything);
  add_safetensors();
}

}  // namespace bench
