// The side of LibTorch in ./dev interop.
//   libtorch save FOLDER    writes a model, its optimizer, tensors and a dict
//   libtorch load FOLDER    reads those that xgrad wrote
#include <torch/torch.h>

#include <fstream>
#include <iostream>
#include <iterator>

namespace {

struct NetImpl : torch::nn::Module {
  NetImpl() {
    fc1 = register_module("fc1", torch::nn::Linear(3, 4));
    norm = register_module("norm", torch::nn::BatchNorm1d(4));
    layers = register_module("layers", torch::nn::Sequential(torch::nn::Linear(4, 2), torch::nn::ReLU()));
    gain = register_parameter("gain", torch::arange(2, torch::kFloat));
  }
  torch::Tensor forward(torch::Tensor x) { return layers->forward(norm(fc1(x))) * gain; }
  torch::nn::Linear fc1{nullptr};
  torch::nn::BatchNorm1d norm{nullptr};
  torch::nn::Sequential layers{nullptr};
  torch::Tensor gain;
};
TORCH_MODULE(Net);

torch::Tensor input() { return torch::arange(12, torch::kFloat).view({4, 3}); }

std::vector<char> bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int main(int, char** argv) {
  const std::string folder = std::string(argv[2]) + "/";
  torch::manual_seed(0);
  if (argv[1] == std::string("save")) {
    Net net;
    torch::optim::Adam adam(net->parameters(), torch::optim::AdamOptions(0.01));
    for (int i = 0; i < 3; ++i) {
      adam.zero_grad();
      net(input()).sum().backward();
      adam.step();
    }
    torch::save(net, folder + "net.pt");
    torch::save(adam, folder + "adam.pt");
    torch::save(torch::arange(6).view({2, 3}), folder + "tensor.pt");
    torch::save(std::vector<torch::Tensor>{torch::ones({2}), torch::zeros({3})}, folder + "tensors.pt");
    net->eval();
    torch::save(net(input()), folder + "output.pt");
    c10::Dict<std::string, torch::Tensor> dict;
    dict.insert("a", torch::ones({2}, torch::kDouble));
    const auto pickled = torch::pickle_save(dict);
    std::ofstream(folder + "pickle.pt", std::ios::binary).write(pickled.data(), pickled.size());
    return 0;
  }
  const auto value = torch::pickle_load(bytes_of(folder + "state.pt")).toGenericDict();
  Net net;
  torch::NoGradGuard no_grad;
  for (auto& p : net->named_parameters()) p.value().copy_(value.at(p.key()).toTensor());
  for (auto& b : net->named_buffers()) b.value().copy_(value.at(b.key()).toTensor());
  net->eval();
  const auto expected = torch::pickle_load(bytes_of(folder + "output.pt")).toTensor();
  const bool same = torch::allclose(net(input()), expected);
  std::cout << (same ? "LibTorch reads xgrad's pickle\n"
                     : "LibTorch gets other values from xgrad's pickle\n");
  return same ? 0 : 1;
}
