// Sorting and selecting. Not xtensor's sort, which has no order for NaN and is not stable: a line becomes
// words of key and index (keys.h), of which no two are equal, so that any sort of them is stable; a radix
// sort for long lines.
#include <xgrad/core/kernels/order/order.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

#include <xgrad/core/kernels/loop_dims.h>
#include <xgrad/core/kernels/order/keys.h>
#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/memory/allocator.h>
#include <xgrad/core/types/dispatch.h>
#include <xgrad/core/types/shape.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kGrain = 8192;         // elements a thread should get at least
constexpr int64_t kShort = 64;           // a shorter line is sorted by comparing
constexpr int64_t kManyWords = 1 << 15;  // for which counts of more bits pay
constexpr int64_t kFew = 1024;           // words among which a selection compares
constexpr int kWide = 2048;              // values of the bits that it looks at before
constexpr int64_t kInOrder = 16;         // words that a top-k keeps in order, of many more
constexpr int64_t kRoom = 512;           // elements among which it looks for its first bound
constexpr int64_t kBlock = 16;           // elements that it compares with its bound at a time
template <class T>
constexpr int64_t kMerged = sizeof(T) > 2 ? 256 : kShort;  // words that are merged rather than counted

// Words that lines use one after the other.
class Words {
 public:
  Words() = default;
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;
  ~Words() { release(); }
  uint64_t* of(int64_t n) {
    if (n > size_) {
      release();
      data_ = memory::allocate(static_cast<std::size_t>(n) * sizeof(uint64_t));
      size_ = n;
    }
    return static_cast<uint64_t*>(data_);
  }

 private:
  void release() {
    if (data_) memory::deallocate(data_, static_cast<std::size_t>(size_) * sizeof(uint64_t));
    data_ = nullptr;
    size_ = 0;
  }
  void* data_ = nullptr;
  int64_t size_ = 0;
};
struct Scratch {
  Words words, spare;
};

// A line of the results.
template <class T>
struct Found {
  T* values;
  int64_t* indices;
  int64_t values_step, indices_step, size;
  void set(int64_t i, const Keys<T>& keys, uint64_t word) const {
    values[i * values_step] = keys.value(word);
    indices[i * indices_step] = Keys<T>::index(word);
  }
};

// Calls f(in, step, size, found, scratch) for every line.
template <class Types, class F>
void for_each_line(const char* op, const ArrayView& values, const ArrayView& indices, const ArrayView& in,
                   int64_t dim, F&& f) {
  LoopDims<3> lines;
  for (int64_t d = 0; d < in.ndim; ++d) {
    if (values.sizes[d] == 0) return;
    if (d != dim) lines.add(in.sizes[d], {values.strides[d], indices.strides[d], in.strides[d]});
  }
  lines.arrange();
  const bool single = in.ndim == 0;
  const int64_t size = single ? 1 : in.sizes[dim], step = single ? 1 : in.strides[dim];
  dispatch<Types>(op, in.dtype, [&]<class T>() {
    parallel_for(0, lines.numel(), grain_of(kGrain, size), [&](int64_t begin, int64_t end) {
      Scratch scratch;
      Odometer<3> at(lines, lines.ndim, begin);
      for (int64_t i = begin; i < end; ++i, at.next()) {
        const Found<T> found{static_cast<T*>(values.data) + at.offset(0),
                             static_cast<int64_t*>(indices.data) + at.offset(1),
                             single ? 1 : values.strides[dim], single ? 1 : indices.strides[dim],
                             single ? 1 : values.sizes[dim]};
        f(static_cast<const T*>(in.data) + at.offset(2), step, size, found, scratch);
      }
    });
  });
}

