#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <thread>
#include <vector>

#include <xgrad/core/kernels/gemm/gemm.h>
#include <xgrad/core/kernels/gemm/gemm_library.h>
#include <xgrad/core/kernels/gemm/gemm_table.h>
#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/thread_pool.h>

#include "threads.h"

namespace k = xgrad::kernels;

namespace {

// One product with its operands in memory that is exactly as large as needed, so that a sanitizer sees every
// overrun.
template <class T>
struct Product {
  bool trans_a, trans_b;
  int64_t m, n, depth, lda, ldb, ldc;
  T alpha, beta;
  std::vector<T> a, b, c;

  Product(bool ta, bool tb, int64_t m_, int64_t n_, int64_t k_, int64_t pad, T alpha_, T beta_)
      : trans_a(ta),
        trans_b(tb),
        m(m_),
        n(n_),
        depth(k_),
        lda((ta ? m_ : k_) + pad),
        ldb((tb ? k_ : n_) + pad),
        ldc(n_ + pad),
        alpha(alpha_),
        beta(beta_),
        a(size(ta ? k_ : m_, ta ? m_ : k_, lda)),
        b(size(tb ? n_ : k_, tb ? k_ : n_, ldb)),
        c(size(m_, n_, ldc)) {
    std::mt19937 random(static_cast<unsigned>(m * 10007 + n * 101 + depth));
    for (auto* v : {&a, &b, &c})
      for (T& x : *v) x = static_cast<T>(static_cast<int>(random() % 2001) - 1000) / T(1000);
  }
  static size_t size(int64_t rows, int64_t cols, int64_t ld) {
    return rows == 0 || cols == 0 ? 0 : static_cast<size_t>((rows - 1) * ld + cols);
  }
  T at_a(int64_t i, int64_t p) const { return a[static_cast<size_t>(trans_a ? p * lda + i : i * lda + p)]; }
  T at_b(int64_t p, int64_t j) const { return b[static_cast<size_t>(trans_b ? j * ldb + p : p * ldb + j)]; }

  void run() {
    k::gemm(trans_a, trans_b, m, n, depth, alpha, a.data(), lda, b.data(), ldb, beta, c.data(), ldc);
  }

  // The largest error of c in units of what rounding may do to a sum of this length; c0 is C before.
  double error(const std::vector<T>& c0) const {
    double worst = 0;
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j) {
        long double sum = 0, size = 0;
        for (int64_t p = 0; p < depth; ++p) {
          const long double x = static_cast<long double>(at_a(i, p)) * at_b(p, j);
          sum += x;
          size += std::fabs(x);
        }
        const size_t at = static_cast<size_t>(i * ldc + j);
        const long double old = beta == T(0) ? 0.0L : static_cast<long double>(beta) * c0[at];
        const long double expected = alpha * sum + old, got = c[at];
        const long double unit =
            std::numeric_limits<T>::epsilon() * (std::fabs(alpha * size) + std::fabs(old) + 1e-30L);
        if (!(std::fabs(got - expected) <= 1e6L * unit)) return 1e9;
        worst = std::max(worst, static_cast<double>(std::fabs(got - expected) / (unit * (4 + depth / 8))));
      }
    for (int64_t i = 0; i + 1 < m; ++i)
      for (int64_t j = n; j < ldc; ++j)
        if (c[static_cast<size_t>(i * ldc + j)] != c0[static_cast<size_t>(i * ldc + j)]) return 1e9;
    return worst;
  }
};

template <class T>
double error_of(bool ta, bool tb, int64_t m, int64_t n, int64_t depth, int64_t pad, T alpha, T beta) {
  Product<T> p(ta, tb, m, n, depth, pad, alpha, beta);
  const std::vector<T> before = p.c;
  p.run();
  return p.error(before);
}

