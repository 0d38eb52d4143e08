// Modules print as Python's repr. The texts are recorded from PyTorch 1.13, those of images from
// 2.15.
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

TEST_CASE("a list says equal neighbours once, as Python's does; a sequence does not") {
  CHECK(printed(nn::ModuleList(nn::Linear(1, 2), nn::Linear(1, 2), nn::ReLU(), nn::ReLU(), nn::ReLU(),
                               nn::Tanh())) ==
        "ModuleList(\n"
        "  (0-1): 2 x Linear(in_features=1, out_features=2, bias=True)\n"
        "  (2-4): 3 x ReLU()\n"
        "  (5): Tanh()\n"
        ")");
  CHECK(printed(
            nn::ModuleList(nn::Sequential(nn::ReLU(), nn::ReLU()), nn::Sequential(nn::ReLU(), nn::ReLU()))) ==
        "ModuleList(\n"
        "  (0-1): 2 x Sequential(\n"
        "    (0): ReLU()\n"
        "    (1): ReLU()\n"
        "  )\n"
        ")");
  CHECK(printed(nn::ModuleList()) == "ModuleList()");
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

TEST_CASE("convolutions print as in Python") {
  CHECK(printed(nn::Conv1d(1, 2, 3)) == "Conv1d(1, 2, kernel_size=(3,), stride=(1,))");
  CHECK(printed(nn::Conv2d(nn::Conv2dOptions(4, 6, {3, 5})
                               .stride(2)
                               .padding({1, 2})
                               .dilation(2)
                               .groups(2)
                               .bias(false)
                               .padding_mode(xgrad::kReflect))) ==
        "Conv2d(4, 6, kernel_size=(3, 5), stride=(2, 2), padding=(1, 2), dilation=(2, 2), groups=2, "
        "bias=False, "
        "padding_mode=reflect)");
  CHECK(printed(nn::Conv3d(nn::Conv3dOptions(1, 2, 3).padding(xgrad::kSame))) ==
        "Conv3d(1, 2, kernel_size=(3, 3, 3), stride=(1, 1, 1), padding=same)");
  CHECK(printed(nn::ConvTranspose2d(
            nn::ConvTranspose2dOptions(4, 2, 3).stride(2).padding(1).output_padding(1))) ==
        "ConvTranspose2d(4, 2, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), output_padding=(1, 1))");
}

TEST_CASE("pooling prints as in Python") {
  CHECK(printed(nn::MaxPool1d(2)) ==
        "MaxPool1d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)");
  CHECK(printed(nn::MaxPool2d(nn::MaxPool2dOptions({2, 3}).stride(1))) ==
        "MaxPool2d(kernel_size=(2, 3), stride=1, padding=0, dilation=1, ceil_mode=False)");
  CHECK(printed(nn::AvgPool1d(2)) == "AvgPool1d(kernel_size=(2,), stride=(2,), padding=(0,))");
  CHECK(printed(nn::AvgPool3d(nn::AvgPool3dOptions({1, 2, 3}))) ==
        "AvgPool3d(kernel_size=(1, 2, 3), stride=(1, 2, 3), padding=0)");
  CHECK(printed(nn::LPPool2d(nn::LPPool2dOptions(2, {3, 2}))) ==
        "LPPool2d(norm_type=2.0, kernel_size=(3, 2), stride=None, ceil_mode=False)");
  CHECK(printed(nn::AdaptiveAvgPool2d(1)) == "AdaptiveAvgPool2d(output_size=1)");
  CHECK(printed(nn::AdaptiveMaxPool2d(nn::AdaptiveMaxPool2dOptions({std::nullopt, 5}))) ==
        "AdaptiveMaxPool2d(output_size=(None, 5))");
  CHECK(printed(nn::MaxUnpool2d(2)) == "MaxUnpool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))");
  CHECK(printed(nn::FractionalMaxPool2d(nn::FractionalMaxPool2dOptions(2).output_size(3))) ==
        "FractionalMaxPool2d()");
}

TEST_CASE("layers of images print as in Python") {
  CHECK(printed(nn::ReflectionPad2d(nn::ReflectionPad2dOptions({1, 2, 3, 4}))) ==
        "ReflectionPad2d((1, 2, 3, 4))");
  CHECK(printed(nn::ZeroPad1d(1)) == "ZeroPad1d((1, 1))");
  CHECK(printed(nn::ConstantPad1d(2, 3.5)) == "ConstantPad1d(padding=(2, 2), value=3.5)");
  CHECK(printed(nn::Unfold(2)) == "Unfold(kernel_size=2, dilation=1, padding=0, stride=1)");
  CHECK(printed(nn::Fold(nn::FoldOptions({4, 5}, 2))) ==
        "Fold(output_size=(4, 5), kernel_size=2, dilation=1, padding=0, stride=1)");
  CHECK(printed(nn::PixelShuffle(2)) == "PixelShuffle(upscale_factor=2)");
  CHECK(printed(nn::PixelUnshuffle(3)) == "PixelUnshuffle(downscale_factor=3)");
  CHECK(printed(nn::ChannelShuffle(2)) == "ChannelShuffle(groups=2)");
  CHECK(printed(nn::Upsample(nn::UpsampleOptions().scale_factor({{2}}))) ==
        "Upsample(scale_factor=2.0, mode='nearest')");
  CHECK(printed(nn::Upsample(nn::UpsampleOptions().size({{3, 4}}).mode(xgrad::kBilinear))) ==
        "Upsample(size=(3, 4), mode='bilinear')");
  CHECK(printed(nn::Dropout2d(0.2)) == "Dropout2d(p=0.2, inplace=False)");
  CHECK(printed(nn::FeatureAlphaDropout()) == "FeatureAlphaDropout(p=0.5, inplace=False)");
  CHECK(printed(nn::Unflatten(1, std::vector<int64_t>{2, 3})) == "Unflatten(dim=1, unflattened_size=(2, 3))");
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
