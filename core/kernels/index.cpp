// The loops behind indexing. Elements are moved as words of their size; only sums look at the dtype. Every
// function that takes indices checks them, so that nothing is written when one of them is out of range.
#include <xgrad/core/kernels/index.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/copy/shuffle.h>
#include <xgrad/core/kernels/is_half.h>
#include <xgrad/core/kernels/loop_dims.h>
#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kGrain = 32768;  // elements a thread should get at least

// Negative if i is outside [0, size).
int64_t beyond(int64_t i, int64_t size) {
  return i | static_cast<int64_t>(static_cast<uint64_t>(size - 1) - static_cast<uint64_t>(i));
}

// Whether n indices, `step` apart, are in [0, size), and the first that is not, if there is one. Four at a
// time fill registers.
bool all_inside(const int64_t* index, int64_t step, int64_t n, int64_t size) {
  const int64_t fours = step == 1 ? n / 4 * 4 : 0;
  int64_t any[4] = {}, rest = 0;
  for (int64_t i = 0; i < fours; i += 4)
    for (int64_t k = 0; k < 4; ++k) any[k] |= beyond(index[i + k], size);
  for (int64_t i = fours; i < n; ++i) rest |= beyond(index[i * step], size);
  for (const int64_t one : any) rest |= one;
  return rest >= 0;
}
int64_t one_outside(const int64_t* index, int64_t step, int64_t size) {
  while (beyond(*index, size) >= 0) index += step;
  return *index;
}

// Strides with 0 in the place of one, which is returned.
int64_t take_stride(DimVector& strides, int64_t dim) {
  return std::exchange(strides[static_cast<std::size_t>(dim)], 0);
}

// Integers wrap around, as everywhere.
template <class T>
T sum(T a, T b) {
  if constexpr (std::is_same_v<T, bool>)
    return a || b;
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  else if constexpr (std::is_floating_point_v<T>)
    return a + b;
  else
    return T(static_cast<float>(a) + static_cast<float>(b));
}

template <class T>
T product(T a, T b) {
  if constexpr (std::is_same_v<T, bool>)
    return a && b;
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  else if constexpr (std::is_floating_point_v<T>)
    return a * b;
  else
    return T(static_cast<float>(a) * static_cast<float>(b));
}

// a if it is NaN, or beyond b.
template <class T>
T larger(T a, T b) {
  return a > b || a != a ? a : b;
}
template <class T>
T smaller(T a, T b) {
  return a < b || a != a ? a : b;
}

bool is_dense(IntArrayRef sizes, IntArrayRef strides) {
  return is_contiguous(
      {nullptr, ScalarType::Undefined, static_cast<int64_t>(sizes.size()), sizes.data(), strides.data()});
}

// Where runs of places begin that follow each other, and the number of all; nothing where there are no such
// runs to speak of.
std::vector<int64_t> runs_of(const Slabs& s, int64_t inner) {
  std::vector<int64_t> begins;
  const auto is_first = [&](int64_t k) { return k == 0 || s.offsets[k] != s.offsets[k - 1] + inner; };
  int64_t count = 0;
  for (int64_t k = 0; k < s.places; ++k) count += is_first(k);
  if (count > s.places / 4) return begins;
  for (int64_t k = 0; k < s.places; ++k)
    if (is_first(k)) begins.push_back(k);
  begins.push_back(s.places);
  return begins;
}

// A length that the compiler knows.
using One = std::integral_constant<int64_t, 1>;

// Calls f(run of elements in the array, position in row-major order, length) so that together the runs are
// all elements.
template <class T, class F>
void for_each_run(const Slabs& s, F&& f) {
  const int64_t inner = numel_of(s.inner_sizes);
  const bool dense = is_dense(s.inner_sizes, s.inner_strides);
  auto* const data = static_cast<T*>(s.data);
  const auto slabs_at = [&](int64_t outer, int64_t offset) {
    for (int64_t k = 0; k < s.places; ++k) {
      T* const slab = data + offset + s.offsets[k];
      const int64_t position = (outer * s.places + k) * inner;
      if (dense)
        f(slab, position, inner);
      else
        for_each_offset(s.inner_sizes, s.inner_strides,
                        [&](int64_t i, int64_t o) { f(slab + o, position + i, One{}); });
    }
  };
  const auto elements_at = [&](int64_t outer, int64_t offset) {
    for (int64_t k = 0; k < s.places; ++k) f(data + offset + s.offsets[k], outer * s.places + k, One{});
  };
  if (dense && numel_of(s.outer_sizes) >= 4)
    if (const auto begins = runs_of(s, inner); !begins.empty())
      return for_each_offset(s.outer_sizes, s.outer_strides, [&](int64_t outer, int64_t offset) {
        for (std::size_t r = 0; r + 1 < begins.size(); ++r)
          f(data + offset + s.offsets[begins[r]], (outer * s.places + begins[r]) * inner,
            (begins[r + 1] - begins[r]) * inner);
      });
  if (inner == 1) return for_each_offset(s.outer_sizes, s.outer_strides, elements_at);
  for_each_offset(s.outer_sizes, s.outer_strides, slabs_at);
}

