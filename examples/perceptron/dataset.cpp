// Choosing and checking of columns and classes, and reading of the numbers.
// Nothing about tensors comes in here.
#include "dataset.h"

#include <algorithm>
#include <cmath>

#include "common/csv.h"
#include "common/input.h"

namespace {

bool contains(const std::vector<std::string>& items, const std::string& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

size_t choose_target(const CsvFile& file, const Options& options) {
  return options.target.empty() ? file.columns.size() - 1 : file.column(options.target);
}

std::vector<std::string> choose_columns(const CsvFile& file, const Options& options, size_t target) {
  const auto& target_name = file.columns[target];
  auto chosen = options.columns;
  if (contains(chosen, target_name)) file.fail(1, target, "is the target, so it cannot be learned from");
  if (chosen.empty()) {
    for (const auto& name : file.columns) {
      if (name != target_name) chosen.push_back(name);
    }
  }
  if (chosen.empty()) file.fail(1, target, "is the only one, so there is nothing to learn from");
  return chosen;
}

std::vector<std::string> choose_classes(const CsvFile& file, const Options& options, size_t target) {
  std::vector<std::string> all;
  for (const auto& row : file.rows) {
    const auto& name = row.fields[target];
    if (name.empty()) file.fail(row.line, target, "empty where a class should be");
    if (!contains(all, name)) all.push_back(name);
    if (all.size() > 1000) file.fail(row.line, target, "more than 1000 classes, is this the target?");
  }
  if (all.size() == 1) {
    file.fail(file.rows[0].line, target, "only one class, " + quoted(all[0]) + ", two are needed");
  }
  for (const auto& name : options.classes) {
    if (!contains(all, name)) file.fail(1, target, "no class " + quoted(name) + ", there are " + joined(all));
  }
  return options.classes.empty() ? std::vector<std::string>{all[0], all[1]} : options.classes;
}

double number_at(const CsvFile& file, const CsvRow& row, size_t column) {
  double number = 0;
  const auto& text = row.fields[column];
  if (text.empty()) file.fail(row.line, column, "empty where a number should be");
  if (!parse_number(text, number)) file.fail(row.line, column, quoted(text) + " is not a number");
  if (std::abs(number) > 1e100)
    file.fail(row.line, column, quoted(text) + " is too large, its square overflows");
  return number;
}

}  // namespace

Dataset load_dataset(const Options& options) {
  const CsvFile file = read_csv(options.data);
  const size_t target = choose_target(file, options);
  Dataset data;
  data.columns = choose_columns(file, options, target);
  std::vector<size_t> indices;
  for (const auto& name : data.columns) indices.push_back(file.column(name));
  data.classes = choose_classes(file, options, target);

  for (const auto& row : file.rows) {
    std::vector<double> numbers;
    for (const size_t index : indices) numbers.push_back(number_at(file, row, index));
    if (!contains(data.classes, row.fields[target])) continue;
    data.inputs.push_back(std::move(numbers));
    data.desired.push_back(row.fields[target] == data.classes[1] ? 1 : 0);
  }
  for (auto* names : {&data.classes, &data.columns})
    for (auto& name : *names) name = printable(name);
  return data;
}
