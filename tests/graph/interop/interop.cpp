// Writes event files and ONNX models, with their inputs and results, for interop.py.
#include <iostream>

#include "digest.h"
#include "models.h"

#include <xgrad/io/npy.h>

using namespace xgrad;

namespace {

void write_events(const std::string& folder) {
  graph::SummaryWriter writer(folder);
  for (int i = 0; i < 5; ++i) {
    writer.add_scalar("lr", 0.1 / (i + 1), i);
    writer.add_scalar("loss/train", 1. / (i + 1), i);
    writer.add_scalars("loss", {{"train", 1}, {"valid", 2}}, i);
  }
  writer.add_histogram("weight", arange(-50, 50).to(kDouble) / 7, 1);
  Tensor picture = zeros({3, 2, 3});
  picture[0][0][0] = 1;
  picture[2][1][2] = 1;
  writer.add_image("picture", picture, 1);
  writer.add_text("note", "hello *there*", 1);
}

void write_models(const std::string& folder) {
  std::ofstream digests(folder + "/digests.txt");
  for (const models::Model& model : models::all()) {
    const auto values = model.write(folder + "/" + model.name + ".onnx");
    OrderedDict<std::string, Tensor> arrays;
    const char* const kinds[] = {"input", "output"};
    for (std::size_t k = 0; k < 2; ++k)
      for (std::size_t i = 0; i < values[k].size(); ++i)
        arrays.insert(i == 0 ? kinds[k] : concat(kinds[k], "_", i), values[k][i].contiguous());
    save_npz(arrays, folder + "/" + model.name + ".npz");
    digests << model.name << " " << models::digest(folder + "/" + model.name + ".onnx") << "\n";
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::cerr << "usage: graph_interop FOLDER\n";
    return 2;
  }
  write_events(std::string(argv[1]) + "/events");
  write_models(argv[1]);
  return 0;
} catch (const Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