template <class T>
void copy_run(T* to, const T* from, int64_t n) {
  if (n * static_cast<int64_t>(sizeof(T)) <= 256) return copy_few(to, from, n);
  std::memcpy(to, from, static_cast<std::size_t>(n) * sizeof(T));
}
template <class T>
void copy_run(T* to, const T* from, One) {
  *to = *from;
}

// Calls with(f), f the function of two T that is named.
template <class T, class With>
void with_function(Combine how, const With& with) {
  if (how == Combine::add)
    with([](T a, T b) { return sum(a, b); });
  else if (how == Combine::multiply)
    with([](T a, T b) { return product(a, b); });
  else if (how == Combine::larger)
    with([](T a, T b) { return larger(a, b); });
  else
    with([](T a, T b) { return smaller(a, b); });
}

// Some places of slabs without outer dimensions.
Slabs part(const Slabs& s, int64_t begin, int64_t end) {
  Slabs p = s;
  p.offsets += begin;
  p.places = end - begin;
  return p;
}

}  // namespace

void take(void* out, const Slabs& slabs) {
  dispatch_word(slabs.dtype, [&]<class T>() {
    const int64_t inner = numel_of(slabs.inner_sizes);
    const auto read = [inner, out](const Slabs& s, int64_t first) {
      T* const to = static_cast<T*>(out) + first * inner;
      for_each_run<T>(s, [to](const T* run, int64_t i, auto n) { copy_run(to + i, run, n); });
    };
    if (!slabs.outer_sizes.empty() || inner == 0) return read(slabs, 0);
    parallel_for(0, slabs.places, grain_of(kGrain, inner),
                 [&](int64_t begin, int64_t end) { read(part(slabs, begin, end), begin); });
  });
}

void put(const Slabs& slabs, const void* values) {
  dispatch_word(slabs.dtype, [&]<class T>() {
    const auto* from = static_cast<const T*>(values);
    for_each_run<T>(slabs, [from](T* run, int64_t i, auto n) { copy_run(run, from + i, n); });
  });
}

void put_one(const Slabs& slabs, const void* value) {
  dispatch_word(slabs.dtype, [&]<class T>() {
    const T one = *static_cast<const T*>(value);
    for_each_run<T>(slabs, [one](T* run, int64_t, auto n) { std::fill_n(run, n, one); });
  });
}

namespace {

// Conversions of many numbers are cheaper than of as many single ones.
template <class T>
void combine_as_floats(T* run, const T* from, int64_t n, Combine how) {
  constexpr int64_t most = 512;
  float a[most], b[most];
  for (int64_t i = 0; i < n; i += most) {
    const int64_t part = std::min(most, n - i);
    convert(a, ScalarType::Float, 1, run + i, scalar_type_of<T>, 1, part);
    convert(b, ScalarType::Float, 1, from + i, scalar_type_of<T>, 1, part);
    with_function<float>(how, [&](auto f) {
      for (int64_t j = 0; j < part; ++j) a[j] = f(a[j], b[j]);
    });
    convert(run + i, scalar_type_of<T>, 1, a, ScalarType::Float, 1, part);
  }
}

}  // namespace

void combine(const Slabs& slabs, const void* values, Combine how) {
  dispatch<AnyType>("index", slabs.dtype, [&]<class T>() {
    // The walk over slabs is there once for all functions.
    for_each_run<T>(slabs, [from = static_cast<const T*>(values), how](T* run, int64_t i, auto n) {
      if constexpr (is_half<T>)
        if (n >= 16) return combine_as_floats(run, from + i, n, how);
      with_function<T>(how, [=](auto f) {
        for (int64_t j = 0; j < n; ++j) run[j] = f(run[j], from[i + j]);
      });
    });
  });
}