struct Library {
  explicit Library(k::GemmLibrary library) { k::prefer_gemm_library(library); }
  ~Library() { k::prefer_gemm_library(before); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  const k::GemmLibrary before = k::preferred_gemm_library();
};

template <class T>
struct NamedTable {
  const char* name;
  const k::GemmTable<T>* table;
};

// The kernels of every instruction set that this CPU has.
template <class T>
std::vector<NamedTable<T>> tables() {
  const std::pair<const char*, k::Isa> isas[] = {
      {"base", k::Isa::base}, {"avx2", k::Isa::avx2}, {"avx512", k::Isa::avx512}};
  std::vector<NamedTable<T>> all;
  for (const auto& [name, isa] : isas) {
    if (isa > k::isa()) continue;
    if constexpr (sizeof(T) == 4)
      all.push_back({name, k::kernel_table(isa).gemm_float});
    else
      all.push_back({name, k::kernel_table(isa).gemm_double});
  }
  return all;
}

template <class T>
void run_table(const k::GemmTable<T>& table, Product<T>& p, bool dots) {
  const k::GemmCall<T> g{p.m,
                         p.n,
                         p.depth,
                         p.alpha,
                         p.a.data(),
                         p.trans_a ? 1 : p.lda,
                         p.trans_a ? p.lda : 1,
                         p.b.data(),
                         p.trans_b ? 1 : p.ldb,
                         p.trans_b ? p.ldb : 1,
                         p.beta,
                         p.c.data(),
                         p.ldc,
                         p.c.data(),
                         p.ldc};
  const int64_t need = table.workspace(g);
  std::vector<T> memory(static_cast<size_t>(need));
  if (dots)
    table.gemm_dots(g, 1);
  else
    table.gemm(g, need == 0 ? nullptr : memory.data());
}

const int64_t sizes[][3] = {{1, 1, 1},     {1, 5, 3},     {3, 1, 7},     {2, 3, 4},    {4, 16, 16},
                            {5, 17, 33},   {7, 7, 7},     {14, 32, 8},   {15, 33, 9},  {6, 64, 20},
                            {9, 70, 130},  {31, 31, 31},  {1, 100, 50},  {50, 1, 100}, {3, 9, 300},
                            {8, 40, 257},  {33, 65, 70},  {64, 10, 129}, {8, 90, 40},  {13, 91, 130},
                            {32, 128, 97}, {61, 103, 300}};

}  // namespace

TEST_CASE_TEMPLATE("gemm equals the triple loop for all transposes, odd sizes, paddings and factors", T,
                   float, double) {
  for (const auto& s : sizes)
    for (int form = 0; form < 4; ++form)
      for (int64_t pad : {0, 3})
        for (T alpha : {T(1), T(-0.5)})
          for (T beta : {T(0), T(1), T(0.25)}) {
            CAPTURE(s[0]);
            CAPTURE(s[1]);
            CAPTURE(s[2]);
            CAPTURE(form);
            CAPTURE(pad);
            CHECK(error_of<T>((form & 1) != 0, (form & 2) != 0, s[0], s[1], s[2], pad, alpha, beta) < 1);
          }
}

TEST_CASE_TEMPLATE("gemm equals the triple loop where panels and slivers are cut", T, float, double) {
  const Threads limit(3);
  for (const auto& s : {std::vector<int64_t>{300, 130, 270}, {17, 700, 530}, {450, 37, 66}, {130, 450, 40}})
    for (int form = 0; form < 4; ++form)
      CHECK(error_of<T>((form & 1) != 0, (form & 2) != 0, s[0], s[1], s[2], 5, T(2), T(0.5)) < 1);
}

TEST_CASE_TEMPLATE("the kernels of every instruction set equal the triple loop", T, float, double) {
  for (const NamedTable<T>& isa : tables<T>())
    for (const auto& s : sizes)
      for (int form = 0; form < 4; ++form)
        for (T beta : {T(0), T(0.5)}) {
          CAPTURE(isa.name);
          CAPTURE(s[0]);
          CAPTURE(s[1]);
          CAPTURE(s[2]);
          CAPTURE(form);
          Product<T> p((form & 1) != 0, (form & 2) != 0, s[0], s[1], s[2], 1, T(1.5), beta);
          const std::vector<T> before = p.c;
          run_table(*isa.table, p, false);
          CHECK(p.error(before) < 1);
          if (form != 2) continue;
          p.c = before;
          run_table(*isa.table, p, true);
          CHECK(p.error(before) < 1);
        }
}

TEST_CASE_TEMPLATE("the vector kernels of every instruction set equal the sums", T, float, double) {
  for (const NamedTable<T>& isa : tables<T>())
    for (int64_t n : {1, 3, 4, 8, 15, 16, 17, 64, 100, 1300}) {
      CAPTURE(isa.name);
      CAPTURE(n);
      Product<T> p(false, false, 1, n, 13, 2, T(0.5), T(2));
      const std::vector<T> before = p.c;
      isa.table->gemv_columns(13, n, p.alpha, p.b.data(), p.ldb, p.a.data(), 1, p.beta, p.c.data(), 1);
      CHECK(p.error(before) < 1);
      Product<T> d(false, true, 1, 1, n, 0, T(1), T(0));
      d.c[0] = isa.table->dot(n, d.a.data(), d.b.data());
      CHECK(d.error(d.c) < 1);
    }
}