// Sorts words by the lowest `key_bits` bits of their upper halves, `bits` at a time; returns where they are
// then.
template <int bits>
uint64_t* radix_sort(uint64_t* words, uint64_t* spare, int64_t n, int key_bits) {
  constexpr int64_t kValues = int64_t{1} << bits;
  constexpr int kMaxDigits = (32 + bits - 1) / bits;
  const int digits = (key_bits + bits - 1) / bits;
  uint32_t counts[kMaxDigits][kValues] = {};
  const auto digit = [](uint64_t word, int d) { return word >> (32 + bits * d) & (kValues - 1); };
  for (int64_t i = 0; i < n; ++i)
    for (int d = 0; d < digits; ++d) ++counts[d][digit(words[i], d)];
  for (int d = 0; d < digits; ++d) {
    uint32_t* const count = counts[d];
    if (count[digit(words[0], d)] == n) continue;
    uint32_t start = 0;
    for (int64_t k = 0; k < kValues; ++k) start += std::exchange(count[k], start);
    for (int64_t i = 0; i < n; ++i) spare[count[digit(words[i], d)]++] = words[i];
    std::swap(words, spare);
  }
  return words;
}
uint64_t* radix_sort(uint64_t* words, uint64_t* spare, int64_t n, int key_bits) {
  return n < kManyWords || key_bits <= 16 ? radix_sort<8>(words, spare, n, key_bits)
                                          : radix_sort<11>(words, spare, n, key_bits);
}

// Merges runs of 1, 2, 4, ... words without branches that nobody can foresee: two runs of the same length
// from both ends at once, where none can be empty before the last word. No two words are equal. Returns where
// the words are then.
uint64_t* merge_sort(uint64_t* words, uint64_t* spare, int64_t n) {
  for (int64_t width = 1; width < n; width *= 2) {
    int64_t i = 0;
    for (; i + 2 * width <= n; i += 2 * width) {
      const uint64_t *const a = words + i, *const b = a + width;
      uint64_t* const to = spare + i;
      for (int64_t j = 0, of_b = 0, of_a = 0; j < width; ++j) {  // taken from b, and at the end from a
        const uint64_t x = a[j - of_b], y = b[of_b], p = b[-1 - of_a], q = b[width - 1 - j + of_a];
        to[j] = y < x ? y : x;
        of_b += y < x;
        to[2 * width - 1 - j] = q < p ? p : q;
        of_a += q < p;
      }
    }
    std::merge(words + i, words + std::min(i + width, n), words + std::min(i + width, n), words + n,
               spare + i);
    std::swap(words, spare);
  }
  return words;
}

// The words in order. More than kMerged must stand by their indices.
template <class T>
uint64_t* sorted(const Keys<T>& keys, uint64_t* words, int64_t n, Scratch& scratch) {
  const auto before = [&](uint64_t a, uint64_t b) { return keys.less(a, b); };
  uint64_t* const spare = scratch.spare.of(n);
  uint64_t* const result =
      n <= kMerged<T> ? merge_sort(words, spare, n) : radix_sort(words, spare, n, keys.bits());
  if (keys.exact()) return result;
  for (int64_t begin = 0, end; begin < n; begin = end) {
    for (end = begin + 1; end < n && keys.high(result[begin]) == keys.high(result[end]);) ++end;
    uint64_t* const run = result + begin;
    const int64_t length = end - begin;
    if (length <= kShort) {
      std::sort(run, run + length, before);
      continue;
    }
    for (int64_t i = 0; i < length; ++i) run[i] = keys.low_word(keys.index(run[i]));
    const uint64_t* const in_order = radix_sort(run, (result == words ? spare : words) + begin, length, 32);
    if (in_order != run) std::copy_n(in_order, length, run);
  }
  return result;
}

// Sorts a line of bytes by counting them.
template <class T>
void sort_bytes(const Keys<T>& keys, const Found<T>& found) {
  int64_t next[256] = {};
  const auto byte = [&](int64_t i) { return static_cast<uint8_t>(keys[i]); };
  for (int64_t i = 0; i < keys.size(); ++i) ++next[byte(i)];
  int64_t start = 0;
  for (int64_t& count : next) start += std::exchange(count, start);
  for (int64_t i = 0; i < keys.size(); ++i) found.set(next[byte(i)]++, keys, keys.word(i));
}