void combine_segments(void* out, const void* rows, ScalarType dtype, int64_t width, const int64_t* lengths,
                      int64_t segments, double start, Combine how) {
  constexpr int64_t most = 16;  // columns that are combined in registers
  dispatch<Floats>("segment_reduce", dtype, [&]<class T>() {
    with_function<T>(how, [=](auto f) {
      auto* to = static_cast<T*>(out);
      const auto* from = static_cast<const T*>(rows);
      for (int64_t s = 0; s < segments; from += lengths[s++] * width, to += width) {
        const auto columns = [=, n = lengths[s]](int64_t first, auto count) {
          T all[most];
          std::fill_n(all, count, static_cast<T>(start));
          for (int64_t i = 0; i < n; ++i)
            for (int64_t k = 0; k < count; ++k) all[k] = f(all[k], from[i * width + first + k]);
          std::copy_n(all, count, to + first);
        };
        int64_t first = 0;
        if constexpr (!is_half<T>) {  // which are converted one by one anyway
          for (; width == 1 && first < width; ++first) columns(first, One{});
          for (; first + most <= width; first += most)
            columns(first, std::integral_constant<int64_t, most>{});
        }
        for (; first < width; first += most) columns(first, std::min(most, width - first));
      }
    });
  });
}

std::optional<int64_t> append_index(int64_t* to, const ArrayView& index, int64_t size, bool wrap) {
  const auto* data = static_cast<const int64_t*>(index.data);
  const IntArrayRef sizes(index.sizes, static_cast<std::size_t>(index.ndim)),
      strides(index.strides, sizes.size());
  const int64_t low = wrap ? -size : 0;
  std::optional<int64_t> wrong;
  for_each_row<1>(sizes, {strides}, [&](int64_t i, const auto& row, int64_t n, const auto& dims) {
    const int64_t* const places = data + row.offset();
    const int64_t step = dims.inner_stride();
    int64_t any = 0;
    for (int64_t j = 0; j < n; ++j) {
      const int64_t at = places[j * step];
      any |= beyond(at, size) & (wrap ? beyond(~at, size) : -1);
      to[i + j] = static_cast<int64_t>(static_cast<uint64_t>(to[i + j] * size) + static_cast<uint64_t>(at) +
                                       static_cast<uint64_t>(at < 0 ? size : 0));
    }
    for (int64_t j = 0; any < 0 && !wrong; ++j)
      if (const int64_t at = places[j * step]; at < low || at >= size) wrong = at;
  });
  return wrong;
}

std::optional<int64_t> first_outside(const int64_t* index, int64_t n, int64_t size) {
  return all_inside(index, 1, n, size) ? std::nullopt : std::optional(one_outside(index, 1, size));
}

void offsets_of(int64_t* offsets, const int64_t* positions, int64_t n, IntArrayRef sizes,
                IntArrayRef strides) {
  // Dimensions that lie evenly one in the other are one.
  bool even = true;
  for (std::size_t d = 0; d + 1 < sizes.size(); ++d)
    even = even && strides[d] == strides[d + 1] * sizes[d + 1];
  if (even) {
    const int64_t step = sizes.empty() ? 0 : strides.back();
    for (int64_t i = 0; i < n; ++i) offsets[i] = positions[i] * step;
    return;
  }
  for (int64_t i = 0; i < n; ++i) {
    int64_t rest = positions[i], offset = 0;
    for (std::size_t d = sizes.size(); d-- > 0; rest /= sizes[d]) offset += rest % sizes[d] * strides[d];
    offsets[i] = offset;
  }
}

std::optional<int64_t> first_outside(const ArrayView& index, int64_t size) {
  const IntArrayRef sizes(index.sizes, static_cast<std::size_t>(index.ndim));
  std::optional<int64_t> wrong;
  for_each_row<1>(sizes, {IntArrayRef(index.strides, sizes.size())},
                  [&](int64_t, const auto& row, int64_t n, const auto& dims) {
                    const auto* const places = static_cast<const int64_t*>(index.data) + row.offset();
                    if (!wrong && !all_inside(places, dims.inner_stride(), n, size))
                      wrong = one_outside(places, dims.inner_stride(), size);
                  });
  return wrong;
}

