// The serial product on one core, compiled once per instruction set: cuts A into panels that stay in the
// second-level cache and B into slivers that stay in the first, and runs register tiles over them. No
// threads, no allocation, and no inline function of the standard library: the linker could pick this file's
// wide copy of it for everybody.
#include <xgrad/core/kernels/gemm/gemm_pack.h>
#include <xgrad/core/kernels/gemm/gemm_table.h>
#include <xgrad/core/kernels/gemm/gemm_tile.h>
#include <xgrad/core/kernels/gemm/gemm_vector.h>

namespace xgrad::kernels::XGRAD_ISA::product {
namespace {

static_assert(pack_overrun == kPackOverrun);

constexpr int64_t panel_depth = 256;  // a sliver of B takes half a first-level cache
constexpr int64_t sliver_group = 4;
#if defined(XGRAD_SIMD_AVX512)
constexpr int64_t panel_bytes = 512 * 1024;
#else
constexpr int64_t panel_bytes = 160 * 1024;
#endif

// How a product is cut and what is copied first. Copies pay when what they copy is read often, or in strides
// that fall on the same cache lines and on ever new pages.
template <class T>
struct Plan {
  bool pack_a, pack_b;
  int64_t cols, depth, rows;  // of a sliver of B and of a panel of A
  int64_t group;              // slivers of B that are packed at a time
  XGRAD_SIMD_INLINE explicit Plan(const GemmCall<T>& g) {
    cols = (g.m <= flat_tile_rows ? flat_tile_vectors : tile_vectors) * width<T>;
    depth = longest(g.k, panel_depth);
    const int64_t page = 4096 / static_cast<int64_t>(sizeof(T));
    pack_a = g.n > 12 * cols || (g.n > 2 * cols && g.a_row + g.a_col > page / 2 && g.m > 1);
    pack_b = g.b_col != 1 || g.m > 10 * tile_rows || (!has_free_masks && g.n % width<T> != 0);
    rows = g.m;
    if (pack_a) rows = longest(g.m, panel_bytes / (panel_depth * static_cast<int64_t>(sizeof(T))));
    group = pack_a && g.b_col == 1 && g.n >= sliver_group * cols ? sliver_group : 1;
  }
  XGRAD_SIMD_INLINE static int64_t longest(int64_t n, int64_t most) {
    return n <= most ? n : count_blocks(n, count_blocks(n, most));
  }
  XGRAD_SIMD_INLINE int64_t panel_size() const {
    return pack_a ? count_blocks(rows * depth + pack_overrun, 16) * 16 : 0;
  }
  XGRAD_SIMD_INLINE int64_t sliver_size() const { return pack_b ? depth * cols * group + pack_overrun : 0; }
};

template <class T>
void pack_panel(const T* a, int64_t a_row, int64_t a_col, int64_t m, int64_t k, T* out) {
  const Pieces tiles(m, tile_rows);
  for (int64_t i = 0; i < tiles.count; ++i) {
    const int64_t begin = tiles.begin(i), rows = tiles.begin(i + 1) - begin;
    if (a_col == 1) {
      pack_transposed(a + begin * a_row, a_row, rows, k, out, rows);
    } else {
      pack_straight(a + begin, a_col, k, rows, out, rows);
    }
    out += rows * k;
  }
}

template <class T>
void pack_sliver(const T* b, int64_t b_row, int64_t b_col, int64_t k, int64_t n, T* out, int64_t stride) {
  const int64_t padded = count_blocks(n, width<T>) * width<T>;
  const Batch<T> zero(T(0));
  for (int64_t p = 0; n < padded && p < k; ++p) store(out + p * stride + padded - width<T>, zero);
  if (b_col == 1) {
    pack_straight(b, b_row, k, n, out, stride);
  } else {
    pack_transposed(b, b_col, n, k, out, stride);
  }
}

// Lets the tile that comes first fetch what the next slivers are packed from, `source`.
template <class T>
void look_ahead(Tile<T>& t, const GemmCall<T>& g, const Plan<T>& plan, const T* source) {
  t.next = source;
  t.next_stride = g.b_col == 1 ? g.b_row : 2 * width<T>;
  t.next_run = t.k;
  t.next_jump = 0;
  if (source == nullptr || g.b_col == 1 || t.k <= plan.cols) return;
  t.next_run = t.k / plan.cols;  // steps for a column of B, which is a row in memory
  t.next_jump = g.b_col - t.next_run * t.next_stride;
}

// The tiles of one sliver of B: m rows and `vectors` vectors of C.
template <class T, Reads reads>
XGRAD_SIMD_INLINE void multiply_sliver(Tile<T>& t, const GemmCall<T>& g, const T* a, bool packed, int64_t m,
                                       int64_t vectors, const T* d, T* c) {
  const Pieces tiles(m, tile_rows);
  for (int64_t i = 0; i < tiles.count; ++i) {
    const int64_t begin = tiles.begin(i), rows = tiles.begin(i + 1) - begin;
    t.a = packed ? a + begin * t.k : a + begin * g.a_row;
    t.a_stride = packed ? rows : reads == Reads::rows ? g.a_row : g.a_col;
    t.c = c + begin * g.ldc;
    t.d = d + begin * t.ldd;
    (t.offsets ? gathering_kernel<T>(rows) : tile_kernel<T, reads>(rows, vectors))(t);
    t.next = nullptr;
    t.offsets = nullptr;
  }
}

// What a block of rows of C starts from.
template <class T>
struct Addend {
  T beta;
  const T* d;
  int64_t ldd;
};

// A block of rows of C and of k: all slivers of B against one panel of A.
template <class T>
void multiply_panel(const GemmCall<T>& g, const Plan<T>& plan, const T* a, const T* b, const Addend<T>& add,
                    int64_t m, int64_t k, T* c, T* slivers) {
  T* sliver = slivers;
  Tile<T> t;
  t.k = k;
  t.ldc = g.ldc;
  t.ldd = add.ldd;
  t.alpha = g.alpha;
  t.beta = add.beta;
  t.prefetch_c = plan.pack_a;
  const int64_t sliver_size = k * plan.cols;
  int64_t packed = 0;  // slivers ahead that a group has packed
  for (int64_t j = 0; j < g.n; j += plan.cols) {
    const int64_t n = smaller(plan.cols, g.n - j), vectors = count_blocks(n, width<T>);
    const T* source = b + j * g.b_col;
    t.b = source;
    t.b_stride = g.b_row;
    if (plan.pack_b) {
      if (packed > 0) {
        sliver += sliver_size;
      } else if (j + plan.group * plan.cols <= g.n && plan.group > 1) {
        sliver = slivers;
        pack_slivers(source, g.b_row, k, plan.cols, plan.group, sliver, sliver_size);
        packed = plan.group;
      } else {
        sliver = slivers;
        pack_sliver(source, g.b_row, g.b_col, k, n, sliver, plan.cols);
        packed = 1;
      }
      --packed;
      t.b = sliver;
      t.b_stride = plan.cols;
    }
    t.last = static_cast<int>(n - (vectors - 1) * width<T>);
    const bool more = j + (plan.group + 1) * plan.cols <= g.n;
    look_ahead(t, g, plan, more ? source + plan.group * plan.cols * g.b_col : nullptr);
    if (plan.pack_a || g.a_col != 1) {
      multiply_sliver<T, Reads::columns>(t, g, a, plan.pack_a, m, vectors, add.d + j, c + j);
    } else {
      multiply_sliver<T, Reads::rows>(t, g, a, false, m, vectors, add.d + j, c + j);
    }
  }
}

template <class T>
void multiply(const GemmCall<T>& g, T* workspace) {
  const Plan<T> plan(g);
  T* const panel = workspace;
  T* const sliver = workspace + plan.panel_size();
  const Pieces depths(g.k, plan.depth), heights(g.m, plan.rows);
  for (int64_t h = 0; h < heights.count; ++h) {
    const int64_t i0 = heights.begin(h), m = heights.begin(h + 1) - i0;
    for (int64_t d = 0; d < depths.count; ++d) {
      const int64_t p0 = depths.begin(d), k = depths.begin(d + 1) - p0;
      const T* a = g.a + i0 * g.a_row + p0 * g.a_col;
      if (plan.pack_a) pack_panel(a, g.a_row, g.a_col, m, k, panel);
      T* const c = g.c + i0 * g.ldc;
      const Addend<T> add = d == 0 && g.beta != T(0) ? Addend<T>{g.beta, g.d + i0 * g.ldd, g.ldd}
                                                     : Addend<T>{T(d == 0 ? 0 : 1), c, g.ldc};
      multiply_panel(g, plan, plan.pack_a ? panel : a, g.b + p0 * g.b_row, add, m, k, c, sliver);
    }
  }
}

template <class T>
int64_t space(const GemmCall<T>& g) {
  const Plan<T> plan(g);
  return plan.panel_size() + plan.sliver_size();
}

// Few rows times the transpose of a large matrix, as in a layer: the large one is read as it lies when it
// comes first, C' = B' A', and only what is small is transposed.
template <class T>
XGRAD_SIMD_INLINE bool pays_to_turn(const GemmCall<T>& g) {
  return g.b_row == 1 && g.b_col != 1 && g.a_col == 1 && g.m >= 8 && g.m <= 2 * tile_vectors * width<T> &&
         (g.n - g.m) * g.k > 2 * g.m * g.n;
}

// C' and D', in memory of its own.
template <class T>
struct Turned {
  int64_t ld, size;
  GemmCall<T> call;
  Turned(const GemmCall<T>& g, T* c)
      : ld(count_blocks(g.m, width<T>) * width<T>),
        size(count_blocks(g.n * ld, 16) * 16),
        call{g.n, g.m, g.k, g.alpha, g.b, g.b_col, 1, g.a, 1, g.a_row, g.beta, c, ld, c, ld} {}
};

// D is there before the products are added, as in the straight way: the bits are the same.
template <class T>
void multiply_turned(const GemmCall<T>& g, T* workspace) {
  const Turned<T> turned(g, workspace);
  if (g.beta != T(0) && g.ldd == 0) {
    for (int64_t j = 0; j < g.n; ++j)
      for (int64_t i = 0; i < turned.ld; i += width<T>)
        store(workspace + j * turned.ld + i, Batch<T>(g.d[j]));
  } else if (g.beta != T(0)) {
    pack_transposed(g.d, g.ldd, g.m, g.n, workspace, turned.ld);
  }
  multiply(turned.call, workspace + turned.size);
  const int64_t whole = g.n / 4 * 4;  // pack_transposed would write beyond the rest
  constexpr int64_t side = 16;        // of blocks, so that lines of C stay in the cache until they are full
  for (int64_t i = 0; i < g.m; i += side)
    for (int64_t j = 0; j < whole; j += side)
      pack_transposed(workspace + j * turned.ld + i, turned.ld, smaller(side, whole - j),
                      smaller(side, g.m - i), g.c + i * g.ldc + j, g.ldc);
  for (int64_t j = whole; j < g.n; ++j)
    for (int64_t i = 0; i < g.m; ++i) g.c[i * g.ldc + j] = workspace[j * turned.ld + i];
}

template <class T>
void gemm(const GemmCall<T>& g, T* workspace) {
  if (pays_to_turn(g)) return multiply_turned(g, workspace);
  multiply(g, workspace);
}

template <class T>
int64_t workspace(const GemmCall<T>& g) {
  if (!pays_to_turn(g)) return space(g);
  const Turned<T> turned(g, nullptr);
  return turned.size + space(turned.call);
}

template <class T, Reads reads>
XGRAD_SIMD_INLINE void multiply_one_sliver(Tile<T>& t, const GemmCall<T>& g) {
  const int64_t vectors = count_blocks(g.n, width<T>);
  t.k = g.k;
  t.b = g.b;
  t.next_stride = t.b_stride = tile_vectors * width<T>;
  t.next_run = t.k;
  t.next_jump = 0;
  t.ldc = g.ldc;
  t.ldd = g.ldd;
  t.alpha = T(1);
  t.beta = g.beta;
  t.last = static_cast<int>(g.n - (vectors - 1) * width<T>);
  t.prefetch_c = true;
  multiply_sliver<T, reads>(t, g, g.a, reads == Reads::columns, g.m, vectors, g.d, g.c);
}

template <class T>
GemmCall<T> packed_call(const T* panel, const T* sliver, int64_t m, int64_t n, int64_t k, T beta, T* c,
                        int64_t ldc) {
  return {m, n, k, T(1), panel, 1, 1, sliver, tile_vectors * width<T>, 1, beta, c, ldc, c, ldc};
}

template <class T>
void multiply_packed(const T* panel, const T* sliver, int64_t m, int64_t n, int64_t k, T beta, T* c,
                     int64_t ldc) {
  Tile<T> t;
  t.next = nullptr;
  multiply_one_sliver<T, Reads::columns>(t, packed_call(panel, sliver, m, n, k, beta, c, ldc));
}

template <class T>
void multiply_gathered(const T* panel, const T* const* from, const int64_t* offsets, T* sliver, int64_t m,
                       int64_t k, T beta, T* c, int64_t ldc) {
  Tile<T> t;
  t.next = nullptr;
  t.offsets = offsets;
  for (int v = 0; v < tile_vectors; ++v) t.from[v] = from[v];
  const int64_t n = tile_vectors * width<T>;
  multiply_one_sliver<T, Reads::columns>(t, packed_call<T>(panel, sliver, m, n, k, beta, c, ldc));
}

template <class T>
void pack_one_sliver(const T* b, int64_t b_row, int64_t b_col, int64_t k, int64_t n, T* sliver) {
  pack_sliver(b, b_row, b_col, k, n, sliver, tile_vectors * width<T>);
}

template <class T>
void multiply_rows(const GemmCall<T>& g, int64_t runs, int64_t jump, const T* next) {
  Tile<T> t;
  t.next = next;
  t.runs = runs;
  t.jump = jump;
  multiply_one_sliver<T, Reads::rows>(t, g);
}

template <class T>
constexpr GemmTable<T> table() {
  return {tile_rows,
          tile_vectors * width<T>,
          width<T>,
          workspace<T>,
          gemm<T>,
          gemm_dots<T>,
          pack_panel<T>,
          multiply_packed<T>,
          multiply_gathered<T>,
          pack_one_sliver<T>,
          multiply_rows<T>,
          dot<T>,
          gemv_columns<T>};
}

}  // namespace
}  // namespace xgrad::kernels::XGRAD_ISA::product

namespace xgrad::kernels::XGRAD_ISA {
extern const GemmTable<float> gemm_float = product::table<float>();
extern const GemmTable<double> gemm_double = product::table<double>();
}  // namespace xgrad::kernels::XGRAD_ISA
