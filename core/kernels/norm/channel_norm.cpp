// Cuts a normalisation of channels into its sets for the threads. The arithmetic is channel_norm_isa.cpp's.
#include <xgrad/core/kernels/norm/channel_norm.h>

#include <algorithm>
#include <memory>

#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/norm/channel_norm_table.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kGrain = 8192;  // elements a thread should get at least

const ChannelNormLoops& loops_of(ScalarType t) {
  const KernelTable& table = kernel_table();
  return t == ScalarType::Double ? *table.channel_norm_double : *table.channel_norm_float;
}

ChannelRows rows_of(const ChannelSets& s, int64_t set) {
  if (s.groups == 0) return {set, s.channels, s.batch, s.inner, set, 0, false};
  const int64_t per = s.channels / s.groups, channel = set % s.groups * per;
  if (s.inner == 1) return {set, 1, 1, per, channel, 1, true};
  return {set * per, 1, per, s.inner, channel, 1, false};
}

template <class F>
void each_set(const ChannelSets& s, const F& f) {
  parallel_for(0, s.count(), grain_of(kGrain, s.size()), [&](int64_t begin, int64_t end) {
    for (int64_t set = begin; set < end; ++set) f(rows_of(s, set), set);
  });
}

// Single numbers over a batch: a set is a column, and columns that lie side by side are read together.
bool are_columns(const ChannelSets& s) { return s.groups == 0 && s.inner == 1; }
template <class F>
void each_part(const ChannelSets& s, const F& f) {
  constexpr int64_t together = 64;
  parallel_for(
      0, (s.channels + together - 1) / together, grain_of(kGrain, s.batch * together),
      [&](int64_t begin, int64_t end) { f(begin * together, std::min(end * together, s.channels)); });
}

// to[c] = the sum over the batch of what row_sums has at `which` of the rows of channel c.
template <class T>
void over_batch(void* to, const double* row_sums, int which, const ChannelSets& s) {
  if (!to) return;
  for (int64_t c = 0; c < s.channels; ++c) {
    double sum = 0;
    for (int64_t n = 0; n < s.batch; ++n) sum += row_sums[2 * (n * s.channels + c) + which];
    static_cast<T*>(to)[c] = static_cast<T>(sum);
  }
}

}  // namespace

void channel_norm(ScalarType dtype, const ChannelNorm& a, const ChannelSets& sets) {
  const ChannelNormLoops& loops = loops_of(dtype);
  if (are_columns(sets))
    return each_part(sets, [&](int64_t first, int64_t last) { loops.forward_columns(a, sets, first, last); });
  each_set(sets, [&](const ChannelRows& rows, int64_t set) { loops.forward(a, rows, set); });
}

void channel_norm_backward(ScalarType dtype, const ChannelNormBackward& a, const ChannelSets& sets) {
  const ChannelNormLoops& loops = loops_of(dtype);
  if (are_columns(sets))
    return each_part(sets,
                     [&](int64_t first, int64_t last) { loops.backward_columns(a, sets, first, last); });
  const std::unique_ptr<double[]> row_sums(
      new double[2 * static_cast<std::size_t>(sets.batch * sets.channels)]);
  each_set(sets, [&](const ChannelRows& rows, int64_t set) { loops.backward(a, rows, set, row_sums.get()); });
  const auto gather = dtype == ScalarType::Double ? &over_batch<double> : &over_batch<float>;
  gather(a.dbias, row_sums.get(), 0, sets);
  gather(a.dweight, row_sums.get(), 1, sets);
}

}  // namespace xgrad::kernels
