// xgrad's side of ./dev interop.
//   interop copy FROM TO           reads a file of torch.save and writes the same value
//   interop arrays FROM TO [compressed]   the same of numpy.savez, or of numpy.save
//   interop step FOLDER            reads net.pt and adam.pt, goes one step, writes stepped_net.pt and
//                                  stepped_adam.pt
//   interop libtorch FROM TO       reads what LibTorch wrote, compares, and writes for it
#include <fstream>
#include <iostream>
#include <iterator>

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

Tensor input() { return arange(12, kFloat).view({4, 3}); }

struct NetImpl : nn::Module {
  NetImpl() {
    fc1 = register_module("fc1", nn::Linear(3, 4));
    norm = register_module("norm", nn::BatchNorm1d(4));
    layers = register_module("layers", nn::Sequential(nn::Linear(4, 2), nn::ReLU()));
    gain = register_parameter("gain", arange(2, kFloat));
  }
  Tensor forward(const Tensor& x) { return layers->forward(norm(fc1(x))) * gain; }
  nn::Linear fc1{nullptr};
  nn::BatchNorm1d norm{nullptr};
  nn::Sequential layers{nullptr};
  Tensor gain;
};
XGRAD_MODULE(Net);

IValue read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return pickle_load({std::istreambuf_iterator<char>(in), {}});
}

int copy(const std::string& from, const std::string& to) {
  save(read(from), to);
  return 0;
}

int arrays(const std::string& from, const std::string& to, bool compressed) {
  if (from.substr(from.size() - 4) == ".npy")
    save_npy(load_npy(from), to);
  else
    save_npz(load_npz(from), to, compressed);
  return 0;
}

int step(const std::string& folder) {
  Net net;
  optim::Adam adam(net->parameters());
  load(net, folder + "/net.pt");
  load(adam, folder + "/adam.pt");
  adam.zero_grad();
  net(input()).sum().backward();
  adam.step();
  save(net, folder + "/stepped_net.pt");
  save(adam, folder + "/stepped_adam.pt");
  return 0;
}

bool check(bool good, const char* what) {
  std::cout << (good ? "xgrad reads LibTorch's " : "xgrad gets other values from LibTorch's ") << what
            << "\n";
  return good;
}

int libtorch(const std::string& from, const std::string& to) {
  Net net;
  load(net, from + "/net.pt");
  Tensor tensor, output;
  std::vector<Tensor> tensors;
  load(tensor, from + "/tensor.pt");
  load(tensors, from + "/tensors.pt");
  load(output, from + "/output.pt");
  optim::Adam adam(net->parameters());
  load(adam, from + "/adam.pt");
  net->eval();
  bool good = check(net(input()).allclose(output), "module");
  good &= check(tensor.equal(arange(6).view({2, 3})), "tensor");
  good &= check(tensors.size() == 2 && tensors[1].equal(zeros({3})), "tensors");
  good &=
      check(read(from + "/pickle.pt").toGenericDict().at("a").toTensor().equal(ones({2}, kDouble)), "pickle");
  good &= check(adam.param_groups()[0].options().get_lr() == 0.01 && adam.state().size() == 7, "optimizer");
  save(net->state_dict(), to + "/state.pt");
  save(output, to + "/output.pt");
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 3 && words[0] == "copy") return copy(words[1], words[2]);
  if (words.size() >= 3 && words[0] == "arrays") return arrays(words[1], words[2], words.size() > 3);
  if (words.size() == 2 && words[0] == "step") return step(words[1]);
  if (words.size() == 3 && words[0] == "libtorch") return libtorch(words[1], words[2]);
  std::cerr << "usage: interop copy FROM TO | arrays FROM TO [compressed] | step FOLDER | libtorch FROM TO\n";
  return 2;
} catch (const Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
