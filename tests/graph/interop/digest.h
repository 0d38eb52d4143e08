// What an ONNX model says, as one number.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include <xgrad/io/bytes.h>
#include <protozero/pbf_reader.hpp>

namespace models {

/// A checksum of all that the graph in the file says, but for the elements of float tensors, whose last bits
/// are not the same on all machines.
inline uint32_t digest(const std::string& path) {
  constexpr int kGraph = 7, kInitializer = 5, kDtype = 2, kRawData = 9, kFloat = 1;
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  uint32_t sum = 0;
  const auto add = [&](protozero::data_view part) {
    sum = xgrad::io::crc32(std::string_view(part.data(), part.size()), sum);
  };
  protozero::pbf_reader model(bytes);
  while (model.next(kGraph)) {
    protozero::pbf_reader graph = model.get_message();
    while (graph.next()) {
      if (graph.tag() != kInitializer) {
        add(graph.get_view());
        continue;
      }
      const protozero::data_view whole = graph.get_view();
      protozero::pbf_reader tensor(whole);
      bool is_float = false;
      std::size_t elements = 0;
      while (tensor.next()) {
        if (tensor.tag() == kDtype) {
          is_float = tensor.get_int32() == kFloat;
        } else if (tensor.tag() == kRawData) {
          elements = tensor.get_view().size();
        } else {
          tensor.skip();
        }
      }
      add({whole.data(),
           is_float && elements > sizeof(float) ? whole.size() - elements : whole.size()});  // they come last
    }
  }
  return sum;
}

}  // namespace models