TEST_CASE_TEMPLATE("empty products leave C alone or scale it", T, float, double) {
  std::vector<T> a(6, T(1)), b(6, T(1)), c{1, 2, 3, 4};
  k::gemm<T>(false, false, 0, 2, 3, T(1), a.data(), 3, b.data(), 2, T(0), c.data(), 2);
  k::gemm<T>(false, false, 2, 0, 3, T(1), a.data(), 3, b.data(), 1, T(0), c.data(), 1);
  CHECK(c == std::vector<T>{1, 2, 3, 4});
  k::gemm<T>(false, false, 2, 2, 0, T(1), a.data(), 1, b.data(), 2, T(3), c.data(), 2);
  CHECK(c == std::vector<T>{3, 6, 9, 12});
  k::gemm<T>(false, false, 2, 2, 0, T(1), a.data(), 1, b.data(), 2, T(0), c.data(), 2);
  CHECK(c == std::vector<T>{0, 0, 0, 0});
}

TEST_CASE_TEMPLATE("with beta zero a NaN in C is overwritten, with beta it stays", T, float, double) {
  const T nan = std::numeric_limits<T>::quiet_NaN();
  for (const auto& s : sizes) {
    Product<T> p(false, (s[0] & 1) != 0, s[0], s[1], s[2], 0, T(1), T(0));
    const std::vector<T> before(p.c.size(), nan);
    p.c = before;
    p.run();
    CHECK(p.error(before) < 1);
    p.beta = T(0.5);
    p.c = before;
    p.run();
    for (T x : p.c) CHECK(std::isnan(x));
  }
  Product<T> empty(false, false, 2, 2, 0, 0, T(1), T(0));
  empty.c.assign(4, nan);
  empty.run();
  CHECK(empty.c == std::vector<T>(4, T(0)));
}

TEST_CASE_TEMPLATE("the addend may be another matrix or one row for all, read as if it were C", T, float,
                   double, int8_t, int64_t) {
  for (const auto& s : sizes)
    for (int form = 0; form < 4; ++form)
      for (int64_t pad : {-1, 0, 3})
        for (T alpha : {T(0), T(1)}) {
          Product<T> p((form & 1) != 0, (form & 2) != 0, s[0], s[1], s[2], 1, alpha, T(2));
          const int64_t ldd = pad < 0 ? 0 : p.n + pad;
          std::vector<T> d(Product<T>::size(p.m, p.n, ldd)), expected = p.c;
          for (size_t i = 0; i < d.size(); ++i) d[i] = static_cast<T>(i % 13);
          for (int64_t i = 0; i < p.m; ++i)
            for (int64_t j = 0; j < p.n; ++j)
              expected[static_cast<size_t>(i * p.ldc + j)] = d[static_cast<size_t>(i * ldd + j)];
          std::swap(p.c, expected);
          p.run();
          std::swap(p.c, expected);
          k::gemm<T>(p.trans_a, p.trans_b, p.m, p.n, p.depth, p.alpha, p.a.data(), p.lda, p.b.data(), p.ldb,
                     p.beta, d.data(), ldd, p.c.data(), p.ldc);
          CHECK(p.c == expected);
        }
}

TEST_CASE_TEMPLATE("NaN and infinity in A and B reach exactly their rows and columns", T, float, double) {
  Product<T> p(false, false, 20, 40, 30, 0, T(1), T(0));
  p.a[3 * 30 + 5] = std::numeric_limits<T>::quiet_NaN();
  p.b[7 * 40 + 11] = std::numeric_limits<T>::infinity();
  p.run();
  for (int64_t i = 0; i < 20; ++i)
    for (int64_t j = 0; j < 40; ++j) {
      const T y = p.c[static_cast<size_t>(i * 40 + j)];
      CHECK(std::isnan(y) == (i == 3 || (j == 11 && p.at_a(i, 7) == T(0))));
      CHECK((std::isinf(y) || std::isnan(y)) == (i == 3 || j == 11));
    }
}

