// The table of one instruction set. Compiled once for each.
#include <xgrad/core/kernels/kernel_table.h>

namespace xgrad::kernels {

#define XGRAD_DECLARE_LIST(List) extern const RowFn* const List##_rows;
namespace base {
XGRAD_BASE_FORMULA_LISTS(XGRAD_DECLARE_LIST)
}

namespace XGRAD_ISA {

XGRAD_FORMULA_LISTS(XGRAD_DECLARE_LIST)
extern const ReduceKernels* const reductions;
extern const GemmTable<float> gemm_float;
extern const GemmTable<double> gemm_double;
extern const IntegerGemm gemm_integer;
extern const ConvLoops<float> conv_float;
extern const ConvLoops<double> conv_double;
extern const PoolLoops<float> pool_float;
extern const PoolLoops<double> pool_double;
extern const PoolLoops<int64_t> pool_long;
extern const SampleLoops<float> sample_float;
extern const SampleLoops<double> sample_double;
extern const SoftmaxLoops softmax_float, softmax_double;
extern const LayerNormLoops layer_norm_float, layer_norm_double;
extern const ChannelNormLoops channel_norm_float, channel_norm_double;
extern const AttentionLoops attention_float, attention_double;
extern const DistanceLoops distance_float, distance_double;
void normal_blocks(float* p, int64_t blocks, float mean, float std);
extern const ConvertRunFn* const conversions;

const KernelTable& kernel_table() {
#define XGRAD_ROWS(List) List##_rows,
#define XGRAD_BASE_ROWS(List) base::List##_rows,
  static const KernelTable table{XGRAD_FORMULA_LISTS(XGRAD_ROWS) XGRAD_BASE_FORMULA_LISTS(XGRAD_BASE_ROWS)
                                     reductions,
                                 &gemm_float,
                                 &gemm_double,
                                 &gemm_integer,
                                 &conv_float,
                                 &conv_double,
                                 &pool_float,
                                 &pool_double,
                                 &pool_long,
                                 &sample_float,
                                 &sample_double,
                                 &softmax_float,
                                 &softmax_double,
                                 &layer_norm_float,
                                 &layer_norm_double,
                                 &channel_norm_float,
                                 &channel_norm_double,
                                 &attention_float,
                                 &attention_double,
                                 &normal_blocks,
                                 conversions,
                                 &distance_float,
                                 &distance_double};
  return table;
}

}  // namespace XGRAD_ISA
}  // namespace xgrad::kernels
