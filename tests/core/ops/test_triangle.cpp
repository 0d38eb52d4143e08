// Triangles and diagonals beyond the samples and the recorded cases: every diagonal, dtype and layout.
#include <doctest/doctest.h>

#include <limits>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

// Where column <= row + diagonal.
Tensor lower(int64_t rows, int64_t columns, int64_t diagonal) {
  return arange(columns) <= (arange(rows) + diagonal).unsqueeze(1);
}

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min(), kMost = std::numeric_limits<int64_t>::max();

}  // namespace

TEST_CASE("tril and triu keep what is on their side of the diagonal") {
  for (const auto& [rows, columns] : {std::pair{4, 4}, {3, 5}, {5, 2}, {1, 1}, {0, 3}, {3, 0}}) {
    const Tensor x = arange(1, 2 * rows * columns + 1).view({2, rows, columns});
    for (int64_t k = -6; k <= 6; ++k) {
      CAPTURE(k);
      CHECK(tril(x, k).equal(x * lower(rows, columns, k)));
      CHECK(triu(x, k).equal(x * lower(rows, columns, k - 1).logical_not()));
    }
    CHECK(tril(x, kMost).equal(x));
    CHECK(triu(x, kLeast).equal(x));
    CHECK(tril(x, kLeast).equal(zeros_like(x)));
    CHECK(triu(x, kMost).equal(zeros_like(x)));
  }
}

TEST_CASE("tril takes every dtype and layout, and its result is row-major") {
  for (const ScalarType dtype : {kBool, kByte, kShort, kInt, kLong, kHalf, kBFloat16, kFloat, kDouble}) {
    const Tensor x = ones({3, 3}, dtype);
    CHECK_EQ(x.tril().dtype(), dtype);
    CHECK_EQ(x.tril().to(kLong).sum().item<int64_t>(), 6);
  }
  const Tensor x = arange(12, kFloat).view({4, 3}).t();
  CHECK(x.tril(1).equal(x.contiguous().tril(1)));
  CHECK(x.tril(1).is_contiguous());
}

TEST_CASE("in place a triangle is kept in the tensor's own memory") {
  const Tensor base = arange(1, 10, kFloat).view({3, 3});
  base.t().tril_();
  CHECK(base.equal(arange(1, 10, kFloat).view({3, 3}).triu()));
}

TEST_CASE("tril_indices and triu_indices are where a triangle of ones is not zero") {
  for (const auto& [rows, columns] : {std::pair{4, 4}, {3, 5}, {5, 2}, {0, 3}, {3, 0}})
    for (int64_t k = -6; k <= 6; ++k) {
      CAPTURE(k);
      const Tensor all = ones({rows, columns});
      CHECK(tril_indices(rows, columns, k).equal(nonzero(all.tril(k)).t()));
      CHECK(triu_indices(rows, columns, k).equal(nonzero(all.triu(k)).t()));
    }
  CHECK_EQ(tril_indices(3, 3, 0, kInt).dtype(), kInt);
}

TEST_CASE("the indices of an empty triangle cost nothing, however large the matrix") {
  CHECK_EQ(tril_indices(int64_t{1} << 40, 2, kLeast).sizes().vec(), std::vector<int64_t>{2, 0});
  CHECK_EQ(triu_indices(int64_t{1} << 40, 2, 1).size(1), 1);
  CHECK_EQ(tril_indices(2, int64_t{1} << 40, 0).size(1), 3);
}

TEST_CASE("diagonals go out and come back") {
  const Tensor x = arange(1, 7, kFloat).view({2, 3});
  for (int64_t k = -2; k <= 2; ++k) {
    CHECK(x.diag_embed(k).diagonal(k, -2, -1).equal(x));
    CHECK(x.diag_embed(k, 0, 1).diagonal(k).equal(x));
    CHECK(x.diagflat(k).diag(k).equal(x.flatten()));
    CHECK_EQ(x.diag_embed(k).sum().item<float>(), 21);
  }
  const Tensor copy = x.diag();
  copy.zero_();
  CHECK_EQ(x.sum().item<float>(), 21);
  CHECK_EQ(x.trace().item<float>(), 6);
}

TEST_CASE("what is no matrix is refused") {
  CHECK_EQ(message_of([] { zeros({3}).triu(); }), "triu: needs a matrix or a batch of matrices: self is [3]");
  CHECK_EQ(message_of([] {
             zeros({1, 2, 3}).diag();
           }),
           "diag: needs a vector or a matrix: self is [1, 2, 3]");
  CHECK_EQ(message_of([] { zeros({1, 2, 3}).trace(); }), "trace: needs a matrix: self is [1, 2, 3]");
  CHECK_EQ(message_of<TypeError>([] { tril_indices(2, 2, 0, kFloat); }),
           "tril_indices: dtype must be int64 or int32: got float32");
  CHECK_THROWS_AS(zeros({}).diag_embed(), IndexError);
  CHECK_THROWS_AS(zeros({2}).diag_embed(kLeast), Error);
  CHECK_THROWS_AS(triu_indices(-1, 2), Error);
}

TEST_CASE("the tensors of a meshgrid are views of its axes") {
  const Tensor x = arange(2, kFloat), y = arange(3, kFloat), number = scalar_tensor(5.);
  const std::vector<Tensor> grid = meshgrid({x, y, number}), turned = meshgrid({x, y}, "xy");
  CHECK_EQ(grid[1].data_ptr(), y.data_ptr());
  CHECK(grid[0].equal(tensor({{{0.}, {0.}, {0.}}, {{1.}, {1.}, {1.}}}, kFloat)));
  CHECK(turned[0].equal(tensor({{0., 1.}, {0., 1.}, {0., 1.}}, kFloat)));
  CHECK(turned[1].equal(tensor({{0., 0.}, {1., 1.}, {2., 2.}}, kFloat)));
  CHECK_THROWS_AS(meshgrid({x, y}, "yx"), ValueError);
  CHECK_THROWS_AS(meshgrid({x, y.to(kDouble)}), TypeError);
  CHECK_THROWS_AS(meshgrid({x, zeros({1, 1})}), Error);
}
