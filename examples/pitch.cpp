// The pitch of a voice or an instrument, by a network that others trained in Python: PESTO, from the package
// pesto-pitch. Its checkpoint says how large it is, and has its weights under Python's names.
#include <cmath>
#include <iostream>
#include <limits>

#include <xgrad/xgrad.h>

#include "common/arguments.h"
#include "common/input.h"
#include "common/terminal.h"

namespace {

namespace nn = xgrad::nn;
using xgrad::GenericDict;
using xgrad::Tensor;
constexpr double turn = 6.283185307179586;  // 2 pi

/// A constant-Q transform: how much of each frequency, in steps of a part of a semitone, is in the sound
/// around each moment. High frequencies are looked at through a shorter window than low ones.
struct ConstantQ {
  ConstantQ(const GenericDict& options, int64_t sample_rate, int64_t step) : hop(step) {
    const auto number = [&](const char* name) { return options.at(name).toInt(); };
    const int64_t bins = number("n_bins"), per_semitone = number("bins_per_semitone");
    const auto per_octave = static_cast<double>(12 * per_semitone), rate = static_cast<double>(sample_rate);
    const double ratio = std::exp2(1 / per_octave) - 1;
    const double lowest = options.at("fmin").toDouble() / std::exp2(static_cast<double>(per_semitone - 1) /
                                                                    static_cast<double>(24 * per_semitone));

    const auto f64 = xgrad::kDouble;
    const auto frequency = lowest * (xgrad::arange(bins, f64) / per_octave).exp2().unsqueeze(1);
    if (frequency.max().item<double>() > rate / 2)
      throw InputError("a sample rate of " + std::to_string(sample_rate) +
                       " is too low for the highest pitch");
    const auto gamma = static_cast<double>(options.contains("gamma") ? number("gamma") : 0);
    const auto length = (rate / ratio / (frequency + gamma / ratio)).ceil();
    const auto samples = static_cast<int64_t>(std::exp2(std::ceil(std::log2(length.max().item<double>()))));

    const auto time = xgrad::arange(-samples / 2, samples / 2, f64);
    const auto place = time + (length / 2).ceil();  // in the window
    const auto hann = 0.5 - 0.5 * (turn * place / length).cos();
    auto window = hann.masked_fill((place < 0).logical_or(place >= length), 0);
    window = window / window.sum(1, true);
    const auto phase = turn / rate * frequency * time;
    kernels = xgrad::cat({window * phase.cos(), window * -phase.sin()}).unsqueeze(1).to(xgrad::kFloat);
    scale = length.sqrt().to(xgrad::kFloat);
  }

  int64_t width() const { return kernels.size(2); }
  /// The magnitudes [times, bins] of samples [n].
  Tensor operator()(const Tensor& samples) const {
    const auto padded =
        nn::functional::pad(samples.view({1, 1, -1}),
                            nn::functional::PadFuncOptions({width() / 2, width() / 2}).mode(xgrad::kReflect));
    const auto parts =
        nn::functional::conv1d(padded, kernels, nn::functional::Conv1dFuncOptions().stride(hop))[0].chunk(2);
    return (xgrad::hypot(parts[0], parts[1]) * scale).t();
  }

  int64_t hop;
  Tensor kernels, scale;
};

/// From [times, 1, bins] to the odds [times, pitches].
struct Encoder : nn::Module {
  explicit Encoder(const GenericDict& options) {
    const auto number = [&](const char* name) { return options.at(name).toInt(); };
    const auto channels = options.at("n_chan_layers").toIntVector();
    if (channels.empty() || !options.at("residual").toBool() ||
        options.at("activation_fn").toStringRef() != "leaky")
      throw InputError("--weights: a network with other layers than this program has");
    const int64_t bins = number("n_bins_in"), pitches = number("output_dim"),
                  reach = number("prefilt_kernel_size");
    const auto layer = [&](nn::Sequential& into, int64_t in, int64_t out, int64_t kernel) {
      into->push_back(nn::Conv1d(nn::Conv1dOptions(in, out, kernel).padding(kernel / 2)));
      into->push_back(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(options.at("a_lrelu").toDouble())));
      into->push_back(nn::Dropout(options.at("p_dropout").toDouble()));
    };
    layernorm =
        register_module("layernorm", nn::LayerNorm(nn::LayerNormOptions({number("n_chan_input"), bins})));
    layer(conv1, number("n_chan_input"), channels[0], reach);
    for (int64_t i = 1; i < number("n_prefilt_layers"); ++i) {
      nn::Sequential filter;
      layer(filter, channels[0], channels[0], reach);
      prefilt_layers->push_back(filter);
    }
    for (size_t i = 1; i < channels.size(); ++i) layer(conv_layers, channels[i - 1], channels[i], 1);
    register_module("conv1", conv1);
    register_module("prefilt_layers", prefilt_layers);
    register_module("conv_layers", conv_layers);
    // A layer that moves its answer as far as its input moves: a convolution over all bins.
    const int64_t inputs = bins * channels.back();
    fc = register_module(
        "fc", nn::Conv1d(nn::Conv1dOptions(1, 1, inputs + pitches - 1).padding(pitches - 1).bias(false)));
  }