// What std::nth_element does, without branches that nobody can foresee.
template <class Before>
void split(uint64_t* begin, uint64_t* const place, uint64_t* end, const Before& before) {
  for (int round = 0; end - begin > 16 && round < 24; ++round) {
    uint64_t three[] = {begin[0], begin[(end - begin) / 2], end[-1]};
    std::sort(three, three + 3, before);
    uint64_t* middle = begin;
    const auto first = [&](const auto& goes) {
      for (uint64_t* p = begin; p < end; ++p) {
        const uint64_t word = *p;
        *p = *middle;
        *middle = word;
        middle += goes(word);
      }
    };
    first([&](uint64_t word) { return before(word, three[1]); });
    if (middle == begin) {  // the middle one is the least, maybe one of many
      first([&](uint64_t word) { return !before(three[1], word); });
      if (place < middle) return;
    }
    (place < middle ? end : begin) = middle;
  }
  std::nth_element(begin, place, end, before);
}
template <class T>
void split(const Keys<T>& keys, uint64_t* words, int64_t place, int64_t n) {
  if (keys.exact()) return split(words, words + place, words + n, std::less<uint64_t>());
  split(words, words + place, words + n, [&](uint64_t a, uint64_t b) { return keys.less(a, b); });
}

// The word at place k of the order; the others are lost. Words that share the upper bits of the one that is
// sought are what is left after each look, until they are few.
template <class T>
uint64_t selected(const Keys<T>& keys, uint64_t* words, int64_t n, int64_t k) {
  for (const int shift : {53, 42, 32}) {
    if (n <= kFew) break;
    const auto digit = [shift](uint64_t word) { return word >> shift & (kWide - 1); };
    uint32_t counts[kWide] = {};
    for (int64_t i = 0; i < n; ++i) ++counts[digit(words[i])];
    uint64_t sought = 0;
    for (; k >= counts[sought]; ++sought) k -= counts[sought];
    int64_t kept = 0;
    for (int64_t i = 0; i < n; ++i) {  // written always: a branch that nobody can foresee costs more
      const uint64_t word = words[i];
      words[kept] = word;
      kept += digit(word) == sought;
    }
    n = kept;
  }
  split(keys, words, k, n);
  return words[k];
}

template <class T>
void sort_by_index(const Keys<T>& keys, uint64_t* words, int64_t n) {
  std::sort(words, words + n, [&](auto a, auto b) { return keys.index(a) < keys.index(b); });
}

// The k first words of the order, which are kept in order all the time.
template <class T>
uint64_t* fewest(const Keys<T>& keys, uint64_t* words, int64_t k) {
  const auto before = [&](uint64_t a, uint64_t b) { return keys.less(a, b); };
  int64_t held = 0;
  KeyOf<T> bound = 0;
  for (int64_t i = 0; i < keys.size(); ++i) {
    if (held == k && (i = keys.skip(i, bound)) == keys.size()) break;
    const uint64_t word = keys.word(i);
    if (held == k && !before(word, words[k - 1])) continue;
    int64_t at = held == k ? k - 1 : held++;
    for (; at > 0 && before(word, words[at - 1]); --at) words[at] = words[at - 1];
    words[at] = word;
    bound = keys[keys.index(words[held - 1])];
  }
  return words;
}

// The same for more words, in any order or as they stand in the line. The best so far wait in `kept`, which
// has room for the first `room` elements and a block; when twice as many as needed wait, what lies behind the
// k-th best is dropped, and what is behind that is not taken from then on.
template <class T>
uint64_t* least(Keys<T>& keys, uint64_t* kept, int64_t room, uint64_t* words, int64_t k, bool as_they_stand) {
  const int64_t n = keys.size();
  int64_t held = room;
  uint64_t last = 0;
  const auto drop = [&] {
    split(kept, kept + k - 1, kept + held, std::less<uint64_t>());
    held = k;
    last = kept[k - 1];
  };
  const auto key_of_last = [&] { return static_cast<KeyOf<T>>(Keys<T>::kWide ? last : last >> 32); };
  for (int64_t i = 0; i < room; ++i) kept[i] = keys.rank(i);
  drop();
  for (int64_t i = room; i < n && (i = keys.skip(i, key_of_last())) < n;) {
    for (const int64_t end = std::min(n, i + kBlock); i < end; ++i) {
      kept[held] = keys.rank(i);
      held += kept[held] < last;
    }
    if (held > std::min(room, 2 * k)) drop();
  }
  if (held > k) drop();
  const bool far = k <= n / 8;
  if constexpr (Keys<T>::kWide) {
    keys.lie_between(*std::min_element(kept, kept + k), last);
  } else if (!as_they_stand || far) {
    if (as_they_stand) sort_by_index(keys, kept, k);
    return kept;
  }
  int64_t equal = std::count(kept, kept + k, last);
  const auto behind = static_cast<KeyOf<T>>(last + 2);  // + 1 may be the key that -0 would have
  const bool skips = Keys<T>::kWide && far && behind > last;
  for (int64_t i = 0, at = 0; at < k; ++i) {
    if (skips && i % kBlock == 0) i = keys.skip(i, behind);
    const uint64_t rank = keys.rank(i);
    const bool as_last = (rank == last) & (equal > 0);
    if constexpr (Keys<T>::kWide)
      words[at] = keys.word(i, rank);
    else
      words[at] = rank;
    at += (rank < last) | as_last;
    equal -= as_last;
  }
  return words;
}

}  // namespace

