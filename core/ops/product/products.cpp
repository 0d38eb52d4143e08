// Products: one stanza each, over the kernels of gemm.h. A derivative is again a product, as its text says.
#include <xgrad/core/ops/product/products.h>

#include <xgrad/core/kernels/gemm/gemm.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace {

using Factors = Filter<detail::is_number>;

// The text of the derivative of a @ b.
Symbol product_text(bool of_left, const Symbol& g, const Symbol& a, const Symbol& b) {
  return of_left ? matmul(g, transposed(b)) : matmul(transposed(a), g);
}

// The last two dimensions as gemm sees them: row-major, perhaps transposed. Any other layout is copied first.
struct MatrixLayout {
  Tensor copy;
  const Tensor* stored;
  int64_t rows, columns;
  int64_t leading;
  bool transposed;

  explicit MatrixLayout(const Tensor& m) : stored(&m) {
    const std::size_t r = m.sizes().size() - 2;
    rows = m.sizes()[r], columns = m.sizes()[r + 1];
    const int64_t down = m.strides()[r], across = m.strides()[r + 1];
    if ((across == 1 || columns <= 1) && (down >= std::max<int64_t>(1, columns) || rows <= 1)) {
      transposed = false;
      leading = rows <= 1 ? std::max<int64_t>(1, columns) : down;
    } else if ((down == 1 || rows <= 1) && (across >= std::max<int64_t>(1, rows) || columns <= 1)) {
      transposed = true;
      leading = columns <= 1 ? std::max<int64_t>(1, rows) : across;
    } else {
      copy = m.contiguous();
      stored = &copy;
      transposed = false;
      leading = std::max<int64_t>(1, columns);
    }
  }
  MatrixLayout(const MatrixLayout&) = delete;
  MatrixLayout& operator=(const MatrixLayout&) = delete;

  // The matrix becomes its transpose, where it lies.
  void transpose() {
    std::swap(rows, columns);
    transposed = !transposed;
  }
  template <class T>
  const T* data() const {
    return static_cast<const T*>(stored->data_ptr());
  }
};

template <class T>
kernels::Factor<T> factor(const Scalar& number) {
  return number.to<kernels::Factor<T>>();
}
template <class T>
kernels::Factor<T> factor(int number) {
  return static_cast<kernels::Factor<T>>(number);
}

// out = alpha a b + beta d, where the rows of d are `apart` elements apart. Number: Scalar or int.
template <class Number>
void gemm_into(const Tensor& out, const MatrixLayout& a, const MatrixLayout& b, const Number& alpha,
               const Number& beta, const void* d, int64_t apart) {
  dispatch<Factors>("mm", out.dtype(), [&]<class T>() {
    kernels::gemm<T>(a.transposed, b.transposed, a.rows, b.columns, a.columns, factor<T>(alpha), a.data<T>(),
                     a.leading, b.data<T>(), b.leading, factor<T>(beta), static_cast<const T*>(d), apart,
                     static_cast<T*>(out.data_ptr()), std::max<int64_t>(1, b.columns));
  });
}

// Whether the elements of a column, not those of a row, lie side by side.
bool by_columns(const Tensor& m) {
  return m.strides()[0] == 1 && m.strides()[1] >= m.sizes()[0] && m.sizes()[1] > 1;
}

// The gradients of a product's arguments, laid out as the arguments are: behind the t() of a weight they are
// dense again, and a sum of gradients runs along memory.
Tensor gradient_of_left(const Tensor& g, const Tensor& b, bool columns) {
  return columns ? mm(b, g.t()).t() : mm(g, b.t());
}
Tensor gradient_of_right(const Tensor& g, const Tensor& a, bool columns) {
  return columns ? mm(g.t(), a).t() : mm(a.t(), g);
}

struct Dot : Kernel<2> {
  static constexpr OpName name{"dot", "DotBackward"};
  static Tensor forward(const Tensor& a, const Tensor& b) {
    Tensor out = new_tensor(a.dtype(), {});
    dispatch<Factors>("dot", a.dtype(), [&]<class T>() {
      *static_cast<T*>(out.data_ptr()) =
          kernels::dot<T>(a.numel(), static_cast<const T*>(a.data_ptr()), a.strides()[0],
                          static_cast<const T*>(b.data_ptr()), b.strides()[0]);
    });
    return out;
  }
  static Tensor backward_0(const Tensor& g, const Tensor& b) { return g * b; }
  using saved_0 = Saved<In<1>>;
  static Tensor backward_1(const Tensor& g, const Tensor& a) { return g * a; }
  using saved_1 = Saved<In<0>>;
  static Symbol text(int input, const Symbol& g, const Symbol* slots) { return g * slots[1 - input]; }
};

