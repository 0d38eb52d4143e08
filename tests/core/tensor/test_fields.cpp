// IValue, and structs whose fields are walked: text, saving, restoring, equality.
#include <doctest/doctest.h>

#include <limits>

#include <xgrad/xgrad.h>

#include "messages.h"

using xgrad::IValue;
using xgrad::Tensor;

namespace {

struct Sample {
  XGRAD_ARG(double, rate) = 0.1;
  using Pair = std::tuple<double, int64_t>;
  XGRAD_ARG(Pair, pair) = Pair(0.5, 3);
  XGRAD_ARG(xgrad::optional<int64_t>, limit) = xgrad::nullopt;
  XGRAD_ARG(std::vector<int64_t>, shape) = {2};
  XGRAD_ARG(xgrad::nn::LossReduction, reduction) = xgrad::kMean;
  XGRAD_ARG(xgrad::ScalarType, dtype) = xgrad::kFloat64;
  XGRAD_ARG(std::string, mode) = "fast";
  XGRAD_ARG(bool, on) = true;
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_FIELDS(rate_, pair_, limit_, shape_, reduction_, dtype_, mode_, on_, weight_);
};

Sample changed() {
  return Sample()
      .rate(2)
      .pair({1.5, -1})
      .limit(7)
      .shape({})
      .reduction(xgrad::kSum)
      .dtype(xgrad::kHalf)
      .mode("slow")
      .on(false)
      .weight(xgrad::ones({2}));
}

std::string text(double value) { return xgrad::concat(value); }

}  // namespace

TEST_CASE("fields print as Python's keyword arguments") {
  CHECK(xgrad::fields_repr(Sample()) ==
        "rate=0.1, pair=(0.5, 3), limit=None, shape=(2,), reduction='mean', dtype=7, mode='fast', on=True");
  CHECK(xgrad::fields_repr(Sample().rate(3).on(false), Sample()) == "rate=3.0, on=False");
  CHECK(xgrad::fields_repr(Sample(), Sample()).empty());
}

TEST_CASE("numbers print as Python's repr") {
  CHECK(text(0.1) == "0.1");
  CHECK(text(-3) == "-3.0");
  CHECK(text(1e-5) == "1e-05");
  CHECK(text(0.0001) == "0.0001");
  CHECK(text(123456789012345680.0) == "1.2345678901234568e+17");
  CHECK(text(-0.0) == "-0.0");
  CHECK(text(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(text(-std::numeric_limits<double>::quiet_NaN()) == "nan");
}

TEST_CASE("structs are equal when all fields are") {
  CHECK(Sample() == Sample());
  CHECK(changed() == changed());
  CHECK(Sample().rate(0.2) != Sample());
  CHECK(Sample().weight(xgrad::ones({2})) != Sample());
  CHECK(Sample().weight(xgrad::ones({2})) != Sample().weight(xgrad::ones({1})));
  CHECK(Sample().weight(xgrad::ones({2})) != Sample().weight(xgrad::ones({2}, xgrad::kFloat64)));
}

TEST_CASE("what is saved can be restored") {
  Sample restored;
  xgrad::from_dict(restored, xgrad::to_dict(changed()));
  CHECK(restored == changed());
  CHECK(xgrad::to_dict(Sample()).find("weight") == nullptr);
}

TEST_CASE("a missing entry leaves its field, and an entry of another name is left out") {
  Sample sample = changed();
  xgrad::from_dict(sample, {{"on", true}, {"other", 1}});
  CHECK(sample == changed().on(true));
}

TEST_CASE("a value that does not fit sets nothing") {
  Sample sample;
  const auto refused = [&](const char* name, const IValue& value) {
    return message_of([&] { xgrad::from_dict(sample, {{"rate", 5.}, {name, value}}); });
  };
  CHECK(refused("limit", "many") ==
        "the value of 'limit': IValue: the value is not a double: it is a string");
  CHECK(refused("limit", 0.5) == "the value of 'limit': expected an integer, got 0.5");
  CHECK(refused("pair", IValue::List{1}) == "the value of 'pair': expected 2 values, got (1,)");
  CHECK(refused("on", 1) == "the value of 'on': IValue: the value is not a bool: it is an integer");
  CHECK(refused("reduction", "avg") ==
        "the value of 'reduction': expected one of ('none', 'mean', 'sum'), got 'avg'");
  CHECK(refused("weight", 1) == "the value of 'weight': IValue: the value is not a Tensor: it is an integer");
  CHECK(refused("dtype", 99) == "the value of 'dtype': expected a dtype, got 99");
  CHECK(sample == Sample());
}

TEST_CASE("whole numbers are integers, integers are numbers, and a tensor with one element is either") {
  Sample sample;
  xgrad::from_dict(sample, {{"rate", 3}, {"limit", 4.0}});
  CHECK(sample == Sample().rate(3).limit(4));
  xgrad::from_dict(sample, {{"rate", xgrad::tensor(2.5)}, {"limit", xgrad::tensor(5.0)}});
  CHECK(sample == Sample().rate(2.5).limit(5));
  for (const IValue& value :
       {IValue(2.5), IValue(1e300), IValue(true), IValue(xgrad::ones({2})), IValue(Tensor())})
    CHECK_THROWS_AS(xgrad::from_dict(sample, {{"limit", value}}), xgrad::ValueError);
}

TEST_CASE("fields that were not touched are inherited") {
  Sample sample = Sample().rate(0.3);
  xgrad::inherit_fields(sample, Sample(), changed());
  CHECK(sample == changed().rate(0.3));
}
