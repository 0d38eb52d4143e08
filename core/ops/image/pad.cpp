// Margins, made of constant_pad_nd and of rows that are taken again.
#include <xgrad/core/ops/image/pad.h>

#include <utility>

#include <xgrad/core/ops/at.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/shape/parts.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

using ops::at;

enum class Margin { reflect, replicate, circular };

// Where position i of a line of n is found, for a margin that mirrors, repeats or wraps around at most once.
int64_t source(Margin margin, int64_t i, int64_t n) {
  if (margin == Margin::replicate) return std::clamp<int64_t>(i, 0, n - 1);
  if (margin == Margin::circular) return i < 0 ? i + n : i >= n ? i - n : i;
  return i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i;
}

void check_margins(Margin margin, const Tensor& self, IntArrayRef pad, int64_t dim, int64_t before,
                   int64_t after) {
  const int64_t n = self.size(dim), widest = std::max(before, after),
                rest = n + std::min<int64_t>(before, 0) + std::min<int64_t>(after, 0);
  XGRAD_CHECK(n > 0, "pad: only the batch may be empty: self is ", self.sizes());
  XGRAD_CHECK(margin != Margin::reflect || widest < n,
              "pad: a reflected margin must be smaller than the dimension: pad is ", pad, ", self is ",
              self.sizes(), " (dim ", dim, ": ", widest, " vs ", n, ")");
  XGRAD_CHECK(margin != Margin::circular || widest <= rest,
              "pad: a circular margin must not be larger than the dimension: pad is ", pad, ", self is ",
              self.sizes(), " (dim ", dim, ": ", widest, " vs ", rest, ")");
  constexpr int64_t limit = kMaxElements;
  XGRAD_CHECK(std::abs(before) < limit && std::abs(after) < limit && n + before + after > 0 &&
                  -std::min(before, after) < n,
              "pad: nothing is left, or too much is added: pad is ", pad, ", self is ", self.sizes(),
              " (dim ", dim, ")");
}

}  // namespace

Tensor pad(const Tensor& self, IntArrayRef pad, std::string_view mode, optional<double> value) {
  XGRAD_CHECK(pad.size() % 2 == 0, "pad: pad needs two numbers for each dimension: got ", pad);
  if (mode == "constant") return constant_pad_nd(self, pad, value.value_or(0));
  XGRAD_CHECK_AS(ValueError, mode == "reflect" || mode == "replicate" || mode == "circular",
                 "pad: mode must be 'constant', 'reflect', 'replicate' or 'circular': got '", mode, "'");
  XGRAD_CHECK(!value || *value == 0, "pad: mode '", mode, "' takes no value: got ", value.value_or(0));
  const auto dims = static_cast<int64_t>(pad.size() / 2);
  XGRAD_CHECK(dims >= 1 && dims <= 3 && (self.dim() == dims + 1 || self.dim() == dims + 2), "pad: mode '",
              mode, "' pads the last 1, 2 or 3 dimensions of channels and an optional batch: pad is ", pad,
              ", self is ", self.sizes());
  XGRAD_CHECK(mode == "circular" || self.size(-dims - 1) > 0, "pad: mode '", mode,
              "' needs a channel: self is ", self.sizes());
  const Margin margin = mode == "reflect"     ? Margin::reflect
                        : mode == "replicate" ? Margin::replicate
                                              : Margin::circular;
  for (int64_t d = 0; d < dims; ++d)
    check_margins(margin, self, pad, self.dim() - 1 - d, pad[at(2 * d)], pad[at(2 * d + 1)]);
  // Many planes share places in all their dimensions, which are looked up at once; else one dimension after
  // the other, the last one first.
  const bool together = self.numel() >= 8 * numel_of(self.sizes().slice(at(self.dim() - dims)));
  DimVector sizes(self.sizes());
  Tensor out = self, places = zeros({1}, kLong);
  for (int64_t k = 0; k < dims; ++k) {
    const int64_t d = together ? dims - 1 - k : k, dim = self.dim() - 1 - d, n = self.size(dim);
    const int64_t before = pad[at(2 * d)], after = pad[at(2 * d + 1)], size = n + before + after;
    // What goes around is what is left of the line.
    const bool around = margin == Margin::circular;
    const int64_t start = around ? std::max<int64_t>(-before, 0) : 0;
    const int64_t length = around ? n - start + std::min<int64_t>(after, 0) : n;
    sizes[at(dim)] = size;
    checked_numel("pad", sizes);
    const Tensor outer = std::exchange(places, new_tensor(kLong, {places.numel() * size}));
    const auto* const from = outer.data_ptr<int64_t>();
    auto* to = places.data_ptr<int64_t>();
    for (int64_t p = 0; p < outer.numel(); ++p)
      for (int64_t i = 0; i < size; ++i)
        *to++ = from[p] * n + start + source(margin, i - before - start, length);
    if (together) continue;
    if (before != 0 || after != 0) out = index_select(out, dim, places);
    places = outer;
  }
  return together ? index_select(self.flatten(-dims, -1), -1, places).reshape(sizes) : out;
}

namespace {

Tensor pad_dims(const char* op, const Tensor& self, IntArrayRef padding, int64_t dims, const char* mode) {
  XGRAD_CHECK(static_cast<int64_t>(padding.size()) == 2 * dims, op, ": padding must have ", 2 * dims,
              " numbers: it is ", padding);
  XGRAD_CHECK(self.dim() == dims + 1 || self.dim() == dims + 2, op, ": self must have ", dims + 1, " or ",
              dims + 2, " dimensions: self is ", self.sizes());
  return pad(self, padding, mode);
}

}  // namespace

#define XGRAD_PAD(name, dims, mode) \
  Tensor name(const Tensor& self, IntArrayRef padding) { return pad_dims(#name, self, padding, dims, mode); }
XGRAD_PAD(reflection_pad1d, 1, "reflect")
XGRAD_PAD(reflection_pad2d, 2, "reflect")
XGRAD_PAD(reflection_pad3d, 3, "reflect")
XGRAD_PAD(replication_pad1d, 1, "replicate")
XGRAD_PAD(replication_pad2d, 2, "replicate")
XGRAD_PAD(replication_pad3d, 3, "replicate")
#undef XGRAD_PAD

}  // namespace xgrad
