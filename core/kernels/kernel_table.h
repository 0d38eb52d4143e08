// All that is compiled once per instruction set, as one table for each set, and the choice among them. Plain
// data and declarations only: every side of the tables is compiled with different flags.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/copy/convert_table.h>
#include <xgrad/core/kernels/elementwise/row.h>
#include <xgrad/core/kernels/isa.h>

namespace xgrad::kernels {

struct AttentionLoops;
struct ChannelNormLoops;
template <class T>
struct ConvLoops;
struct DistanceLoops;
template <class T>
struct GemmTable;
struct IntegerGemm;
struct LayerNormLoops;
template <class T>
struct PoolLoops;
struct ReduceKernels;
template <class T>
struct SampleLoops;
struct SoftmaxLoops;

/// The lists of elementwise formulas, each in its `<list>_formulas.h`; then the one about integers and bits,
/// which is compiled for the baseline alone.
#define XGRAD_FORMULA_LISTS(X) \
  X(Activations)               \
  X(Arithmetic) X(BinaryFunctions) X(Compare) X(Losses) X(Math) X(Optimizers) X(Rare) X(Recurrent)
#define XGRAD_BASE_FORMULA_LISTS(X) X(Bits)

/// The kernels of one instruction set.
struct KernelTable {
#define XGRAD_LIST(List) const RowFn* List;
  XGRAD_FORMULA_LISTS(XGRAD_LIST)
  XGRAD_BASE_FORMULA_LISTS(XGRAD_LIST)
#undef XGRAD_LIST
  const ReduceKernels* reductions;  // by their place in the list Reductions
  const GemmTable<float>* gemm_float;
  const GemmTable<double>* gemm_double;
  const IntegerGemm* gemm_integer;
  const ConvLoops<float>* conv_float;
  const ConvLoops<double>* conv_double;
  const PoolLoops<float>* pool_float;
  const PoolLoops<double>* pool_double;
  const PoolLoops<int64_t>* pool_long;
  const SampleLoops<float>* sample_float;
  const SampleLoops<double>* sample_double;
  const SoftmaxLoops* softmax_float;
  const SoftmaxLoops* softmax_double;
  const LayerNormLoops* layer_norm_float;
  const LayerNormLoops* layer_norm_double;
  const ChannelNormLoops* channel_norm_float;
  const ChannelNormLoops* channel_norm_double;
  const AttentionLoops* attention_float;
  const AttentionLoops* attention_double;
  /// Turns blocks of 16 uniform numbers of [0, 1), 8 for the radius and 8 for the angle, into normal ones.
  void (*normal_blocks)(float* p, int64_t blocks, float mean, float std);
  const ConvertRunFn* conversions;  // by their place in the list WideConversions
  const DistanceLoops* distance_float;
  const DistanceLoops* distance_double;
};

/// The kernels of this machine, and those of an instruction set that it has.
const KernelTable& kernel_table();
const KernelTable& kernel_table(Isa isa);

/// The kernel of a reading of a formula that computes in `compute`; null if there is none. `place` is where
/// its list has the formula.
RowFn find_row(const RowFn* KernelTable::*list, int place, int reading, ScalarType compute);

}  // namespace xgrad::kernels
