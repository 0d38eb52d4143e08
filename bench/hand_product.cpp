// Products of matrices and the networks built from them by hand: a CBLAS called directly where there is one,
// plain loops for tiny matrices, gradients written out. No tensor library in here.
#include <cmath>

#ifdef XGRAD_BENCH_CBLAS
#include <cblas.h>
#endif

#include "hand.h"

namespace bench {

namespace {

// c[m x n] = a[m x k] * b[k x n], every row a multiple of the batch width or short enough not to matter.
void multiply_rows(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, const float* b, float* c) {
  std::fill(c, c + m * n, 0.F);
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t p = 0; p < k; ++p)
      for (std::int64_t j = 0; j < n; ++j) c[i * n + j] += a[i * k + p] * b[p * n + j];
}

// The same for 16 x 16, with the rows of the result held in registers.
void multiply_16(const float* a, const float* b, float* c) {
  constexpr std::int64_t n = 16, pieces = n / width, rows = 4;
  for (std::int64_t i = 0; i < n; i += rows) {
    Batch acc[rows][pieces];
    for (auto& row : acc)
      for (auto& piece : row) piece = Batch(0.F);
    for (std::int64_t p = 0; p < n; ++p)
      for (std::int64_t j = 0; j < pieces; ++j) {
        const Batch right = load(b + p * n + j * width);
        for (std::int64_t r = 0; r < rows; ++r)
          acc[r][j] = xsimd::fma(Batch(a[(i + r) * n + p]), right, acc[r][j]);
      }
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t j = 0; j < pieces; ++j) acc[r][j].store_unaligned(c + (i + r) * n + j * width);
  }
}

void add_bmm() {
  constexpr std::int64_t pairs = 512, size = 16 * 16;
  workload("bmm of 512 pairs of 16 x 16").each([] {
    return [a = aligned_values(pairs * size, 1), b = aligned_values(pairs * size, 2),
            c = Floats(pairs * size)]() mutable {
      for (std::int64_t i = 0; i < pairs; ++i) multiply_16(&a[i * size], &b[i * size], &c[i * size]);
      return Span{c.data(), pairs * size};
    };
  });
}

// Weights are kept [inputs x outputs], as suits the loops; `values` fills them as [outputs x inputs].
struct Layer {
  Layer(std::int64_t inputs, std::int64_t outputs, std::int64_t batch, unsigned seed)
      : in(inputs),
        out(outputs),
        weight(inputs * outputs),
        slope(inputs * outputs),
        value(batch * outputs),
        grad(batch * outputs) {
    const float scale = 1.F / std::sqrt(static_cast<float>(inputs));
    const auto source = values(inputs * outputs, seed, scale);
    for (std::int64_t o = 0; o < outputs; ++o)
      for (std::int64_t i = 0; i < inputs; ++i) weight[i * outputs + o] = source[o * inputs + i];
    bias = aligned_values(outputs, seed + 1, scale);
  }
  std::int64_t in, out;
  Floats weight, slope, bias, value, grad;
};

void forward_layer(std::int64_t batch, const float* x, Layer& l) {
#ifdef XGRAD_BENCH_CBLAS
  if (l.in * l.out > 4096) {
    for (std::int64_t b = 0; b < batch; ++b) std::copy(l.bias.begin(), l.bias.end(), &l.value[b * l.out]);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, int(batch), int(l.out), int(l.in), 1.F, x,
                int(l.in), l.weight.data(), int(l.out), 1.F, l.value.data(), int(l.out));
    return;
  }
#endif
  multiply_rows(batch, l.out, l.in, x, l.weight.data(), l.value.data());
  for (std::int64_t b = 0; b < batch; ++b)
    for (std::int64_t o = 0; o < l.out; ++o) l.value[b * l.out + o] += l.bias[o];
}

// slope = x^T grad, and before = grad weight^T when the layer below wants it.
void backward_layer(std::int64_t batch, const float* x, Layer& l, float* before) {
#ifdef XGRAD_BENCH_CBLAS
  if (l.in * l.out > 4096) {
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, int(l.in), int(l.out), int(batch), 1.F, x, int(l.in),
                l.grad.data(), int(l.out), 0.F, l.slope.data(), int(l.out));
    if (before)
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, int(batch), int(l.in), int(l.out), 1.F,
                  l.grad.data(), int(l.out), l.weight.data(), int(l.out), 0.F, before, int(l.in));
    return;
  }