struct Mv : Kernel<2> {
  static constexpr OpName name{"mv", "MvBackward"};
  static Tensor forward(const Tensor& a, const Tensor& x) {
    Tensor out = new_tensor(a.dtype(), {a.size(0)});
    const MatrixLayout m(a);
    dispatch<Factors>("mv", a.dtype(), [&]<class T>() {
      const int64_t rows = m.transposed ? a.size(1) : a.size(0),
                    columns = m.transposed ? a.size(0) : a.size(1);
      kernels::gemv<T>(m.transposed, rows, columns, 1, m.data<T>(), m.leading,
                       static_cast<const T*>(x.data_ptr()), x.strides()[0], 0,
                       static_cast<T*>(out.data_ptr()), 1);
    });
    return out;
  }
  static Tensor backward_0(const Tensor& g, const Tensor& x) { return g.unsqueeze(1) * x; }
  using saved_0 = Saved<In<1>>;
  static Tensor backward_1(const Tensor& g, const Tensor& a) { return mv(a.t(), g); }
  using saved_1 = Saved<In<0>>;
  static Symbol text(int input, const Symbol& g, const Symbol* slots) {
    return product_text(input == 0, g, slots[0], slots[1]);
  }
  static Tensor tangent_0(const Tensor& t, const Tensor& x) { return mv(t, x); }
  static Tensor tangent_1(const Tensor& t, const Tensor& a) { return mv(a, t); }
};

struct Mm : Kernel<2> {
  static constexpr OpName name{"mm", "MmBackward"};
  bool a_by_columns, b_by_columns;
  static Tensor forward(const Tensor& a, const Tensor& b) {
    Tensor out = new_result(a.dtype(), {a.sizes()[0], b.sizes()[1]});
    gemm_into(out, MatrixLayout(a), MatrixLayout(b), 1, 0, nullptr, 0);
    return out;
  }
  Tensor backward_0(const Tensor& g, const Tensor& b) const { return gradient_of_left(g, b, a_by_columns); }
  using saved_0 = Saved<In<1>>;
  Tensor backward_1(const Tensor& g, const Tensor& a) const { return gradient_of_right(g, a, b_by_columns); }
  using saved_1 = Saved<In<0>>;
  static Symbol text(int input, const Symbol& g, const Symbol* slots) {
    return product_text(input == 0, g, slots[0], slots[1]);
  }
  static Tensor tangent_0(const Tensor& t, const Tensor& b) { return mm(t, b); }
  static Tensor tangent_1(const Tensor& t, const Tensor& a) { return mm(a, t); }
};

struct Bmm : Kernel<2> {
  static constexpr OpName name{"bmm", "BmmBackward0"};
  static Tensor forward(const Tensor& a, const Tensor& b) {
    Tensor out = new_result(a.dtype(), {a.size(0), a.size(1), b.size(2)});
    const MatrixLayout x(a), y(b);
    dispatch<Factors>("bmm", a.dtype(), [&]<class T>() {
      kernels::gemm_batched<T>(x.transposed, y.transposed, a.size(1), b.size(2), a.size(2), 1, x.data<T>(),
                               x.leading, x.stored->strides()[0], y.data<T>(), y.leading,
                               y.stored->strides()[0], 0, static_cast<T*>(out.data_ptr()),
                               std::max<int64_t>(1, b.size(2)), a.size(1) * b.size(2), a.size(0));
    });
    return out;
  }
  static Tensor backward_0(const Tensor& g, const Tensor& b) { return bmm(g, b.transpose(1, 2)); }
  using saved_0 = Saved<In<1>>;
  static Tensor backward_1(const Tensor& g, const Tensor& a) { return bmm(a.transpose(1, 2), g); }
  using saved_1 = Saved<In<0>>;
  static Symbol text(int input, const Symbol& g, const Symbol* slots) {
    return product_text(input == 0, g, slots[0], slots[1]);
  }
  static Tensor tangent_0(const Tensor& t, const Tensor& b) { return bmm(t, b); }
  static Tensor tangent_1(const Tensor& t, const Tensor& a) { return bmm(a, t); }
};