void scatter_along(const ArrayView& x, const ArrayView& index, int64_t dim, const void* values,
                   IntArrayRef values_strides, std::optional<Combine> how) {
  const auto rank = static_cast<std::size_t>(index.ndim);
  DimVector others(IntArrayRef(x.strides, rank));
  const int64_t along = take_stride(others, dim);
  const auto* const places = static_cast<const int64_t*>(index.data);
  // with_loop(loop) chooses f and calls loop(f), for every row: the walk over rows is there once for all f.
  const auto each_row = [&]<class T>(const auto& with_loop) {
    const IntArrayRef steps(index.strides, rank);
    const auto row_at = [=, data = static_cast<T*>(x.data)](int64_t, const auto& row, int64_t n,
                                                            const auto& dims) {
      const int64_t step = dims.inner_stride(0), sideways = dims.inner_stride(1),
                    value_step = dims.inner_stride(2);
      const int64_t* const place = places + row.offset(0);
      T* const to = data + row.offset(1);
      const T* const value = static_cast<const T*>(values) + row.offset(2);
      with_loop([=](auto f) {
        if (step == 1 && along == 1 && sideways == 0 && value_step == 1)
          for (int64_t j = 0; j < n; ++j) to[place[j]] = f(to[place[j]], value[j]);
        else
          for (int64_t j = 0; j < n; ++j) {
            T& element = to[place[j * step] * along + j * sideways];
            element = f(element, value[j * value_step]);
          }
      });
    };
    for_each_row<3>(IntArrayRef(index.sizes, rank), {steps, others, values_strides}, row_at);
  };
  if (how)
    dispatch<AnyType>("scatter", x.dtype, [&]<class T>() {
      each_row.template operator()<T>([how](const auto& loop) { with_function<T>(*how, loop); });
    });
  else
    dispatch_word(x.dtype, [&]<class T>() {
      each_row.template operator()<T>([](const auto& loop) { loop([](T, T value) { return value; }); });
    });
}

bool gather_along(void* out, const ArrayView& in, const ArrayView& index, int64_t dim, int64_t size) {
  constexpr int64_t block = 2048;  // indices that are checked at once, and in the cache when they are used
  const auto rank = static_cast<std::size_t>(index.ndim);
  DimVector others(IntArrayRef(in.strides, rank));
  const int64_t along = take_stride(others, dim);
  const IntArrayRef sizes(index.sizes, rank), steps(index.strides, rank);
  const auto* const places = static_cast<const int64_t*>(index.data);
  const bool dense = is_dense(sizes, steps);
  std::atomic<bool> inside{true};
  LoopDims<2> dims;
  add_merged<2>(dims, sizes, {steps, others});
  const int64_t step = dims.inner_stride(0), sideways = dims.inner_stride(1);
  const int64_t width = dims.inner_size(), rows = std::max<int64_t>(block / width, 1);
  dispatch_word(in.dtype, [&]<class T>() {
    const auto row_at = [=, &inside, data = static_cast<const T*>(in.data)](int64_t i, const auto& row,
                                                                            int64_t n, const auto&) {
      const int64_t* const place = places + row.offset(0);
      const T* const from = data + row.offset(1);
      T* const to = static_cast<T*>(out) + i;
      if (!dense && !all_inside(place, step, n, size))
        inside.store(false, std::memory_order_relaxed);
      else if (step == 1 && along == 1 && sideways == 0)
#pragma GCC unroll 4
        for (int64_t j = 0; j < n; ++j) to[j] = from[place[j]];
      else
        for (int64_t j = 0; j < n; ++j) to[j] = from[place[j * step] * along + j * sideways];
    };
    parallel_for(0, dims.numel(dims.ndim - 1), grain_of(kGrain, width), [&](int64_t begin, int64_t end) {
      for (; begin < end; begin += rows) {
        const int64_t stop = std::min(begin + rows, end);
        if (dense && !all_inside(places + begin * width, 1, (stop - begin) * width, size))
          return inside.store(false, std::memory_order_relaxed);
        walk_rows(dims, begin, stop, row_at);
      }
    });
  });
  return inside;
}

int64_t count_true(const bool* values, int64_t n) {
  int64_t count = 0;
  for (int64_t i = 0; i < n; ++i) count += values[i];
  return count;
}

