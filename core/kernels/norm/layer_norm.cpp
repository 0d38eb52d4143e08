// Cuts a normalisation into blocks of rows for the threads. The arithmetic is layer_norm_isa.cpp's.
#include <xgrad/core/kernels/norm/layer_norm.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/norm/layer_norm_table.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kGrain = 8192;            // elements a thread should get at least
constexpr int64_t kRows = 64, kParts = 32;  // rows of a block whose sums are taken together; blocks at most

const LayerNormLoops& loops_of(ScalarType t) {
  const KernelTable& table = kernel_table();
  return t == ScalarType::Double ? *table.layer_norm_double : *table.layer_norm_float;
}

template <class P>
P* moved(P* p, int64_t bytes) {
  using Byte = std::conditional_t<std::is_const_v<P>, const char, char>;
  return p ? static_cast<Byte*>(p) + bytes : nullptr;
}

}  // namespace

void layer_norm(ScalarType dtype, const LayerNorm& a, int64_t rows, int64_t n) {
  const LayerNormLoops& loops = loops_of(dtype);
  const auto size = static_cast<int64_t>(element_size(dtype));
  parallel_for(0, rows, grain_of(kGrain, n), [&](int64_t begin, int64_t end) {
    const int64_t at = begin * n * size, row = begin * size;
    loops.forward({moved(a.x, at), a.weight, a.bias, moved(a.y, at), moved(a.mean, row), moved(a.rstd, row),
                   a.eps, a.centred},
                  end - begin, n);
  });
}

void layer_norm_backward(ScalarType dtype, const LayerNormBackward& a, int64_t rows, int64_t n) {
  const LayerNormLoops& loops = loops_of(dtype);
  const auto size = static_cast<int64_t>(element_size(dtype));
  const int64_t block = std::max(kRows, (rows + kParts - 1) / kParts), parts = (rows + block - 1) / block;
  const auto row_bytes = static_cast<std::size_t>(n * size);
  // The sums over the rows of a block; the first block has those of the result.
  const int64_t sums = (a.dweight != nullptr) + (a.dbias != nullptr);
  const std::unique_ptr<char[]> others(
      new char[static_cast<std::size_t>(std::max<int64_t>(0, parts - 1) * sums) * row_bytes]);
  const auto part_of = [&](void* whole, int64_t part, int64_t which) -> void* {
    if (!whole || part == 0) return whole;
    return others.get() + static_cast<std::size_t>((part - 1) * sums + which) * row_bytes;
  };
  const int64_t second = a.dweight ? 1 : 0;
  if (parts == 0)
    for (void* sum : {a.dweight, a.dbias})
      if (sum) std::memset(sum, 0, row_bytes);
  const int64_t grain = grain_of(kGrain, n * block);
  parallel_for(0, parts, grain, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; ++part) {
      void *const dweight = part_of(a.dweight, part, 0), *const dbias = part_of(a.dbias, part, second);
      for (void* sum : {dweight, dbias})
        if (sum) std::memset(sum, 0, row_bytes);
      const int64_t first = part * block, at = first * n * size, row = first * size;
      loops.backward({moved(a.g, at), moved(a.x, at), a.weight, moved(a.mean, row), moved(a.rstd, row),
                      moved(a.dx, at), dweight, dbias, a.centred},
                     std::min(block, rows - first), n);
    }
  });
  for (int64_t part = 1; part < parts; ++part) {
    if (a.dweight) loops.add(a.dweight, part_of(a.dweight, part, 0), n);
    if (a.dbias) loops.add(a.dbias, part_of(a.dbias, part, second), n);
  }
}

}  // namespace xgrad::kernels