struct Addmm : Kernel<3> {
  static constexpr OpName name{"addmm", "AddmmBackward"};
  Scalar beta, alpha;
  DimVector self_sizes;
  bool a_by_columns, b_by_columns;
  void attributes(auto& put) const {
    put("beta", beta.toDouble());
    put("alpha", alpha.toDouble());
  }
  Tensor forward(const Tensor& self, const Tensor& a, const Tensor& b) const {
    const int64_t columns = b.sizes()[1], apart = rows_apart(self, columns);
    Tensor out = new_result(a.dtype(), {a.sizes()[0], columns});
    // beta == 0 drops self altogether, NaN included.
    if (apart < 0 && beta.toDouble() != 0) out.copy_(self);
    gemm_into(out, MatrixLayout(a), MatrixLayout(b), alpha, beta,
              apart < 0 ? out.data_ptr() : self.data_ptr(), apart < 0 ? columns : apart);
    return out;
  }
  Tensor backward_0(const Tensor& g) const { return scaled(sum_to_size(g, self_sizes), beta); }
  using saved_0 = Saved<>;
  Tensor backward_1(const Tensor& g, const Tensor& b) const {
    return scaled(gradient_of_left(g, b, a_by_columns), alpha);
  }
  using saved_1 = Saved<In<2>>;
  Tensor backward_2(const Tensor& g, const Tensor& a) const {
    return scaled(gradient_of_right(g, a, b_by_columns), alpha);
  }
  using saved_2 = Saved<In<1>>;
  Symbol text(int input, const Symbol& g, const Symbol* slots) const {
    const double factor = (input == 0 ? beta : alpha).toDouble();
    const Symbol d = input == 0 ? g : product_text(input == 1, g, slots[1], slots[2]);
    return factor == 1 ? d : d * Symbol(factor);
  }
  Tensor tangent_1(const Tensor& t, const Tensor& b) const { return scaled(mm(t, b), alpha); }
  Tensor tangent_2(const Tensor& t, const Tensor& a) const { return scaled(mm(a, t), alpha); }

  // How far apart the rows of self are under the product, 0 for one row below them all; -1 when it cannot be
  // read in dense rows.
  static int64_t rows_apart(const Tensor& self, int64_t columns) {
    const IntArrayRef sizes = self.sizes(), strides = self.strides();
    if (sizes.empty() || sizes.back() != columns || (strides.back() != 1 && columns > 1)) return -1;
    return sizes.size() == 1 || sizes[0] == 1 ? 0 : strides[0];
  }
  static Tensor scaled(const Tensor& t, const Scalar& by) { return by.toDouble() == 1 ? t : t * by; }
};

// The last dimension stays, all others become one.
Tensor as_matrix(const Tensor& t) {
  if (t.dim() == 2) return t;
  const int64_t columns = t.sizes().back();
  return t.reshape({numel_of(t.sizes().slice(0, t.sizes().size() - 1)), columns});
}

// Reads the weight as it lies: a view of it, and a node for the view, would cost small layers much of their
// time.
struct Linear : Kernel<3> {
  static constexpr OpName name{"linear", "AddmmBackward"};
  static Tensor forward(const Tensor& input, const Tensor& weight, const Tensor& bias) {
    DimVector sizes(input.sizes());
    sizes.back() = weight.sizes()[0];
    Tensor out = new_tensor(input.dtype(), sizes);
    const Tensor rows = as_matrix(input);
    MatrixLayout w(weight);
    w.transpose();
    gemm_into(out, MatrixLayout(rows), w, 1, 1, bias.contiguous().data_ptr(), 0);
    return out;
  }
  static Tensor backward_0(const Tensor& g, const Tensor& weight) { return matmul(g, weight); }
  using saved_0 = Saved<In<1>>;
  static Tensor backward_1(const Tensor& g, const Tensor& input) {
    return mm(as_matrix(g).t(), as_matrix(input));
  }
  using saved_1 = Saved<In<0>>;
  static Tensor backward_2(const Tensor& g) { return sum_to_size(g, {g.sizes().back()}); }
  using saved_2 = Saved<>;
  static Symbol text(int input, const Symbol& g, const Symbol* slots) {
    if (input == 2) return g;
    return input == 0 ? matmul(g, slots[1]) : matmul(transposed(g), slots[0]);
  }
  static Tensor tangent_0(const Tensor& t, const Tensor& weight) { return matmul(t, weight.t()); }
  static Tensor tangent_1(const Tensor& t, const Tensor& input) { return matmul(input, t.t()); }
};