void positions_of_true(int64_t* positions, int64_t count, const bool* values) {
  // Written always and kept if true: a branch that nobody can foresee costs more.
  for (int64_t i = 0, k = 0; k < count; ++i) {
    positions[k] = i;
    k += values[i];
  }
}

void coordinates_of(int64_t* out, const int64_t* positions, int64_t n, IntArrayRef sizes) {
  if (sizes.empty()) return;
  const std::size_t last = sizes.size() - 1;
  // Divisions are all there is to do: neighbours mostly stand in the same row, and need none.
  DimVector row(sizes);
  const auto write = [&](auto ahead) {  // the coordinates of the row
    for (int64_t i = 0, row_begin = 0, row_end = 0; i < n; ++i, out += ahead + 1) {
      const int64_t at = positions[i];
      if (at >= row_end) {
        int64_t rest = at / sizes[last];
        row_begin = rest * sizes[last];
        row_end = row_begin + sizes[last];
        for (std::size_t d = last; d-- > 0; rest /= sizes[d]) row[d] = d == 0 ? rest : rest % sizes[d];
      }
      std::copy_n(row.data(), ahead, out);
      out[ahead] = at - row_begin;
    }
  };
  if (last == 1) return write(One{});  // of matrices without a call for each
  write(static_cast<int64_t>(last));
}

void one_hot(int64_t* rows, const int64_t* index, int64_t n, int64_t width) {
  parallel_for(0, n, grain_of(kGrain, width), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {  // each row is in the cache when its one is written
      std::fill_n(rows + i * width, width, 0);
      rows[i * width + index[i]] = 1;
    }
  });
}

namespace {

template <class T>
struct Pixel {
  T channels[3];
};

template <class T>
void flip(T* to, const T* from, IntArrayRef sizes, IntArrayRef steps, bool mirrored = false) {
  LoopDims<1> dims;
  add_merged<1>(dims, sizes, {steps});
  const int64_t step = dims.inner_stride(), width = dims.inner_size();
  const auto row_at = [=](int64_t i, const auto& row, int64_t n, const auto&) {
    const T* const first = from + row.offset();
    if (step == 1)
      std::copy_n(first, n, to + i);
    else if (step == -1 && std::is_integral_v<T>)
      reverse(to + i, first - (n - 1), n);
    else
      for (int64_t j = 0; j < n; ++j) to[i + j] = first[j * step];
    if constexpr (!std::is_integral_v<T>)
      for (int64_t j = 0; mirrored && j < n; ++j) std::swap(to[i + j].channels[0], to[i + j].channels[2]);
  };
  parallel_for(0, dims.numel(dims.ndim - 1), grain_of(kGrain, width),
               [&](int64_t begin, int64_t end) { walk_rows(dims, begin, end, row_at); });
}

}  // namespace

void flip(void* out, const ArrayView& in, const bool* flipped) {
  const IntArrayRef sizes(in.sizes, static_cast<std::size_t>(in.ndim));
  if (numel_of(sizes) == 0) return;
  DimVector steps(IntArrayRef(in.strides, sizes.size()));
  int64_t start = 0;
  for (std::size_t d = 0; d < sizes.size(); ++d) {
    if (!flipped[d]) continue;
    start += (sizes[d] - 1) * steps[d];
    steps[d] = -steps[d];
  }
  dispatch_word(in.dtype, [&]<class T>() {
    const T* from = static_cast<const T*>(in.data) + start;
    if constexpr (sizeof(T) == 1 || sizeof(T) == 4)
      if (sizes.size() > 1 && sizes.back() == 3 && std::abs(steps.back()) == 1) {  // pixels of three channels
        DimVector apart;
        bool whole = true;
        for (std::size_t d = 0; d + 1 < sizes.size(); ++d) {
          apart.push_back(steps[d] / 3);
          whole = whole && steps[d] % 3 == 0;
        }
        if (whole)
          return flip(static_cast<Pixel<T>*>(out),
                      reinterpret_cast<const Pixel<T>*>(steps.back() < 0 ? from - 2 : from),
                      sizes.slice(0, apart.size()), apart, steps.back() < 0);
      }
    flip(static_cast<T*>(out), from, sizes, steps);
  });
}

}  // namespace xgrad::kernels
