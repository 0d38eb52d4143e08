// Sound.
#pragma once

#include <string>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::data {

struct Sound {
  Tensor samples;  ///< [channels, samples] in float; those of integers are from -1 to 1.
  int64_t sample_rate = 0;
};

/// A .wav file of integers of 8, 16, 24 or 32 bits or floats of 32 or 64. Error names the file and the byte.
XGRAD_API Sound load_wav(const std::string& path);

}  // namespace xgrad::data