void same_dtype(const char* op, const Tensor& a, const Tensor& b, const char* first, const char* second) {
  XGRAD_CHECK_AS(TypeError, a.dtype() == b.dtype(), op,
                 ": expected both arguments to have the same dtype: ", first, " is ", a.dtype(), ", ", second,
                 " is ", b.dtype(), "; convert one with to(...)");
}

void check_mm(const char* op, const Tensor& a, const Tensor& b, const char* first, const char* second) {
  XGRAD_CHECK(a.dim() == 2 && b.dim() == 2, op, ": both arguments must be matrices: ", first, " is ",
              a.sizes(), ", ", second, " is ", b.sizes(), "; use matmul for other shapes");
  const int64_t inner = a.sizes()[1], rows = b.sizes()[0];
  XGRAD_CHECK(inner == rows, op, ": inner sizes differ: ", first, " is ", a.sizes(), ", ", second, " is ",
              b.sizes(), " (", inner, " vs ", rows, ")",
              inner == b.size(1) ? concat("; did you mean ", second, ".t()?") : std::string());
  same_dtype(op, a, b, first, second);
}

// matmul with at least one argument of three or more dimensions: leading dimensions broadcast.
Tensor batched_matmul(const Tensor& a, const Tensor& b) {
  const Tensor x = a.dim() == 1 ? a.unsqueeze(0) : a, y = b.dim() == 1 ? b.unsqueeze(1) : b;
  XGRAD_CHECK(x.size(-1) == y.size(-2), "matmul: inner sizes differ: self is ", a.sizes(), ", other is ",
              b.sizes(), " (", x.size(-1), " vs ", y.size(-2), ")");
  const auto leading = [](const Tensor& t) { return t.sizes().slice(0, t.sizes().size() - 2); };
  DimVector sizes = broadcast_sizes("matmul", leading(x), leading(y));
  Tensor product;
  if (y.dim() == 2 && x.dim() > 2) {
    // One matrix for the whole batch: a single, taller product.
    product = mm(x.reshape({numel_of(sizes) * x.size(-2), x.size(-1)}), y);
  } else {
    DimVector xs(sizes), ys(sizes);
    for (int64_t d : {-2, -1}) {
      xs.push_back(x.size(d));
      ys.push_back(y.size(d));
    }
    const Tensor all_x = x.expand(xs), all_y = y.expand(ys);
    const int64_t batch = numel_of(sizes);
    product =
        bmm(all_x.reshape({batch, x.size(-2), x.size(-1)}), all_y.reshape({batch, y.size(-2), y.size(-1)}));
  }
  if (a.dim() > 1) sizes.push_back(x.size(-2));
  if (b.dim() > 1) sizes.push_back(y.size(-1));
  return product.reshape(sizes);
}

}  // namespace

Tensor dot(const Tensor& self, const Tensor& other) {
  XGRAD_CHECK(self.dim() == 1 && other.dim() == 1, "dot: 1D tensors expected: self is ", self.sizes(),
              ", other is ", other.sizes());
  XGRAD_CHECK(self.size(0) == other.size(0), "dot: lengths differ: self is ", self.sizes(), ", other is ",
              other.sizes(), " (", self.size(0), " vs ", other.size(0), ")");
  same_dtype("dot", self, other, "self", "other");
  return differentiable(Dot{}, self, other);
}

Tensor mv(const Tensor& self, const Tensor& vec) {
  XGRAD_CHECK(self.dim() == 2 && vec.dim() == 1, "mv: a matrix and a vector expected: self is ", self.sizes(),
              ", vec is ", vec.sizes());
  XGRAD_CHECK(self.size(1) == vec.size(0), "mv: inner sizes differ: self is ", self.sizes(), ", vec is ",
              vec.sizes(), " (", self.size(1), " vs ", vec.size(0), ")");
  same_dtype("mv", self, vec, "self", "vec");
  return differentiable(Mv{}, self, vec);
}

Tensor mm(const Tensor& self, const Tensor& mat2) {
  check_mm("mm", self, mat2, "self", "mat2");
  return differentiable(Mm{{}, by_columns(self), by_columns(mat2)}, self, mat2);
}

