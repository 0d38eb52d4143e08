// Hostile calls of every op in the registry: the samples that check its derivatives are called again with
// arguments of every dtype, odd shapes and layouts, borrowed, made in inference mode, undefined. A call
// returns or throws xgrad::Error; after a throw every argument is as it was, bit for bit.
//
//   test_hostile [seconds] [seed]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/ops/samples.h"

#define DOCTEST_CONFIG_IMPLEMENT  // the files with samples are compiled for test programs
#include <doctest/doctest.h>

namespace {

using namespace xgrad;
using samples::Row;
using samples::Sample;
using samples::Tensors;

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& list) {
    return list[below(list.size())];
  }

 private:
  std::mt19937_64 engine_;
};

// Large sizes are so large that nobody can have the memory: what is made of them fails at once.
const std::vector<std::vector<int64_t>>& shapes() {
  static const std::vector<std::vector<int64_t>> all{{},
                                                     {0},
                                                     {1},
                                                     {2},
                                                     {3},
                                                     {5},
                                                     {2, 3},
                                                     {3, 2},
                                                     {1, 3},
                                                     {3, 1},
                                                     {0, 3},
                                                     {3, 0},
                                                     {1, 1},
                                                     {2, 3, 2},
                                                     {2, 1, 3},
                                                     {1, 0, 2, 3},
                                                     {2, 2, 2, 2, 2},
                                                     {1, 2, 1, 2, 1, 2, 1},
                                                     {4, 4},
                                                     std::vector<int64_t>(64, 1),
                                                     {int64_t{1} << 45, 0},
                                                     {0, int64_t{1} << 45},
                                                     {0, 274177, 67280421310}};
  return all;
}

const std::vector<ScalarType>& dtypes() {
  static const std::vector<ScalarType> all{kByte, kChar,  kShort,  kInt,  kLong,
                                           kHalf, kFloat, kDouble, kBool, kBFloat16};
  return all;
}

// A tensor that few expect, and how it came about.
struct Guest {
  Tensor tensor;
  std::string what;
  std::vector<double> memory;  // of a borrowed one
};

DimVector in_front(int64_t size, IntArrayRef sizes) {
  DimVector all(sizes);
  all.insert(0, size);
  return all;
}

Guest guest(Random& random) {
  Guest g;
  if (random.one_in(12)) {
    g.what = "undefined";
    return g;
  }
  const auto& shape = random.of(shapes());
  const ScalarType dtype = random.one_in(2) ? kDouble : random.of(dtypes());
  g.what = concat(dtype, " ", IntArrayRef(shape));
  Tensor t = numel_of(shape) > 0
                 ? samples::spread(shape, -2, 3, static_cast<double>(random.below(9))).abs().to(dtype)
                 : zeros(shape, dtype);
  switch (random.below(9)) {
    case 0:
      if (t.dim() >= 2) t = t.transpose(0, -1), g.what += " transposed";
      break;
    case 1:
      if (t.dim() >= 1 && t.size(0) > 1) t = t.slice(0, 0, t.size(0), 2), g.what += " sliced";
      break;
    case 2:
      if (t.dim() <= 3) t = t.unsqueeze(0).expand(in_front(3, t.sizes())), g.what += " expanded";
      break;
    case 3:
      if (t.numel() > 0 && t.dim() < 7) {
        t = t.reshape(-1).as_strided({2, 2}, {0, t.numel() > 1 ? 1 : 0}).detach();
        g.what += " overlapping";
      }
      break;
    case 4:
      g.memory.assign(8, 0.5);
      t = from_blob(g.memory.data(), {2, 4}, kDouble);
      g.what = "borrowed float64 [2, 4]";
      break;
    case 5: {
      const InferenceMode inference;
      t = t.clone();
      g.what += " inference";
      break;
    }
    case 6:
      if (t.is_floating_point()) t = t.detach().requires_grad_(), g.what += " leaf";
      break;
    case 7:
      if (t.is_floating_point()) t = t.detach().requires_grad_() * 1, g.what += " computed";
      break;
    default:
      break;
  }
  g.tensor = t;
  return g;
}