TEST_CASE_TEMPLATE("the same bits for any number of threads, run after run", T, float, double) {
  for (k::GemmLibrary library : {k::GemmLibrary::none, k::GemmLibrary::cblas, k::GemmLibrary::onednn}) {
    if (library == k::GemmLibrary::onednn && sizeof(T) != sizeof(float)) continue;  // it has no doubles
    const Library preferred(library);
    for (const auto& s : {std::vector<int64_t>{300, 600, 16},
                          {1, 3000, 400},
                          {5, 500, 300},
                          {2000, 1, 500},
                          {150, 45, 260},
                          {64, 130, 400}})
      for (int form = 0; form < 4; ++form) {
        Product<T> p((form & 1) != 0, (form & 2) != 0, s[0], s[1], s[2], 0, T(1), T(0));
        std::vector<T> first;
        for (int threads : {1, 3, 4, 1}) {
          const Threads limit(threads);
          p.run();
          if (first.empty()) first = p.c;
          CHECK(std::memcmp(first.data(), p.c.data(), first.size() * sizeof(T)) == 0);
        }
      }
  }
}

TEST_CASE("a row of a product by tiles does not depend on the rows beside it") {
  if (k::isa() == k::Isa::base) return;  // it has no tiles: a library multiplies, which promises nothing
  Product<float> all(false, false, 100, 50, 300, 0, 1.f, 0.f), some = all;
  all.run();
  some.m = 37;
  some.run();
  CHECK(std::memcmp(all.c.data(), some.c.data(), 37 * 50 * sizeof(float)) == 0);
}

TEST_CASE_TEMPLATE("a product by a library of the field equals the triple loop", T, float, double) {
  for (k::GemmLibrary library : {k::GemmLibrary::cblas, k::GemmLibrary::onednn}) {
    if (!k::has_gemm_library(library)) continue;
    const Library preferred(library);
    for (int form = 0; form < 4; ++form) {
      CHECK(error_of<T>((form & 1) != 0, (form & 2) != 0, 70, 80, 90, 2, T(2), T(0.5)) < 1);
      CHECK(error_of<T>((form & 1) != 0, (form & 2) != 0, 270, 530, 3, 0, T(1), T(0)) < 1);
    }
  }
}

TEST_CASE("a library's thread count is as the host left it") {
  if (!k::has_gemm_library(k::GemmLibrary::onednn)) return;
  std::vector<std::thread> hosts;
  for (int t = 0; t < 3; ++t)
    hosts.emplace_back([] {
      for (int i = 0; i < 5; ++i) {
        float x[4] = {1, 2, 3, 4}, y[4] = {};
        CHECK(k::library_gemm(k::GemmLibrary::onednn, false, false, 2, 2, 2, 1.f, x, 2, x, 2, 0.f, y, 2));
        CHECK(y[3] == 22.f);
      }
    });
  for (auto& host : hosts) host.join();
}

TEST_CASE_TEMPLATE("gemm_batched repeats operands with stride zero and equals single products", T, float,
                   double) {
  for (const auto& s : {std::vector<int64_t>{3, 5, 4, 7}, {16, 16, 16, 64}, {90, 80, 85, 2}}) {
    const int64_t m = s[0], n = s[1], depth = s[2], batch = s[3];
    Product<T> a(false, true, m * batch, n, depth, 0, T(1), T(0.5));
    std::vector<T> expected = a.c;
    for (int64_t i = 0; i < batch; ++i)
      k::gemm<T>(false, true, m, n, depth, T(1), a.a.data() + i * m * depth, depth, a.b.data(), depth, T(0.5),
                 expected.data() + i * m * n, n);
    const Threads limit(3);
    k::gemm_batched<T>(false, true, m, n, depth, T(1), a.a.data(), depth, m * depth, a.b.data(), depth, 0,
                       T(0.5), a.c.data(), n, m * n, batch);
    CHECK(a.c == expected);
  }
}