Tensor bmm(const Tensor& self, const Tensor& mat2) {
  XGRAD_CHECK(self.dim() == 3 && mat2.dim() == 3, "bmm: batches of matrices expected: self is ", self.sizes(),
              ", mat2 is ", mat2.sizes());
  XGRAD_CHECK(self.size(0) == mat2.size(0), "bmm: batch sizes differ: self is ", self.sizes(), ", mat2 is ",
              mat2.sizes(), " (", self.size(0), " vs ", mat2.size(0), ")");
  XGRAD_CHECK(self.size(2) == mat2.size(1), "bmm: inner sizes differ: self is ", self.sizes(), ", mat2 is ",
              mat2.sizes(), " (", self.size(2), " vs ", mat2.size(1), ")");
  same_dtype("bmm", self, mat2, "self", "mat2");
  return differentiable(Bmm{}, self, mat2);
}

Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta,
             const Scalar& alpha) {
  check_mm("addmm", mat1, mat2, "mat1", "mat2");
  same_dtype("addmm", self, mat1, "self", "mat1");
  const int64_t shape[] = {mat1.sizes()[0], mat2.sizes()[1]};
  const IntArrayRef sizes(shape, 2);
  XGRAD_CHECK((self.dim() == 1 && self.sizes()[0] == shape[1]) ||
                  IntArrayRef(broadcast_sizes("addmm", self.sizes(), sizes)) == sizes,
              "addmm: self of shape ", self.sizes(), " does not broadcast to the product of shape ", sizes);
  return differentiable(Addmm{{}, beta, alpha, self.sizes(), by_columns(mat1), by_columns(mat2)}, self, mat1,
                        mat2);
}

Tensor matmul(const Tensor& self, const Tensor& other) {
  XGRAD_CHECK(self.dim() > 0 && other.dim() > 0,
              "matmul: both arguments need at least one dimension: self is ", self.sizes(), ", other is ",
              other.sizes(), "; use mul for numbers");
  same_dtype("matmul", self, other, "self", "other");
  if (self.dim() == 1 && other.dim() == 1) return dot(self, other);
  if (self.dim() == 2 && other.dim() == 1) return mv(self, other);
  if (self.dim() == 1 && other.dim() == 2) {
    XGRAD_CHECK(self.size(0) == other.size(0), "matmul: inner sizes differ: self is ", self.sizes(),
                ", other is ", other.sizes(), " (", self.size(0), " vs ", other.size(0), ")");
    return mv(other.t(), self);
  }
  if (self.dim() == 2 && other.dim() == 2) {
    check_mm("matmul", self, other, "self", "other");
    return differentiable(Mm{{}, by_columns(self), by_columns(other)}, self, other);
  }
  return batched_matmul(self, other);
}

Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  XGRAD_CHECK(weight.dim() == 2 || weight.dim() == 1, "linear: weight must be [out, in] or [in]: got ",
              weight.sizes());
  XGRAD_CHECK(input.dim() > 0 && input.sizes().back() == weight.sizes().back(),
              "linear: the last size of input must be in_features: input is ", input.sizes(), ", weight is ",
              weight.sizes());
  for (const auto& [name, t] : {std::pair{"weight", &weight}, std::pair{"bias", &bias}})
    XGRAD_CHECK_AS(TypeError, !t->defined() || t->dtype() == input.dtype(), "linear: ", name,
                   " must have input's dtype: input is ", input.dtype(), ", ", name, " is ", t->dtype(),
                   "; convert one with to(...)");
  XGRAD_CHECK(!bias.defined() || weight.dim() == 2 || bias.dim() != 1,
              "linear: a weight of shape [in] has a bias without dimensions: got ", bias.sizes());
  const bool one_row =
      bias.defined() && weight.dim() == 2 && bias.dim() == 1 && bias.sizes()[0] == weight.sizes()[0];
  if (one_row && input.dim() > 1) return differentiable(Linear{}, input, weight, bias);
  Tensor product = matmul(input, weight.dim() == 2 ? weight.t() : weight);
  if (!bias.defined()) return product;
  XGRAD_CHECK(IntArrayRef(broadcast_sizes("linear", bias.sizes(), product.sizes())) == product.sizes(),
              "linear: bias of shape ", bias.sizes(), " does not broadcast to the product of shape ",
              product.sizes());
  return product + bias;
}

}  // namespace xgrad