  Tensor forward(const Tensor& spectrum) {
    Tensor x = conv1->forward(layernorm(spectrum));
    for (const auto& filter : *prefilt_layers) x = x + filter->as<nn::Sequential>()->forward(x);
    return fc(conv_layers->forward(x).flatten(1).unsqueeze(1)).squeeze(1).softmax(-1);
  }

  nn::LayerNorm layernorm{nullptr};
  nn::Sequential conv1, conv_layers;
  nn::ModuleList prefilt_layers;
  nn::Conv1d fc{nullptr};
};

/// From the energies [times, bins] to how sure it is [times] that there is a pitch at all.
struct Confidence : nn::Module {
  Tensor forward(const Tensor& energy) {
    const auto flatness = energy.log().mean(1, true).exp() / energy.mean(1, true).clamp_min(1e-8);
    const auto shape = conv(energy.unsqueeze(1)).squeeze(1).relu();
    return linear(xgrad::cat({shape, flatness}, 1)).sigmoid().squeeze(1);
  }
  nn::Conv1d conv = register_module("conv", nn::Conv1d(nn::Conv1dOptions(1, 1, 39).stride(3)));
  nn::Linear linear = register_module("linear", nn::Linear(72, 1));
};

struct Pesto : nn::Module {
  explicit Pesto(const GenericDict& options)
      : encoder(register_module("encoder", std::make_shared<Encoder>(options))),
        confidence(register_module("confidence", std::make_shared<Confidence>())),
        shift(register_buffer("shift", xgrad::zeros({}))) {}

  std::shared_ptr<Encoder> encoder;
  std::shared_ptr<Confidence> confidence;
  Tensor shift;
};

/// The mean pitch [times], in semitones of MIDI, around the one with the best odds.
Tensor pitches(const Tensor& odds, int64_t per_semitone) {
  const auto around = xgrad::arange(1 - per_semitone, per_semitone);
  const auto near = (odds.argmax(1, true) + around).clamp(0, odds.size(1) - 1);
  const auto weights = odds.gather(1, near);
  return (weights * near).sum(1) / weights.sum(1) / static_cast<double>(per_semitone);
}

void run(const Arguments& args) {
  const xgrad::NoGradGuard no_grad;
  xgrad::serialize::InputArchive file, weights;
  file.load_from(args.file("weights"));
  xgrad::IValue options, transform;
  file.read("hparams", options);
  file.read("hcqt_params", transform);
  file.read("state_dict", weights);
  const GenericDict& network = options.toGenericDict();
  Pesto pesto(network.at("encoder").toGenericDict());
  xgrad::serialize::load_module(pesto, weights);
  pesto.eval();

  const auto sound = xgrad::data::load_wav(args.file("sound"));
  const auto step = args.real("step");
  const int64_t hop = std::lround(step * static_cast<double>(sound.sample_rate) / 1000);
  if (hop == 0) throw InputError("--step: is shorter than one sample");
  const ConstantQ constant_q(transform.toGenericDict(), sound.sample_rate, hop);
  if (sound.samples.size(1) <= constant_q.width() / 2)
    throw InputError("--sound: must have more than " + std::to_string(constant_q.width() / 2) + " samples");
  const auto power =
      2 * constant_q(sound.samples.mean(0)).clamp_min(std::numeric_limits<float>::epsilon()).log();

  const auto crop = network.at("pitch_shift").toGenericDict();
  const auto seen = power.slice(1, crop.at("max_steps").toInt(), crop.at("min_steps").toInt());
  const int64_t per_semitone = transform.toGenericDict().at("bins_per_semitone").toInt();
  const auto moved = std::lrint(pesto.shift.item<double>() * static_cast<double>(per_semitone));
  const auto pitch = pitches(pesto.encoder->forward(seen.unsqueeze(1)).roll(-moved, -1), per_semitone);
  const auto frequency = 440 * ((pitch - 69) / 12).exp2();
  const auto confidence = pesto.confidence->forward(power.exp());

  std::cout << "time,frequency,confidence\n";
  for (int64_t i = 0; i < frequency.size(0); ++i)
    std::cout << fixed(static_cast<double>(i) * step / 1000, 3) << ","
              << fixed(frequency[i].item<double>(), 3) << "," << fixed(confidence[i].item<double>(), 4)
              << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  return Arguments("pitch", "how high a voice or an instrument sounds, as time, Hz and how sure it is",
                   {{"weights", "", "mir-1k_g7.ckpt of the Python package pesto-pitch", true},
                    {"sound", "", "a .wav file of one voice", true},
                    {"step", "10.0", "milliseconds from one line to the next"}},
                   false)
      .run(argc, argv, run);
}