#endif
  std::fill(l.slope.begin(), l.slope.end(), 0.F);
  for (std::int64_t b = 0; b < batch; ++b)
    for (std::int64_t i = 0; i < l.in; ++i) {
      const float xi = x[b * l.in + i];
      const float* g = &l.grad[b * l.out];
      for (std::int64_t o = 0; o < l.out; ++o) l.slope[i * l.out + o] += xi * g[o];
      if (!before) continue;
      float total = 0;
      for (std::int64_t o = 0; o < l.out; ++o) total += g[o] * l.weight[i * l.out + o];
      before[b * l.in + i] = total;
    }
}

void descend(std::int64_t batch, Layer& l, float rate) {
  for (std::int64_t k = 0; k < l.in * l.out; ++k) l.weight[k] -= rate * l.slope[k];
  for (std::int64_t b = 0; b < batch; ++b)
    for (std::int64_t o = 0; o < l.out; ++o) l.bias[o] -= rate * l.grad[b * l.out + o];
}

// The mean cross entropy of the rows; leaves its gradient in `l.grad`.
float cross_entropy(std::int64_t batch, Layer& l, const std::vector<std::int64_t>& target) {
  float loss = 0;
  for (std::int64_t b = 0; b < batch; ++b) {
    const float* z = &l.value[b * l.out];
    float* g = &l.grad[b * l.out];
    const float top = *std::max_element(z, z + l.out);
    float total = 0;
    for (std::int64_t o = 0; o < l.out; ++o) total += g[o] = std::exp(z[o] - top);
    const auto wanted = target[static_cast<std::size_t>(b)];
    loss += std::log(total) + top - z[wanted];
    for (std::int64_t o = 0; o < l.out; ++o) g[o] /= total * static_cast<float>(batch);
    g[wanted] -= 1.F / static_cast<float>(batch);
  }
  return loss / static_cast<float>(batch);
}

struct Mlp {
  Mlp(const std::vector<std::int64_t>& sizes, std::int64_t rows)
      : batch(rows), x(aligned_values(rows * sizes.front(), 1)), target(labels(rows, sizes.back(), 2)) {
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i)
      layers.emplace_back(sizes[i], sizes[i + 1], rows, 10 + 2 * static_cast<unsigned>(i));
  }

  const float* input_of(std::size_t i) const { return i == 0 ? x.data() : layers[i - 1].value.data(); }

  const Layer& forward() {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      forward_layer(batch, input_of(i), layers[i]);
      if (i + 1 < layers.size())
        for (float& v : layers[i].value) v = v > 0 ? v : 0;
    }
    return layers.back();
  }

  void step() {
    forward();
    loss = cross_entropy(batch, layers.back(), target);
    for (std::size_t i = layers.size(); i-- > 0;) {
      backward_layer(batch, input_of(i), layers[i], i > 0 ? layers[i - 1].grad.data() : nullptr);
      if (i > 0)
        for (std::size_t k = 0; k < layers[i - 1].grad.size(); ++k)
          layers[i - 1].grad[k] = layers[i - 1].value[k] > 0 ? layers[i - 1].grad[k] : 0;
    }
    for (Layer& l : layers) descend(batch, l, 0.01F);
  }

  std::int64_t batch;
  Floats x;
  std::vector<std::int64_t> target;
  std::vector<Layer> layers;
  float loss = 0;
};

void add_training(const char* name, std::vector<std::int64_t> sizes, std::int64_t batch) {
  workload(name).each([sizes, batch] {
    return [net = Mlp(sizes, batch)]() mutable {
      keep_pointer(&net);
      net.step();
      return Span{&net.loss, 1};
    };
  });
}

void add_inference(const char* name, std::vector<std::int64_t> sizes) {
  workload(name).each([sizes] {
    return [net = Mlp(sizes, 1)]() mutable {
      keep_pointer(&net);
      return Span{net.forward().value.data(), net.layers.back().out};
    };
  });
}

#ifdef XGRAD_BENCH_CBLAS
void add_matmul(std::int64_t n) {
  workload("matmul " + std::to_string(n)).each([n] {
    return [n, a = aligned_values(n * n, 1), b = aligned_values(n * n, 2), c = Floats(n * n)]() mutable {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, int(n), int(n), int(n), 1.F, a.data(), int(n),
                  b.data(), int(n), 0.F, c.data(), int(n));
      return Span{c.data(), n * n};
    };
  });
}
#endif

}  // namespace

void add_hand_product_workloads() {
  add_bmm();
  add_training("MLP 4-16-3, batch 16, SGD step", {4, 16, 3}, 16);
  add_inference("MLP 4-16-3, batch 1, inference", {4, 16, 3});
#ifdef XGRAD_BENCH_CBLAS
  for (const std::int64_t n : {64, 256, 1024, 2048}) add_matmul(n);
  add_training("MLP 784-512-512-10, batch 64, SGD step", {784, 512, 512, 10}, 64);
#endif
}

}  // namespace bench