TEST_CASE_TEMPLATE("gemv and dot follow strides", T, float, double, int8_t, uint8_t, int16_t, int32_t,
                   int64_t) {
  std::vector<T> a, x, y(200), y0;
  for (int i = 0; i < 700; ++i) a.push_back(static_cast<T>(i * 7 % 11));
  for (int i = 0; i < 200; ++i) x.push_back(static_cast<T>(i * 5 % 13));
  for (int trans = 0; trans < 2; ++trans)
    for (int64_t inc : {1, 3}) {
      const int64_t m = 20, n = 30, rows = trans ? n : m, terms = trans ? m : n;
      y0 = y;
      k::gemv<T>(trans != 0, m, n, T(2), a.data(), 33, x.data(), inc, T(3), y.data(), inc);
      for (int64_t i = 0; i < rows; ++i) {
        T sum = 0;
        for (int64_t p = 0; p < terms; ++p)
          sum = static_cast<T>(sum + a[static_cast<size_t>(trans ? p * 33 + i : i * 33 + p)] *
                                         x[static_cast<size_t>(p * inc)]);
        const T expected = static_cast<T>(2 * sum + 3 * y0[static_cast<size_t>(i * inc)]);
        CHECK(y[static_cast<size_t>(i * inc)] == expected);
      }
      for (int64_t length : {0, 1, 3, 8, 9, 40, 60}) {
        T sum = 0;
        for (int64_t p = 0; p < length; ++p)
          sum = static_cast<T>(sum + x[static_cast<size_t>(p * inc)] * a[static_cast<size_t>(p * 2)]);
        CHECK(k::dot<T>(length, x.data(), inc, a.data(), 2) == sum);
      }
      if (inc == 1)
        CHECK(k::dot<T>(100, x.data(), 1, x.data(), 1) ==
              k::dot<T>(100, x.data(), 1, std::vector<T>(x).data(), 1));
    }
}

TEST_CASE_TEMPLATE("products of 16-bit numbers are summed in float and rounded once", T, xgrad::Half,
                   xgrad::BFloat16) {
  // Small integers: every sum is exact.
  for (const auto& [m, n, depth] :
       {std::array{8, 8, 8}, std::array{9, 33, 31}, std::array{70, 20, 64}, std::array{260, 530, 515}})
    for (int transposed = 0; transposed < 4; ++transposed)
      for (const float beta : {0.f, 0.5f}) {
        Product<float> p((transposed & 1) != 0, (transposed & 2) != 0, m, n, depth, 3, 2.f, beta);
        for (auto* v : {&p.a, &p.b, &p.c})
          for (float& x : *v) x = std::round(8 * x);
        const std::vector<T> a(p.a.begin(), p.a.end()), b(p.b.begin(), p.b.end());
        std::vector<T> c(p.c.begin(), p.c.end());
        k::gemm<T>(p.trans_a, p.trans_b, m, n, depth, p.alpha, a.data(), p.lda, b.data(), p.ldb, beta,
                   c.data(), p.ldc);
        p.run();
        for (size_t i = 0; i < c.size(); ++i)
          REQUIRE(static_cast<float>(c[i]) == static_cast<float>(T(p.c[i])));
      }
}

TEST_CASE_TEMPLATE("integer products wrap around", T, int8_t, uint8_t, int16_t, int32_t, int64_t) {
  using U = std::make_unsigned_t<T>;
  std::mt19937_64 random(1);
  const int64_t m = 9, n = 300, depth = 21;
  std::vector<T> a(static_cast<size_t>(m * depth)), b(static_cast<size_t>(n * depth)),
      c(static_cast<size_t>(m * n));
  for (int form = 0; form < 8; ++form) {
    const bool ta = (form & 1) != 0, tb = (form & 2) != 0, small = form >= 4;  // of 32 bits
    for (auto* v : {&a, &b, &c})
      for (T& e : *v)
        e = static_cast<T>(small ? static_cast<int32_t>(random()) : static_cast<int64_t>(random()));
    a[0] = b[0] = static_cast<T>(small ? INT32_MIN : INT64_MIN);
    std::vector<T> expected(c.size());
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j) {
        uint64_t sum = 0;
        for (int64_t p = 0; p < depth; ++p)
          sum += static_cast<uint64_t>(a[static_cast<size_t>(ta ? p * m + i : i * depth + p)]) *
                 static_cast<uint64_t>(b[static_cast<size_t>(tb ? j * depth + p : p * n + j)]);
        const size_t at = static_cast<size_t>(i * n + j);
        expected[at] = static_cast<T>(static_cast<U>(3 * sum + 5 * static_cast<uint64_t>(c[at])));
      }
    k::gemm<T>(ta, tb, m, n, depth, T(3), a.data(), ta ? m : depth, b.data(), tb ? depth : n, T(5), c.data(),
               n);
    CHECK(c == expected);
  }
}
