// Tensors handed over by DLPack, to xtensor and back, and how long their memory lives.
#include <memory>

#include <doctest/doctest.h>
#include <xgrad/core/tensor/dlpack_abi.h>

#include "messages.h"
#include "xtensor/headers.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

// Memory of another library, described as that would do it.
struct Foreign {
  xt::xarray<double> values = xt::arange<double>(24);
  std::vector<int64_t> shape{2, 3}, strides{12, 4};
  DLManagedTensor managed{};
  int freed = 0;

  Foreign() {
    managed.dl_tensor = {values.data(), {kDLCPU, 0}, 2, {kDLFloat, 64, 1}, shape.data(), strides.data(), 8};
    managed.manager_ctx = this;
    managed.deleter = [](DLManagedTensor* self) { ++static_cast<Foreign*>(self->manager_ctx)->freed; };
  }
};

}  // namespace

TEST_CASE("another library reads the memory, the shape and the strides of a tensor") {
  const Tensor x = arange(24, kFloat).reshape({2, 3, 4}).permute({2, 0, 1}).slice(0, 1, 4, 2);
  DLManagedTensor* const managed = toDLPack(x);
  const DLTensor& t = managed->dl_tensor;
  CHECK_EQ(t.data, x.data_ptr());
  CHECK_EQ(t.dtype.code, kDLFloat);
  CHECK_EQ(t.dtype.bits, 32);
  const std::vector<std::size_t> shape(t.shape, t.shape + t.ndim);
  const std::vector<std::ptrdiff_t> strides(t.strides, t.strides + t.ndim);
  const auto seen =
      xt::adapt(static_cast<float*>(t.data), std::size_t{12}, xt::no_ownership(), shape, strides);
  for (int64_t i = 0; i < 2; ++i)
    for (int64_t j = 0; j < 2; ++j)
      for (int64_t k = 0; k < 3; ++k) CHECK_EQ(seen(i, j, k), x[i][j][k].item<float>());
  managed->deleter(managed);
}

TEST_CASE("the memory lives until the other library frees it") {
  DLManagedTensor* managed = nullptr;
  {
    const Tensor x = arange(1000, kLong).requires_grad_(false);
    managed = toDLPack(x);
  }
  CHECK_EQ(static_cast<int64_t*>(managed->dl_tensor.data)[999], 999);
  managed->deleter(managed);
}

TEST_CASE("memory of another library is shared, and freed with the last tensor over it") {
  Foreign foreign;
  {
    Tensor view;
    {
      const Tensor x = fromDLPack(&foreign.managed);
      CHECK_EQ(x.sizes().vec(), foreign.shape);
      CHECK_EQ(x.strides().vec(), foreign.strides);
      CHECK(x.equal(tensor({{1., 5., 9.}, {13., 17., 21.}}, kDouble)));
      x[1][2] = 100;
      CHECK_EQ(foreign.values(21), 100);
      view = x[0];
    }
    CHECK_EQ(foreign.freed, 0);
    CHECK_EQ(view.sum().item<double>(), 15);
  }
  CHECK_EQ(foreign.freed, 1);
}

TEST_CASE("a deleter of one's own takes the place of the struct's") {
  Foreign foreign;
  void* got = nullptr;
  fromDLPack(&foreign.managed, [&](void* p) { got = p; });
  CHECK_EQ(got, &foreign.managed);
  CHECK_EQ(foreign.freed, 0);
  foreign.managed.deleter = nullptr;
  CHECK_NOTHROW(fromDLPack(&foreign.managed));
}

TEST_CASE("every dtype comes back as it went, whatever the shape") {
  for (const ScalarType t : {kFloat, kDouble, kHalf, kBFloat16, kByte, kChar, kShort, kInt, kLong, kBool})
    for (const Tensor& x : {ones({2, 3}, t).t(), ones({}, t), ones({0, 2}, t), ones({1, 4}, t)}) {
      CAPTURE(dtype_name(t));
      const Tensor old = fromDLPack(toDLPack(x)), versioned = fromDLPackVersioned(toDLPackVersioned(x));
      for (const Tensor& y : {old, versioned}) {
        CHECK_EQ(y.dtype(), t);
        CHECK(y.equal(x));
        CHECK_EQ(y.data_ptr(), x.data_ptr());
        CHECK_EQ(y.is_contiguous(), x.is_contiguous());
      }
    }
}

TEST_CASE("a struct without strides is row-major") {
  Foreign foreign;
  foreign.managed.dl_tensor.strides = nullptr;
  foreign.managed.dl_tensor.byte_offset = 0;
  CHECK(fromDLPack(&foreign.managed).equal(arange(6, kDouble).reshape({2, 3})));
}

TEST_CASE("memory that must not be written says so both ways") {
  std::vector<std::string> heard;
  const WarningHandler before = set_warning_handler([&](const std::string& text) { heard.push_back(text); });
  const Tensor x = ones({3});
  DLManagedTensorVersioned* const managed = toDLPackVersionedReadOnly(x);
  CHECK_EQ(managed->flags, kDLReadOnly);
  CHECK_EQ(managed->version.major, 1);
  CHECK(fromDLPackVersioned(managed).equal(x));
  set_warning_handler(before);
  REQUIRE_EQ(heard.size(), 1);
  CHECK(contains(heard[0], "must not be written"));
}

TEST_CASE("what xgrad cannot hold is refused, and stays the caller's") {
  const auto text = [](auto&& spoil) {
    Foreign foreign;
    spoil(foreign.managed.dl_tensor);
    const std::string message = message_of([&] { fromDLPack(&foreign.managed); });
    CHECK_EQ(foreign.freed, 0);
    return message;
  };
  CHECK(contains(text([](DLTensor& t) { t.device.device_type = static_cast<DLDeviceType>(2); }), "CPU"));
  CHECK(contains(text([](DLTensor& t) {
                   t.dtype = {kDLUInt, 16, 1};
                 }),
                 "no dtype for the type code 1 of 16 bits"));
  CHECK(contains(text([](DLTensor& t) { t.dtype.lanes = 4; }), "lanes is 4"));
  CHECK(contains(text([](DLTensor& t) { t.ndim = -1; }), "ndim is -1"));
  CHECK(contains(text([](DLTensor& t) { t.shape = nullptr; }), "shape is missing"));
  CHECK(contains(text([](DLTensor& t) { t.shape[0] = -2; }), "negative"));
  CHECK(contains(text([](DLTensor& t) { t.strides[0] = -12; }), "negative strides"));
  CHECK_THROWS_AS(fromDLPack(nullptr), Error);
  DLManagedTensorVersioned* const next = toDLPackVersioned(ones({2}));
  next->version.major = 2;
  CHECK(contains(message_of([&] { fromDLPackVersioned(next); }), "newer than the 1.x"));
  next->deleter(next);
}
