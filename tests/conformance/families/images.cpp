// Rows: patches, shuffling, resizing, sampling, and dropout of channels.
#include <stdexcept>

#include "../registry.h"

namespace conformance {

namespace {

namespace F = lib::nn::functional;

lib::ExpandingArray<2> pair(const Args& a, const char* name, int64_t fallback) {
  if (!a.has(name)) return fallback;
  if (!a.is_list(name)) return a.integer(name);
  return a.integers(name);  // two, or there is an exception
}

template <class Options>
Options windows(Options options, const Args& a) {
  return options.dilation(pair(a, "dilation", 1)).padding(pair(a, "padding", 0)).stride(pair(a, "stride", 1));
}

template <class Options>
Options with_mode(Options options, const std::string& mode) {
  if (mode == "nearest") return options.mode(lib::kNearest);
  if (mode == "linear") return options.mode(lib::kLinear);
  if (mode == "bilinear") return options.mode(lib::kBilinear);
  if (mode == "bicubic") return options.mode(lib::kBicubic);
  if (mode == "trilinear") return options.mode(lib::kTrilinear);
  if (mode == "area") return options.mode(lib::kArea);
  if (mode == "nearest-exact") return options.mode(lib::kNearestExact);
  throw std::invalid_argument("no mode " + mode);
}

// As many as the input has dimensions behind its channels.
template <class T>
std::vector<T> for_each_dimension(std::vector<T> list, const Args& a) {
  const auto dims = static_cast<size_t>(a.tensor("input").dim()) - 2;
  return list.size() == 1 ? std::vector<T>(dims, list[0]) : list;
}

F::InterpolateFuncOptions resized(const Args& a, const std::string& mode) {
  auto options = with_mode(F::InterpolateFuncOptions(), mode);
  if (a.has("size")) options.size(for_each_dimension(a.integers("size"), a));
  if (a.has("scale_factor")) {
    std::vector<double> scales;
    if (a.is_list("scale_factor")) {
      for (const Value& scale : a.value("scale_factor").items) scales.push_back(scale.to_real());
    } else {
      scales.push_back(a.real("scale_factor"));
    }
    options.scale_factor(for_each_dimension(scales, a));
  }
  if (a.has("align_corners")) options.align_corners(a.flag("align_corners"));
  if (a.has("recompute_scale_factor")) options.recompute_scale_factor(a.flag("recompute_scale_factor"));
  return options;
}

F::GridSampleFuncOptions sampled(const Args& a) {
  F::GridSampleFuncOptions options;
  const std::string mode = a.text("mode", "bilinear"), padding = a.text("padding_mode", "zeros");
  if (mode == "nearest") options.mode(lib::kNearest);
  if (mode == "bicubic") options.mode(lib::kBicubic);
  if (padding == "border") options.padding_mode(lib::kBorder);
  if (padding == "reflection") options.padding_mode(lib::kReflection);
  if (mode != "nearest" && mode != "bilinear" && mode != "bicubic")
    throw std::invalid_argument("no mode " + mode);
  if (padding != "zeros" && padding != "border" && padding != "reflection")
    throw std::invalid_argument("no padding_mode " + padding);
  return options.align_corners(a.flag("align_corners"));
}

template <class Options>
Options dropped(const Args& a, bool training) {
  return Options().p(a.real("p", 0.5)).training(a.flag("training", training));
}

}  // namespace

void register_images(Registry& registry) {
  Table& t = registry.ops;
  t.row("nn.functional.unfold", [](const Args& a) {
    return F::unfold(a.tensor("input"), windows(F::UnfoldFuncOptions(pair(a, "kernel_size", 1)), a));
  });
  t.row("nn.functional.fold", [](const Args& a) {
    return F::fold(a.tensor("input"),
                   windows(F::FoldFuncOptions(pair(a, "output_size", 1), pair(a, "kernel_size", 1)), a));
  });
  t.row("nn.functional.pixel_shuffle",
        [](const Args& a) { return lib::pixel_shuffle(a.tensor("self"), a.integer("upscale_factor")); });
  t.row("nn.functional.pixel_unshuffle",
        [](const Args& a) { return lib::pixel_unshuffle(a.tensor("self"), a.integer("downscale_factor")); });
  t.row("nn.functional.channel_shuffle",
        [](const Args& a) { return lib::channel_shuffle(a.tensor("self"), a.integer("groups")); });
  t.row("nn.functional.interpolate", [](const Args& a) {
    return F::interpolate(a.tensor("input"), resized(a, a.text("mode", "nearest")));
  });
  t.row("nn.functional.upsample_nearest",
        [](const Args& a) { return F::interpolate(a.tensor("input"), resized(a, "nearest")); });
  t.row("nn.functional.upsample_bilinear", [](const Args& a) {
    return F::interpolate(a.tensor("input"), resized(a, "bilinear").align_corners(true));
  });
  t.row("nn.functional.grid_sample",
        [](const Args& a) { return F::grid_sample(a.tensor("input"), a.tensor("grid"), sampled(a)); });
  t.row("nn.functional.affine_grid", [](const Args& a) {
    return F::affine_grid(a.tensor("theta"), a.integers("size"), a.flag("align_corners"));
  });
  t.row("nn.functional.dropout1d", [](const Args& a) {
    return F::dropout1d(a.tensor("input"), dropped<F::DropoutFuncOptions>(a, true));
  });
  t.row("nn.functional.dropout2d", [](const Args& a) {
    return F::dropout2d(a.tensor("input"), dropped<F::Dropout2dFuncOptions>(a, true));
  });
  t.row("nn.functional.dropout3d", [](const Args& a) {
    return F::dropout3d(a.tensor("input"), dropped<F::Dropout3dFuncOptions>(a, true));
  });
  t.row("nn.functional.alpha_dropout", [](const Args& a) {
    return F::alpha_dropout(a.tensor("input"), dropped<F::AlphaDropoutFuncOptions>(a, false));
  });
  t.row("nn.functional.feature_alpha_dropout", [](const Args& a) {
    return F::feature_alpha_dropout(a.tensor("input"), dropped<F::FeatureAlphaDropoutFuncOptions>(a, false));
  });
}

}  // namespace conformance
