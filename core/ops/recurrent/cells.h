// The four recurrent cells as recurrent.cpp runs them: over rows of memory, and over tensors where the
// derivative itself is to be differentiated. Private to the library.
#pragma once

#include <vector>

#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/recurrent/cell_formulas.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/pointwise.h>

namespace xgrad::recurrent {

/// Parts of `width` columns of a matrix.
struct Columns {
  Tensor rows;
  int64_t width;
  Tensor operator[](int64_t k) const { return rows.narrow(1, k * width, width); }
};

/// One step over memory. `kept` are the columns that backward needs; its first ones hold, before forward, the
/// state's part of the gates (with the input's added, unless `separate`).
struct Step {
  Columns x, kept;
  Tensor h, c;  ///< of before; c is changed in place
};
/// `gh` is the gradient of h', `gc` that of c', which becomes that of c. The gradients of the gates go to
/// `dx` as the input sees them and to `dh` as the state does (the same unless `separate`); `direct` takes
/// what reaches h around the gates.
struct StepBack {
  Columns kept, dx, dh;
  Tensor h, gh, gc, direct;
};

/// The same over tensors: h' and c', and what the derivative needs.
struct Stepped {
  Tensor h, c;
  std::vector<Tensor> kept;
};
struct Gradients {
  Tensor dx, dh, direct, dc;
};

template <class... V>
std::vector<Tensor> unpacked(const Pack<V...>& p) {
  std::vector<Tensor> all{p.value};
  if constexpr (sizeof...(V) > 1)
    for (Tensor& t : unpacked(p.rest)) all.push_back(std::move(t));
  return all;
}

struct Lstm {
  static constexpr OpName name{"lstm", "LstmBackward"};
  static constexpr int64_t gates = 4, kept = 6;  // i f g o, c, c'
  static constexpr bool separate = false, has_c = true;

  static void forward(const Step& s, const Tensor& to) {
    const Columns& k = s.kept;
    k[4].copy_(s.c);
    pointwise_into({to, s.c, k[0], k[1], k[2], k[3]}, LstmForward{}, k[0], k[1], k[2], k[3], s.c);
    k[5].copy_(s.c);
  }
  static void backward(const StepBack& s) {
    const Columns &k = s.kept, &d = s.dx;
    pointwise_into({d[0], d[1], d[2], d[3], s.gc}, LstmBackward{}, s.gh, s.gc, k[0], k[1], k[2], k[3], k[4],
                   k[5]);
  }

  static Stepped step(const Tensor& x, const Tensor& hidden, const Tensor&, const Tensor& c) {
    const std::vector<Tensor> g = (x + hidden).chunk(4, 1);
    const std::vector<Tensor> out = unpacked(LstmForward::forward(g[0], g[1], g[2], g[3], c));
    return {out[0], out[1], {out[2], out[3], out[4], out[5], c, out[1]}};
  }
  static Gradients back(const std::vector<Tensor>& k, const Tensor& gh, const Tensor& gc) {
    const std::vector<Tensor> d = unpacked(LstmBackward::forward(gh, gc, k[0], k[1], k[2], k[3], k[4], k[5]));
    const Tensor gates_gradient = cat({d[0], d[1], d[2], d[3]}, 1);
    return {gates_gradient, gates_gradient, {}, d[4]};
  }
};

struct Gru {
  static constexpr OpName name{"gru", "GruBackward"};
  static constexpr int64_t gates = 3, kept = 4;  // r z, the state's part in n, n
  static constexpr bool separate = true, has_c = false;

  static void forward(const Step& s, const Tensor& to) {
    const Columns &k = s.kept, &x = s.x;
    pointwise_into({to, k[0], k[1], k[3]}, GruForward{}, x[0], x[1], x[2], k[0], k[1], k[2], s.h);
  }
  static void backward(const StepBack& s) {
    const Columns &k = s.kept, &d = s.dx;
    pointwise_into({d[0], d[1], d[2], s.dh[2], s.direct}, GruBackward{}, s.gh, k[0], k[1], k[3], k[2], s.h);
    s.dh.rows.narrow(1, 0, 2 * d.width).copy_(d.rows.narrow(1, 0, 2 * d.width));
  }

  static Stepped step(const Tensor& x, const Tensor& hidden, const Tensor& h, const Tensor&) {
    const std::vector<Tensor> a = x.chunk(3, 1), b = hidden.chunk(3, 1);
    const std::vector<Tensor> out = unpacked(GruForward::forward(a[0], a[1], a[2], b[0], b[1], b[2], h));
    return {out[0], {}, {out[1], out[2], out[3], b[2], h}};
  }
  static Gradients back(const std::vector<Tensor>& k, const Tensor& gh, const Tensor&) {
    const std::vector<Tensor> d = unpacked(GruBackward::forward(gh, k[0], k[1], k[2], k[3], k[4]));
    return {cat({d[0], d[1], d[2]}, 1), cat({d[0], d[1], d[3]}, 1), d[4], {}};
  }
};

template <bool relu>
struct Rnn {
  static constexpr OpName name =
      relu ? OpName{"rnn_relu", "RnnReluBackward"} : OpName{"rnn_tanh", "RnnTanhBackward"};
  static constexpr int64_t gates = 1, kept = 1;
  static constexpr bool separate = false, has_c = false;

  static void forward(const Step& s, const Tensor& to) {
    pointwise_into({s.kept[0]}, RnnForward<relu>{}, s.kept[0]);
    to.copy_(s.kept[0]);
  }
  static void backward(const StepBack& s) { pointwise_into({s.dx[0]}, RnnBackward<relu>{}, s.gh, s.kept[0]); }

  static Stepped step(const Tensor& x, const Tensor& hidden, const Tensor&, const Tensor&) {
    const Tensor h = RnnForward<relu>::forward(x + hidden);
    return {h, {}, {h}};
  }
  static Gradients back(const std::vector<Tensor>& k, const Tensor& gh, const Tensor&) {
    const Tensor d = RnnBackward<relu>::forward(gh, k[0]);
    return {d, d, {}, {}};
  }
};

}  // namespace xgrad::recurrent