void sort(const ArrayView& values, const ArrayView& indices, const ArrayView& in, int64_t dim,
          bool descending) {
  for_each_line<AnyType>(
      "sort", values, indices, in, dim,
      [descending]<class T>(const T* line, int64_t step, int64_t n, const Found<T>& found, Scratch& scratch) {
        const Keys<T> keys(line, step, n, descending);
        if (sizeof(T) == 1 && n > kShort) return sort_bytes(keys, found);
        uint64_t* const words = scratch.words.of(n);
        keys.write(words);
        const uint64_t* const order = sorted(keys, words, n, scratch);
        for (int64_t i = 0; i < n; ++i) found.set(i, keys, order[i]);
      });
}

void topk(const ArrayView& values, const ArrayView& indices, const ArrayView& in, int64_t dim, bool largest,
          bool in_order) {
  for_each_line<Join<Floats, Integers>>(
      "topk", values, indices, in, dim,
      [=]<class T>(const T* line, int64_t step, int64_t n, const Found<T>& found, Scratch& scratch) {
        const int64_t k = found.size, room = std::min(n, std::max(4 * k, kRoom));
        uint64_t* const words = scratch.words.of(k + room + kBlock + (step == 1 ? 0 : n));
        if (step != 1) {  // elements side by side are skipped in registers
          T* const dense = reinterpret_cast<T*>(words + k + room + kBlock);
          for (int64_t i = 0; i < n; ++i) dense[i] = line[i * step];
          line = dense;
        }
        const bool all = in_order && k > 1 && (n <= kBlock || k > n / 4 * 3);
        Keys<T> keys(line, 1, n, largest, all);
        uint64_t* order;
        if (all) {
          keys.write(words + k);
          order = sorted(keys, words + k, n, scratch);
        } else if (k <= kInOrder && 2 * k * k <= n) {
          order = fewest(keys, words, k);
          if (!in_order) sort_by_index(keys, order, k);
        } else {
          order = least(keys, words + k, room, words, k, !in_order || k > kMerged<T>);
          if (in_order) order = sorted(keys, order, k, scratch);
        }
        for (int64_t i = 0; i < k; ++i) found.set(i, keys, order[i]);
      });
}

void select(const ArrayView& values, const ArrayView& indices, const ArrayView& in, int64_t dim, Place place,
            int64_t k) {
  for_each_line<Join<Floats, Integers>>(
      "select", values, indices, in, dim,
      [=]<class T>(const T* line, int64_t step, int64_t n, const Found<T>& found, Scratch& scratch) {
        const Keys<T> keys(line, step, n, false);
        uint64_t* const words = scratch.words.of(n);
        keys.write(words);
        int64_t at = k;
        if (place != Place::kth) {
          int64_t numbers = n;
          if constexpr (is_float<T>)
            for (int64_t i = 0; i < n; ++i) numbers -= is_nan(line[i * step]);
          at = place == Place::median && numbers < n ? numbers : std::max<int64_t>(numbers - 1, 0) / 2;
        }
        found.set(0, keys, selected(keys, words, n, at));
      });
}