// What a failed call must leave as it was.
class Picture {
 public:
  explicit Picture(const Tensor& t) : tensor_(t) {
    if (!t.defined()) return;
    sizes_ = t.sizes();
    strides_ = t.strides();
    dtype_ = t.dtype();
    requires_grad_ = t.requires_grad();
    version_ = t.impl().version();
    bytes_ = bytes();
  }
  std::string change() const {
    if (!tensor_.defined()) return "";
    if (tensor_.sizes() != IntArrayRef(sizes_) || tensor_.strides() != IntArrayRef(strides_)) return "shape";
    if (tensor_.dtype() != dtype_) return "dtype";
    if (tensor_.requires_grad() != requires_grad_) return "requires_grad";
    if (tensor_.impl().version() != version_) return "version";
    return bytes() == bytes_ ? "" : "elements";
  }

 private:
  std::string bytes() const {
    const auto& storage = tensor_.impl().storage();
    return {static_cast<const char*>(storage->data()), storage->nbytes()};
  }

  Tensor tensor_;
  DimVector sizes_, strides_;
  ScalarType dtype_ = kFloat;
  bool requires_grad_ = false;
  uint32_t version_ = 0;
  std::string bytes_;
};

struct Outcome {
  int calls = 0, refused = 0, failures = 0;
};

void complain(Outcome& o, const Row& row, const Sample& s, const std::string& arguments,
              const std::string& what) {
  ++o.failures;
  std::printf("%s (%s), %s, of %s: %s\n", row.op.c_str(), row.node.c_str(), s.what.c_str(), arguments.c_str(),
              what.c_str());
}

void attack(const Row& row, const Sample& s, Random& random, Outcome& o) {
  Tensors x;
  std::vector<Guest> guests(s.inputs.size());
  std::string arguments;
  const std::size_t certain = s.inputs.empty() ? 0 : random.below(s.inputs.size());
  for (std::size_t i = 0; i < s.inputs.size(); ++i) {
    if (i == certain || random.one_in(3)) guests[i] = guest(random);
    x.push_back(guests[i].what.empty() ? s.inputs[i].clone() : guests[i].tensor);
    arguments += (i > 0 ? ", " : "") + (guests[i].what.empty() ? "its own" : guests[i].what);
  }
  std::vector<Picture> pictures(x.begin(), x.end());
  ++o.calls;
  try {
    const Tensor out = s.f(x);
    if (out.defined() && out.requires_grad()) autograd::backward({out.sum()});
  } catch (const Error&) {
    ++o.refused;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (const std::string change = pictures[i].change(); !change.empty())
        complain(o, row, s, arguments,
                 concat("argument ", static_cast<int64_t>(i), " has changed: ", change));
  } catch (const std::out_of_range&) {
    // The sample itself asked for the first of no pieces.
  } catch (const std::exception& e) {
    complain(o, row, s, arguments, std::string("threw what is no xgrad::Error: ") + e.what());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
  const uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  set_warning_handler([](const std::string&) {});
  std::vector<Row> rows = samples::elementwise_rows();
  for (Row& r : samples::kernel_rows()) rows.push_back(std::move(r));
  Random random(seed);
  Outcome o;
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < seconds) {
    const Row& row = random.of(rows);
    if (row.samples.empty()) continue;
    if (std::getenv("XGRAD_HOSTILE_VERBOSE"))
      std::fprintf(stderr, "%s %s\n", row.op.c_str(), row.node.c_str());
    attack(row, random.of(row.samples), random, o);
  }
  std::printf("%d calls of %d ops, %d refused, seed %llu\n%d passed, %d failed\n", o.calls,
              static_cast<int>(rows.size()), o.refused, static_cast<unsigned long long>(seed),
              o.calls - o.failures, o.failures);
  return o.failures == 0 ? 0 : 1;
}
