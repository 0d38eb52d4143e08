// Weighted sums of rows: of a table, in bags, and of the pixels around coordinates.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// `sums` rows of `width` elements, each of them the sum of rows place[t] for begin[i] <= t < begin[i + 1];
/// the same for each of `tables` tables of `rows` rows.
struct Bags {
  int64_t tables, rows, sums, width;
  const int64_t *begin, *place;
};

/// Images [images, channels, in[0], in[1], in[2]], without in[0] where there are two `dims`, at `points`
/// coordinates each, [images, points, dims], x first. mode: 0 linear, 1 nearest, 2 cubic; padding: 0 zeros,
/// 1 border, 2 reflection. An image has less than 2^31 pixels.
struct Sampling {
  int64_t images, channels, in[3], points;
  int dims, mode, padding;
  bool align;

  int64_t pixels() const { return in[0] * in[1] * in[2]; }
};

// T: float, double.

/// x [tables, rows, width] and y [tables, sums, width]: y[i] += weight[t] x[place[t]] for all t of bag i,
/// from 0 on; a null weight is 1.
template <class T>
void sum_bags(const Bags& bags, const T* x, const T* weight, T* y);

/// The same of bytes, with weights in units of 2^-precision: rounded once, halves up, and held to 0 to 255.
/// The rows of a bag follow each other.
void sum_byte_bags(const Bags& bags, const uint8_t* x, const int16_t* weight, int precision, uint8_t* y);

/// The bags that row r is in, for begin[r] <= t < begin[r + 1]: place[t], as number order[t] of bags.place.
void turn_bags(const Bags& bags, int64_t* begin, int64_t* place, int64_t* order);

/// y [images, channels, points].
template <class T>
void sample(const Sampling& s, const T* x, const T* grid, T* y);
/// The gradients of x and grid, which are added to; null where one is not wanted.
template <class T>
void sample_backward(const Sampling& s, const T* g, const T* x, const T* grid, T* dx, T* dgrid);

}  // namespace xgrad::kernels
