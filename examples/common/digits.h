// Handwritten digits of 8 by 8 pixels.
#pragma once

#include <string>

#include "library.h"

struct Digits {
  xgrad::Tensor images;  // [n, 8, 8], from 0 to 1
  xgrad::Tensor labels;  // [n], from 0 to 9
};

/// A CSV file with 64 pixels from 0 to 16 and the digit in each row. Throws InputError.
Digits load_digits(const std::string& path);

/// The pictures [n, 8, 8] side by side, as text.
std::string picture_row(const xgrad::Tensor& images);
