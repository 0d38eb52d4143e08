#include "digits.h"

#include "csv.h"
#include "input.h"
#include "terminal.h"

Digits load_digits(const std::string& path) {
  const CsvFile file = read_csv(path);
  if (file.columns.size() != 65) file.fail(1, 64, "there must be 64 pixels and the digit");
  std::vector<float> pixels;
  std::vector<int64_t> labels;
  for (const CsvRow& row : file.rows)
    for (size_t c = 0; c < 65; ++c) {
      int64_t value = 0;
      const int64_t largest = c < 64 ? 16 : 9;
      if (!parse_number(row.fields[c], value) || value < 0 || value > largest)
        file.fail(row.line, c,
                  quoted(row.fields[c]) + " is not a whole number from 0 to " + std::to_string(largest));
      if (c < 64)
        pixels.push_back(static_cast<float>(value) / 16);
      else
        labels.push_back(value);
    }
  return {xgrad::tensor(pixels).view({-1, 8, 8}), xgrad::tensor(labels)};
}

std::string picture_row(const xgrad::Tensor& images) {
  const auto padded = xgrad::cat({images, xgrad::zeros({images.size(0), 8, 1})}, 2);
  const auto side_by_side = padded.permute({1, 0, 2}).reshape({8, -1});
  std::vector<double> pixels;
  for (int64_t i = 0; i < side_by_side.size(0); ++i)
    for (int64_t j = 0; j < side_by_side.size(1); ++j) pixels.push_back(side_by_side[i][j].item<double>());
  return picture(pixels, static_cast<size_t>(side_by_side.size(1)));
}
