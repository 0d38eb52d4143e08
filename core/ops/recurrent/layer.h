// One layer of a recurrent network in one direction as one op: its steps share the product of all their
// inputs, and one product gives the gradient of the weights. Private to the library.
#pragma once

#include <algorithm>
#include <array>

#include <xgrad/core/kernels/gemm/gemm.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/recurrent/cells.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/tensor/absent.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::recurrent {

/// to = op(a) op(b) + addend (a matrix or a row), for matrices whose rows are dense.
inline void product(const Tensor& to, const Tensor& a, bool trans_a, const Tensor& b, bool trans_b,
                    const Tensor& addend = {}) {
  const auto leading = [](const Tensor& t) { return std::max(t.stride(0), t.size(1)); };
  const bool adds = addend.defined();
  dispatch<ComputeFloats>("recurrent", to.dtype(), [&]<class T>() {
    kernels::gemm<T>(trans_a, trans_b, to.size(0), to.size(1), a.size(trans_a ? 0 : 1), T(1), a.data_ptr<T>(),
                     leading(a), b.data_ptr<T>(), leading(b), adds ? T(1) : T(0),
                     adds ? addend.data_ptr<T>() : nullptr, !adds || addend.dim() == 1 ? 0 : leading(addend),
                     to.data_ptr<T>(), leading(to));
  });
}

inline Tensor copy_of(const Tensor& t) {
  Tensor copy = new_tensor(t.dtype(), t.sizes());
  copy.copy_(t);
  return copy;
}
inline Tensor or_zeros(const Tensor& t, const Tensor& like) {
  return t.defined() ? copy_of(t) : zeros(like.sizes(), like.options());
}
/// The first rows of `all` replaced.
inline Tensor with_first(const Tensor& rows, const Tensor& all) {
  const int64_t n = rows.size(0), rest = all.size(0) - n;
  return rest == 0 ? rows : cat({rows, all.narrow(0, n, rest)}, 0);
}

/// Inputs: the input's part of the gates, of all steps ([rows, gates * hidden]); h and c of before; w_hh;
/// b_hh where it is not in the gates already; w_hr. Results: h of all steps, the last h and c (empty where a
/// cell has none), and what backward needs: [h of before | what the cell keeps | h before w_hr].
template <class Cell>
struct Layer : Kernel<6, 3> {
  static constexpr OpName name = Cell::name;
  using optional = Inputs<2, 4, 5>;
  DimVector batch_sizes;  // of each step, none larger than the one before
  bool reverse;

  // f(step, its first row, its number of rows), in the order of the sequences or `back`.
  template <class F>
  void each_step(bool back, const F& f) const {
    const auto steps = static_cast<int64_t>(batch_sizes.size());
    const bool descending = back != reverse;
    int64_t row = descending ? numel() : 0;
    for (int64_t i = 0; i < steps; ++i) {
      const int64_t step = descending ? steps - 1 - i : i, n = batch_sizes[static_cast<std::size_t>(step)];
      if (descending) row -= n;
      f(static_cast<std::size_t>(step), row, n);
      if (!descending) row += n;
    }
  }
  int64_t numel() const {
    int64_t rows = 0;
    for (const int64_t n : batch_sizes) rows += n;
    return rows;
  }

  std::tuple<Tensor, Tensor, Tensor, Tensor> forward(const Tensor& gates, const Tensor& h0, const Tensor& c0,
                                                     const Tensor& w_hh, const Tensor& b_hh,
                                                     const Tensor& w_hr) const {
    const Tensor x = gates.contiguous(), b = dense(b_hh), projection = dense(w_hr);
    // Products turn their right factor: over many steps once is enough.
    const bool turned = batch_sizes.size() > 2 && batch_sizes[0] > 1;
    const Tensor w = turned ? w_hh.t().contiguous() : w_hh.contiguous();
    const int64_t rows = x.size(0), hidden = x.size(1) / Cell::gates, state = h0.size(1),
                  kept_width = Cell::kept * hidden;
    const bool projects = projection.defined();
    Tensor out = new_tensor(x.dtype(), {rows, state}), h = copy_of(h0),
           c = Cell::has_c ? copy_of(c0) : new_tensor(x.dtype(), {0}),
           memory = new_tensor(x.dtype(), {rows, state + kept_width + (projects ? hidden : 0)});
    each_step(false, [&](std::size_t, int64_t row, int64_t n) {
      const Tensor m = memory.narrow(0, row, n), before = m.narrow(1, 0, state),
                   kept = m.narrow(1, state, kept_width), now = h.narrow(0, 0, n), xs = x.narrow(0, row, n),
                   to = out.narrow(0, row, n);
      before.copy_(now);
      product(kept.narrow(1, 0, Cell::gates * hidden), before, false, w, !turned, Cell::separate ? b : xs);
      const Tensor result = projects ? m.narrow(1, state + kept_width, hidden) : to;
      Cell::forward({{xs, hidden}, {kept, hidden}, before, Cell::has_c ? c.narrow(0, 0, n) : c}, result);
      if (projects) product(to, result, false, projection, true);
      now.copy_(to);
    });
    return {out, h, c, memory};
  }

