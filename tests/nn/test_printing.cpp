// Modules print as Python's repr. The texts are recorded from PyTorch 1.13.
#include <doctest/doctest.h>

#include "values.h"

namespace nn = xgrad::nn;

namespace {

struct Block : nn::Module {
  Block() {
    register_module("layers",
                    nn::ModuleList(nn::Linear(nn::LinearOptions(2, 2).bias(false)), nn::ReLU(true)));
    register_module("drop", nn::Dropout(0.25));
    register_module("flat", nn::Flatten());
    register_module("soft", nn::Softmax(1));
    register_module("loss", nn::CrossEntropyLoss());
  }
};

struct Two : nn::Module {
  std::string extra_repr() const override { return "a=1\nb=2"; }
};
struct Three : Two {
  Three() { register_module("two", two); }
  Two two;
};

template <class T>
struct GenericImpl : nn::Module {};

}  // namespace

TEST_CASE("a tree of modules prints as in Python") {
  CHECK(printed(Block()) ==
        "Block(\n"
        "  (layers): ModuleList(\n"
        "    (0): Linear(in_features=2, out_features=2, bias=False)\n"
        "    (1): ReLU(inplace=True)\n"
        "  )\n"
        "  (drop): Dropout(p=0.25, inplace=False)\n"
        "  (flat): Flatten(start_dim=1, end_dim=-1)\n"
        "  (soft): Softmax(dim=1)\n"
        "  (loss): CrossEntropyLoss()\n"
        ")");
}

TEST_CASE("a module without children prints on one line") {
  CHECK(printed(nn::Linear(3, 4)) == "Linear(in_features=3, out_features=4, bias=True)");
  CHECK(printed(nn::Sequential()) == "Sequential()");
  CHECK(printed(nn::Sigmoid()) == "Sigmoid()");
  CHECK(printed(nn::ReLU()) == "ReLU()");
  CHECK(printed(nn::LogSoftmax(-1)) == "LogSoftmax(dim=-1)");
  CHECK(printed(nn::Dropout(1e-5)) == "Dropout(p=1e-05, inplace=False)");
  CHECK(printed(nn::MSELoss()) == "MSELoss()");
  CHECK(printed(nn::Identity(3, "any")) == "Identity()");
}

TEST_CASE("activations print as in Python") {
  CHECK(printed(nn::ELU()) == "ELU(alpha=1.0)");
  CHECK(printed(nn::ELU(nn::ELUOptions(2).inplace(true))) == "ELU(alpha=2.0, inplace=True)");
  CHECK(printed(nn::CELU()) == "CELU(alpha=1.0)");
  CHECK(printed(nn::SELU()) == "SELU()");
  CHECK(printed(nn::SELU(true)) == "SELU(inplace=True)");
  CHECK(printed(nn::LeakyReLU()) == "LeakyReLU(negative_slope=0.01)");
  CHECK(printed(nn::Hardtanh()) == "Hardtanh(min_val=-1.0, max_val=1.0)");
  CHECK(printed(nn::ReLU6()) == "ReLU6()");
  CHECK(printed(nn::Threshold(0.5, 20)) == "Threshold(threshold=0.5, value=20.0)");
  CHECK(printed(nn::Hardshrink()) == "Hardshrink(0.5)");
  CHECK(printed(nn::Softshrink(0.25)) == "Softshrink(0.25)");
  CHECK(printed(nn::Softplus()) == "Softplus(beta=1.0, threshold=20.0)");
  CHECK(printed(nn::GELU()) == "GELU(approximate='none')");
  CHECK(printed(nn::GLU()) == "GLU(dim=-1)");
  CHECK(printed(nn::PReLU()) == "PReLU(num_parameters=1)");
  CHECK(printed(nn::Softmin(1)) == "Softmin(dim=1)");
  CHECK(printed(nn::SiLU()) == "SiLU()");
  CHECK(printed(nn::Tanhshrink()) == "Tanhshrink()");
}

TEST_CASE("several extra lines are indented") {
  CHECK(printed(Two()) == "Two(\n  a=1\n  b=2\n)");
  CHECK(printed(Three()) == "Three(\n  a=1\n  b=2\n  (two): Two(\n    a=1\n    b=2\n  )\n)");
}

TEST_CASE("the name is that of the class") {
  CHECK(Block().name() == "Block");
  CHECK(nn::Linear(1, 1)->name() == "Linear");
  CHECK(GenericImpl<float>().name() == "Generic<float>");
  CHECK(nn::Module("Mine").name() == "Mine");
}
