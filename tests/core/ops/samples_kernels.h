// What the files with samples of ops that are not elementwise share.
#pragma once

#include "core/ops/samples.h"

namespace samples {

using Call = std::function<Tensor(const Tensors&)>;

/// An op with its samples, and a call of it that must fail, where there is one.
Row row(const char* op, const char* node, int inputs, std::vector<Sample> samples, Call bad = {},
        Tensors bad_inputs = {}, std::string text = {});

/// The same call for several shapes.
std::vector<Sample> each(std::vector<std::vector<int64_t>> shapes, const Call& f);

Tensor longs(std::vector<int64_t> values, xgrad::IntArrayRef sizes);

// By family, each in the file of that name.
void add_views(std::vector<Row>& rows);
void add_copies(std::vector<Row>& rows);
void add_joins(std::vector<Row>& rows);
void add_triangles(std::vector<Row>& rows);
void add_pieces(std::vector<Row>& rows);
void add_shapes(std::vector<Row>& rows);
void add_orders(std::vector<Row>& rows);
void add_slices(std::vector<Row>& rows);
void add_indexing(std::vector<Row>& rows);
void add_networks(std::vector<Row>& rows);
void add_convolutions(std::vector<Row>& rows);
void add_pooling(std::vector<Row>& rows);
void add_sequences(std::vector<Row>& rows);
void add_linalg(std::vector<Row>& rows);
void add_reductions(std::vector<Row>& rows);

}  // namespace samples