  std::array<Tensor, 6> backward_all(const ops::WantedInputs& wanted, const Tensor& gy, const Tensor& gh,
                                     const Tensor& gc, const Tensor& gates, const Tensor& h0,
                                     const Tensor& c0, const Tensor& w_hh, const Tensor& b_hh,
                                     const Tensor& w_hr, const Tensor& memory) const {
    if (ops::derivative_is_expression()) return expression(gy, gh, gc, gates, h0, c0, w_hh, b_hh, w_hr);
    const ops::PlainScope scope;
    const Tensor w = w_hh.contiguous(), projection = dense(w_hr);
    const int64_t rows = gates.size(0), hidden = gates.size(1) / Cell::gates, state = h0.size(1),
                  kept_width = Cell::kept * hidden;
    const bool projects = projection.defined();
    const ScalarType dtype = gates.dtype();
    const Tensor dx = new_tensor(dtype, gates.sizes()),
                 dgates = Cell::separate ? new_tensor(dtype, gates.sizes()) : dx, dh = or_zeros(gh, h0),
                 dc = Cell::has_c ? or_zeros(gc, c0) : Tensor();
    const Tensor to_projected = projects ? new_tensor(dtype, {rows, state}) : Tensor(),
                 unprojected = projects ? new_tensor(dtype, {h0.size(0), hidden}) : Tensor();
    each_step(true, [&](std::size_t, int64_t row, int64_t n) {
      const Tensor m = memory.narrow(0, row, n), now = dh.narrow(0, 0, n);
      if (gy.defined()) now.add_(gy.narrow(0, row, n));
      Tensor reaching = now;
      if (projects) {
        to_projected.narrow(0, row, n).copy_(now);
        reaching = unprojected.narrow(0, 0, n);
        product(reaching, now, false, projection, false);
      }
      const Columns to_gates{dgates.narrow(0, row, n), hidden};
      Cell::backward({{m.narrow(1, state, kept_width), hidden},
                      {dx.narrow(0, row, n), hidden},
                      to_gates,
                      m.narrow(1, 0, state),
                      reaching,
                      Cell::has_c ? dc.narrow(0, 0, n) : dc,
                      now});
      product(now, to_gates.rows, false, w, false, Cell::separate ? now : Tensor());
    });
    std::array<Tensor, 6> out{dx, dh, dc, {}, {}, {}};
    const auto transposed_product = [&](const Tensor& a, const Tensor& b) {
      Tensor to = new_tensor(dtype, {a.size(1), b.size(1)});
      product(to, a, true, b, false);
      return to;
    };
    if (wanted[3]) out[3] = transposed_product(dgates, memory.narrow(1, 0, state));
    if (wanted[4]) out[4] = dgates.sum(0);
    if (wanted[5]) out[5] = transposed_product(to_projected, memory.narrow(1, state + kept_width, hidden));
    return out;
  }
  using saved_all = Saved<In<0>, In<1>, In<2>, In<3>, In<4>, In<5>, Output<3>>;

  // Step by step over tensors, the forward too, since the derivative leads through it.
  std::array<Tensor, 6> expression(const Tensor& gy, const Tensor& gh, const Tensor& gc, const Tensor& gates,
                                   const Tensor& h0, const Tensor& c0, const Tensor& w_hh, const Tensor& b_hh,
                                   const Tensor& w_hr) const {
    const std::size_t steps = batch_sizes.size();
    std::vector<Tensor> before(steps), result(steps), dx(steps), dgates(steps), to_projected(steps);
    std::vector<Stepped> stepped(steps);
    Tensor h = h0, c = c0;
    each_step(false, [&](std::size_t step, int64_t row, int64_t n) {
      before[step] = h.narrow(0, 0, n);
      const Tensor part = matmul(before[step], w_hh.t());
      Stepped& s = stepped[step] = Cell::step(gates.narrow(0, row, n), b_hh.defined() ? part + b_hh : part,
                                              before[step], Cell::has_c ? c.narrow(0, 0, n) : c);
      result[step] = s.h;
      h = with_first(w_hr.defined() ? matmul(s.h, w_hr.t()) : s.h, h);
      if (Cell::has_c) c = with_first(s.c, c);
    });
    Tensor dh = gh.defined() ? gh : zeros(h0.sizes(), h0.options());
    Tensor dc = gc.defined() || !Cell::has_c ? gc : zeros(c0.sizes(), c0.options());
    each_step(true, [&](std::size_t step, int64_t row, int64_t n) {
      const Tensor first = dh.narrow(0, 0, n);
      to_projected[step] = gy.defined() ? first + gy.narrow(0, row, n) : first;
      const Tensor reaching = w_hr.defined() ? matmul(to_projected[step], w_hr) : to_projected[step];
      const Gradients g =
          Cell::back(stepped[step].kept, reaching, Cell::has_c ? dc.narrow(0, 0, n) : Tensor());
      dx[step] = g.dx;
      dgates[step] = g.dh;
      const Tensor through = matmul(g.dh, w_hh);
      dh = with_first(g.direct.defined() ? through + g.direct : through, dh);
      if (Cell::has_c) dc = with_first(g.dc, dc);
    });
    const Tensor all = cat(dgates, 0);
    return {cat(dx, 0),
            dh,
            dc,
            matmul(all.t(), cat(before, 0)),
            b_hh.defined() ? all.sum(0) : Tensor(),
            w_hr.defined() ? matmul(cat(to_projected, 0).t(), cat(result, 0)) : Tensor()};
  }
};

}  // namespace xgrad::recurrent
