// A reduction formula read as an op over tensors: dimensions, dtypes and shapes around the formula's
// kernel and derivative. Private to the library.
#pragma once

#include <tuple>
#include <type_traits>

#include <xgrad/core/kernels/reduce/reduce.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/stanza/reduced_dims.h>
#include <xgrad/core/tensor/array_view.h>

namespace xgrad::ops {

/// Over what a formula's derivative reduced.
struct Over {
  const ReducedDims& dims;
  IntArrayRef sizes;  ///< of the input
  DimVector list() const { return dims.list(); }
};

/// A formula whose state may leave the range of float32 where its results do not: an infinite result shows
/// it, and one below `least`.
template <class F>
concept Ranged = requires {
  F::least;
};

/// Whether float32, or bfloat16, which is computed in it, could not hold what a result was formed of.
bool left_range(const Tensor& result, float least);

/// The formula over the dimensions `dims` of x: a tensor of `dtype`, or a pair; positions are int64.
template <class F>
std::conditional_t<F::results == 1, Tensor, std::tuple<Tensor, Tensor>> reduced(const F& f, const Tensor& x,
                                                                                const ReducedDims& dims,
                                                                                ScalarType dtype) {
  // A truth value is no number of its own: elements become truth values before they are added.
  if (F::accumulate == Accumulate::result && dtype == ScalarType::Bool && x.dtype() != dtype)
    return reduced(f, x.to(dtype), dims, dtype);
  const DimVector sizes = dims.kept_sizes(x.sizes());
  const auto into = [&](const Tensor* outs) {
    kernels::ArrayView views[F::results];
    for (int k = 0; k < F::results; ++k) views[k] = array_view(outs[k]);
    kernels::reduce(f, views, array_view(x), dims.mask.data());
    if (!dims.keepdim)
      for (int k = 0; k < F::results; ++k) dims.drop(outs[k]);
  };
  if constexpr (F::results == 1) {
    Tensor out = new_tensor(dtype, sizes);
    into(&out);
    if constexpr (Ranged<F>)
      if (left_range(out, F::least)) return reduced(f, x, dims, kDouble).to(dtype);
    return out;
  } else {
    Tensor outs[] = {new_tensor(dtype, sizes), new_tensor(F::indexed ? kLong : dtype, sizes)};
    into(outs);
    if constexpr (Ranged<F>)
      if (left_range(outs[0], F::least)) {
        const auto [first, second] = reduced(f, x, dims, kDouble);
        return std::tuple<Tensor, Tensor>(first.to(dtype), second.to(dtype));
      }
    return std::tuple<Tensor, Tensor>(std::move(outs[0]), std::move(outs[1]));
  }
}

template <class F>
concept LinearReduction = requires {
  requires F::linear;
};

/// The op of a formula that has a derivative. Positions have no gradient.
template <class F>
struct Reduce : Kernel<1, F::indexed ? 1 : F::results> {
  static constexpr OpName name = F::name;
  static constexpr bool linear = LinearReduction<F>;
  F f;
  ReducedDims dims;
  DimVector from;
  ScalarType from_dtype, dtype;

  Reduce(const F& formula, const Tensor& x, const ReducedDims& over, ScalarType t)
      : f(formula), dims(over), from(x.sizes()), from_dtype(x.dtype()), dtype(t) {
    f.count = dims.count(from);
  }

  void attributes(auto& put) const {
    put("dims", dims.list());
    put("keepdim", dims.keepdim);
    if constexpr (requires { f.correction; }) put("correction", f.correction);
    if constexpr (requires { f.p; }) put("p", f.p);
  }

  auto forward(const Tensor& x) const { return reduced(f, x, dims, dtype); }

  template <class... T>
  Tensor backward(const T&... given) const {
    return stretched(gradient(typename F::saved{}, given...));
  }
  using saved = std::conditional_t<std::is_same_v<typename F::saved, Passed>, Saved<>, typename F::saved>;

  Symbol text(int, const Symbol& gradient, const Symbol* slots) const {
    if constexpr (std::is_same_v<typename F::saved, Passed>)
      return gradient;
    else if constexpr ((F::results == 1 || F::indexed) && requires { f.text(gradient, slots[0], slots[1]); })
      return f.text(gradient, slots[0], slots[1]);
    else
      return Symbol("");
  }

 private:
  Tensor gradient(Passed, const Tensor& g) const { return restored(g); }
  template <class... What, class... T>
  Tensor gradient(Saved<What...>, const Tensor& g, const T&... needed) const {
    const Over over{dims, from};
    if constexpr (sizeof...(T) == sizeof...(What))
      return f.backward(over, restored(g), ready<What::position>(needed)...);
    else
      return gradient_of_two(Saved<What...>{}, over, restored(g), needed...);
  }
  template <class... What, class... T>
  Tensor gradient_of_two(Saved<What...>, const Over& over, const Tensor& g, const Tensor& second,
                         const T&... needed) const {
    return f.backward(over, g, restored(second), ready<What::position>(needed)...);
  }

  // Beside the input; a gradient that did not arrive is undefined.
  Tensor restored(const Tensor& t) const { return t.defined() ? dims.restore(t, from) : t; }
  // An input in the dtype that was computed in; an output beside the input.
  template <int position>
  Tensor ready(const Tensor& t) const {
    if constexpr (position < 0)
      return restored(t);
    else
      return t.dtype() == dtype ? t : t.to(dtype);
  }
  Tensor stretched(const Tensor& g) const {
    const Tensor wide = g.sizes() == IntArrayRef(from) ? g : g.expand(from);
    return wide.dtype() == from_dtype ? wide : wide.to(from_dtype);
  }
};

/// The op of a formula that has none, and so no name for its node.
template <class F>
struct PlainReduce : Kernel<1> {
  static constexpr OpName name = F::name;
  F f;
  ReducedDims dims;
  ScalarType dtype;
  void attributes(auto& put) const {
    put("dims", dims.list());
    put("keepdim", dims.keepdim);
  }
  Tensor forward(const Tensor& x) const { return reduced(f, x, dims, dtype); }
};

/// Runs a formula over tensors, recorded where a gradient is wanted.
template <class F>
auto reduce(const F& f, const Tensor& x, const ReducedDims& dims, ScalarType dtype) {
  if constexpr (*F::name.node == '\0')
    return differentiable(PlainReduce<F>{{}, f, dims, dtype}, x);
  else
    return differentiable(Reduce<F>(f, x, dims, dtype), x);
}

}  // namespace xgrad::ops