void mode(const ArrayView& values, const ArrayView& indices, const ArrayView& in, int64_t dim) {
  for_each_line<AnyType>(
      "mode", values, indices, in, dim,
      []<class T>(const T* line, int64_t step, int64_t n, const Found<T>& found, Scratch& scratch) {
        const Keys<T> keys(line, step, n, false);
        uint64_t* const words = scratch.words.of(n);
        keys.write(words);
        const uint64_t* const order = sorted(keys, words, n, scratch);
        int64_t most = 0, run = 0;
        for (int64_t i = 0; i < n; ++i) {
          ++run;
          if (i + 1 < n && keys.value(order[i]) == keys.value(order[i + 1])) continue;
          if (run > most) found.set(0, keys, order[i]);
          most = std::max(most, run);
          run = 0;
        }
      });
}

int64_t find_runs(const RunsOut& out, const ArrayView& rows) {
  const int64_t n = rows.sizes[0], columns = rows.sizes[1];
  int64_t runs = 0;
  // Everything is written also where no run begins: a branch that nobody can foresee costs more.
  dispatch<AnyType>("unique", rows.dtype, [&]<class T>() {
    const auto* row = static_cast<const T*>(rows.data);
    auto* const values = static_cast<T*>(out.values);
    if (values && !out.run_of && !out.lengths) {
      for (int64_t i = 0; i < n; ++i) {
        values[runs] = row[i];
        runs += i + 1 == n || row[i + 1] != row[i];
      }
      return;
    }
    const auto walk = [&](const auto& differs) {
      int64_t begin = 0;
      for (int64_t i = 0; i < n; ++i, row += columns) {
        const bool first = i == 0 || differs(row);
        if (out.begins) out.begins[runs] = i;
        if (values) values[runs] = *row;
        runs += first;
        begin = first ? i : begin;
        if (out.lengths) out.lengths[runs - 1] = i + 1 - begin;
        if (out.run_of) out.run_of[i] = runs - 1;
      }
    };
    if (columns == 1)
      walk([](const T* x) { return x[0] != x[-1]; });
    else
      walk([columns](const T* x) { return !std::equal(x, x + columns, x - columns); });
  });
  return runs;
}

void sort_rows(int64_t* order, const ArrayView& rows) {
  const int64_t columns = rows.sizes[1];
  for (int64_t i = 0; i < rows.sizes[0]; ++i) order[i] = i;
  dispatch<AnyType>("unique", rows.dtype, [&]<class T>() {
    const auto* const data = static_cast<const T*>(rows.data);
    std::stable_sort(order, order + rows.sizes[0], [data, columns](int64_t a, int64_t b) {
      const T *x = data + a * columns, *y = data + b * columns;
      for (int64_t c = 0; c < columns; ++c) {
        const auto p = key_of(x[c]), q = key_of(y[c]);
        if (p != q) return p < q;
      }
      return false;
    });
  });
}

void find_members(bool* found, const ArrayView& x, const ArrayView& tests, bool none) {
  const int64_t n = x.sizes[0], count = tests.sizes[0];
  dispatch<TypeList<float, double, int64_t>>("isin", x.dtype, [&]<class T>() {
    // The keys of the tests, each at the first free place from its hash on, of at least twice as many places
    // as there are keys. The key of NaN stands for none; among integers it may be sought, too.
    using Key = KeyOf<T>;
    constexpr auto free = static_cast<Key>(kAll<T>);
    const int bits = 1 + std::bit_width(static_cast<uint64_t>(count));
    const uint64_t places = uint64_t{1} << bits, mask = places - 1;
    Words memory;
    Key* const keys = reinterpret_cast<Key*>(memory.of(static_cast<int64_t>(places * sizeof(Key) / 8)));
    std::fill_n(keys, places, free);
    const auto place_of = [=](uint64_t key) {
      uint64_t at = (key ^ key >> 32) * 0x9e3779b97f4a7c15u >> (64 - bits);
      while (keys[at] != key && keys[at] != free) at = (at + 1) & mask;
      return at;
    };
    bool free_too = false;
    for (int64_t i = 0; i < count; ++i) {
      const Key key = key_of(static_cast<const T*>(tests.data)[i]);
      free_too |= !is_float<T> && key == free;
      keys[place_of(key)] = key;
    }
    parallel_for(0, n, kGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const Key key = key_of(static_cast<const T*>(x.data)[i]);
        found[i] = (key == free ? free_too : keys[place_of(key)] == key) != none;
      }
    });
  });
}

}  // namespace xgrad::kernels
