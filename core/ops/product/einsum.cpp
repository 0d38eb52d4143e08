// Einstein's sums: parsing, and contraction of two tensors at a time by one product of matrices.
#include <array>

#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

namespace {

constexpr std::size_t kLetters = 52;
constexpr int kEllipsis = -1;

// The name of a dimension: a letter (capitals first, as the order of an implicit result wants it), or after
// the letters a dimension that an ellipsis stands for.
using Label = int;
using Labels = std::vector<Label>;

struct Term {
  Tensor tensor;
  Labels labels;  // of its dimensions; all different
};

bool has(const Labels& labels, Label l) { return std::find(labels.begin(), labels.end(), l) != labels.end(); }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
char letter(Label l) { return static_cast<char>(l < 26 ? 'A' + l : 'a' + l - 26); }
std::string name_of(Label l) {
  return static_cast<std::size_t>(l) < kLetters ? concat("subscript ", letter(l)) : "an ellipsis dimension";
}

// The labels of "ij...k": one of the dimensions of an ellipsis is not known yet.
Labels parse_subscripts(const std::string& text) {
  Labels labels;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 3, "...") == 0) {
      XGRAD_CHECK(!has(labels, kEllipsis), "einsum: more than one ellipsis in \"", text, "\"");
      labels.push_back(kEllipsis);
      i += 2;
      continue;
    }
    XGRAD_CHECK(is_letter(text[i]), "einsum: invalid subscript '", text[i], "' in \"", text,
                "\": subscripts must be in [a-zA-Z]");
    labels.push_back(text[i] <= 'Z' ? text[i] - 'A' : 26 + text[i] - 'a');
  }
  return labels;
}

// An ellipsis becomes the last `n` of the labels of all ellipses.
Labels spelled_out(const Labels& labels, int64_t n, int64_t most) {
  Labels result;
  for (Label l : labels)
    if (l == kEllipsis)
      for (int64_t i = most - n; i < most; ++i)
        result.push_back(static_cast<Label>(kLetters) + static_cast<Label>(i));
    else
      result.push_back(l);
  return result;
}

struct Equation {
  std::vector<Labels> inputs;
  Labels output;
};

Equation parse(std::string text, TensorList tensors) {
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  const std::size_t arrow = text.find("->");
  Equation e;
  std::string left = text.substr(0, arrow) + ',';
  for (std::size_t comma; (comma = left.find(',')) != std::string::npos; left.erase(0, comma + 1))
    e.inputs.push_back(parse_subscripts(left.substr(0, comma)));
  XGRAD_CHECK(e.inputs.size() == tensors.size(), "einsum: the equation \"", text, "\" has ",
              static_cast<int64_t>(e.inputs.size()), " operands, but ", static_cast<int64_t>(tensors.size()),
              " were provided");
  int64_t most = 0;
  std::vector<int64_t> hidden;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const bool open = has(e.inputs[i], kEllipsis);
    const auto named = static_cast<int64_t>(e.inputs[i].size()) - open;
    XGRAD_CHECK(open ? named <= tensors[i].dim() : named == tensors[i].dim(),
                "einsum: the number of subscripts (", named, ") does not match operand ",
                static_cast<int64_t>(i), ", which is ", tensors[i].sizes(),
                open ? "" : "; no ellipsis was given");
    hidden.push_back(tensors[i].dim() - named);
    most = std::max(most, hidden.back());
  }
  std::array<int, kLetters> seen{};
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    e.inputs[i] = spelled_out(e.inputs[i], hidden[i], most);
    for (Label l : e.inputs[i])
      if (static_cast<std::size_t>(l) < kLetters) ++seen[static_cast<std::size_t>(l)];
  }
  if (arrow == std::string::npos) {
    e.output = spelled_out({kEllipsis}, most, most);
    for (std::size_t l = 0; l < kLetters; ++l)
      if (seen[l] == 1) e.output.push_back(static_cast<Label>(l));
    return e;
  }
  e.output = spelled_out(parse_subscripts(text.substr(arrow + 2)), most, most);
  for (auto l = e.output.begin(); l != e.output.end(); ++l) {
    XGRAD_CHECK(std::find(l + 1, e.output.end(), *l) == e.output.end(), "einsum: output ", name_of(*l),
                " appears more than once in the output");
    XGRAD_CHECK(static_cast<std::size_t>(*l) >= kLetters || seen[static_cast<std::size_t>(*l)] > 0,
                "einsum: output ", name_of(*l), " does not appear in the equation for any input operand");
  }
  return e;
}

// The sizes of all labels; a 1 gives way.
std::vector<int64_t> sizes_of(const Equation& e, TensorList tensors) {
  std::vector<int64_t> sizes;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    for (std::size_t d = 0; d < e.inputs[i].size(); ++d) {
      const auto l = static_cast<std::size_t>(e.inputs[i][d]);
      if (l >= sizes.size()) sizes.resize(l + 1, 1);
      const int64_t n = tensors[i].sizes()[d];
      XGRAD_CHECK(n == 1 || sizes[l] == 1 || sizes[l] == n, "einsum: ", name_of(e.inputs[i][d]), " has size ",
                  n, " for operand ", static_cast<int64_t>(i),
                  ", which does not broadcast with previously seen size ", sizes[l]);
      if (n != 1) sizes[l] = n;
    }
  return sizes;
}

// Diagonals taken, and dimensions that only broadcast taken away.
Term plain_term(std::size_t operand, Tensor t, Labels labels, const std::vector<int64_t>& sizes) {
  for (std::size_t d = 0; d < labels.size(); ++d)
    for (std::size_t other = d + 1; other < labels.size();) {
      if (labels[other] != labels[d]) {
        ++other;
        continue;
      }
      XGRAD_CHECK(t.sizes()[d] == t.sizes()[other], "einsum: ", name_of(labels[d]),
                  " is repeated for operand ", static_cast<int64_t>(operand),
                  " but the sizes don't match: ", t.sizes());
      t = t.diagonal(0, static_cast<int64_t>(d), static_cast<int64_t>(other))
              .movedim(-1, static_cast<int64_t>(d));
      labels.erase(labels.begin() + static_cast<std::ptrdiff_t>(other));
    }
  for (std::size_t d = labels.size(); d-- > 0;)
    if (t.sizes()[d] == 1 && sizes[static_cast<std::size_t>(labels[d])] != 1) {
      t = t.squeeze(static_cast<int64_t>(d));
      labels.erase(labels.begin() + static_cast<std::ptrdiff_t>(d));
    }
  return {t, labels};
}

// The labels of the pair that the result or another term needs.
Labels needed_of(const std::vector<Term>& terms, std::size_t a, std::size_t b, const Labels& output) {
  Labels needed;
  for (const std::size_t i : {a, b})
    for (Label l : terms[i].labels) {
      bool wanted = has(output, l);
      for (std::size_t k = 0; k < terms.size() && !wanted; ++k)
        wanted = k != a && k != b && has(terms[k].labels, l);
      if (wanted && !has(needed, l)) needed.push_back(l);
    }
  return needed;
}

// Sums over what is not in `kept`.
Term summed(const Term& t, const Labels& kept) {
  DimVector dims;
  Term result{t.tensor, {}};
  for (std::size_t d = 0; d < t.labels.size(); ++d)
    has(kept, t.labels[d]) ? result.labels.push_back(t.labels[d]) : dims.push_back(static_cast<int64_t>(d));
  if (!dims.empty()) result.tensor = t.tensor.sum(dims);
  return result;
}

// The dimensions in this order; 1 for a label that the term does not have.
Tensor arranged(const Term& t, const Labels& order) {
  DimVector dims;
  for (Label l : order) {
    const auto at = std::find(t.labels.begin(), t.labels.end(), l);
    if (at != t.labels.end()) dims.push_back(at - t.labels.begin());
  }
  Tensor result = t.tensor.permute(dims);
  for (std::size_t d = 0; d < order.size(); ++d)
    if (!has(t.labels, order[d])) result = result.unsqueeze(static_cast<int64_t>(d));
  return result;
}

Labels operator+(Labels a, const Labels& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// The product of two terms with the labels `kept`.
Term contracted(const Term& first, const Term& second, const Labels& kept,
                const std::vector<int64_t>& sizes) {
  Term a = summed(first, kept + second.labels), b = summed(second, kept + first.labels);
  if (!a.tensor.is_floating_point() && !b.tensor.is_floating_point()) {
    // The sum of integers may have made one of them int64.
    const ScalarType dtype = promote_types(a.tensor.dtype(), b.tensor.dtype());
    a.tensor = a.tensor.to(dtype);
    b.tensor = b.tensor.to(dtype);
  }
  Labels batch, rows, columns, inner;
  for (Label l : a.labels) (!has(kept, l) ? inner : has(b.labels, l) ? batch : rows).push_back(l);
  for (Label l : b.labels)
    if (!has(a.labels, l)) columns.push_back(l);
  const Labels result = batch + rows + columns;
  const auto count = [&](const Labels& labels) {
    int64_t n = 1;
    for (Label l : labels) n *= sizes[static_cast<std::size_t>(l)];
    return n;
  };
  const int64_t of_batch = count(batch), of_rows = count(rows), of_columns = count(columns),
                of_inner = count(inner);
  DimVector shape;
  for (Label l : result) shape.push_back(sizes[static_cast<std::size_t>(l)]);
  // Nothing to sum over: a plain product, which also takes tensors of two dtypes.
  if (of_inner == 1) {
    const Tensor product = arranged(a, result + inner) * arranged(b, result + inner);
    return {inner.empty() ? product : product.reshape(shape), result};
  }
  const Tensor x = arranged(a, batch + rows + inner), y = arranged(b, batch + inner + columns);
  const Tensor product = batch.empty() ? mm(x.reshape({of_rows, of_inner}), y.reshape({of_inner, of_columns}))
                                       : bmm(x.reshape({of_batch, of_rows, of_inner}),
                                             y.reshape({of_batch, of_inner, of_columns}));
  return {product.reshape(shape), result};
}

// The pair whose product takes the least memory more than the two, and of those the one that is least work.
std::pair<std::size_t, std::size_t> cheapest(const std::vector<Term>& terms, const Labels& output,
                                             const std::vector<int64_t>& sizes) {
  const auto count = [&](const Labels& labels) {
    double n = 1;  // sizes of what is never made may be beyond any integer
    for (Label l : labels) n *= static_cast<double>(sizes[static_cast<std::size_t>(l)]);
    return n;
  };
  std::pair<std::size_t, std::size_t> best{0, 1};
  std::pair<double, double> least{};
  for (std::size_t a = 0; a < terms.size(); ++a)
    for (std::size_t b = a + 1; b < terms.size(); ++b) {
      Labels all = terms[a].labels;
      for (Label l : terms[b].labels)
        if (!has(all, l)) all.push_back(l);
      const std::pair cost{
          count(needed_of(terms, a, b, output)) - count(terms[a].labels) - count(terms[b].labels),
          count(all)};
      if ((a == 0 && b == 1) || cost < least) {
        best = {a, b};
        least = cost;
      }
    }
  return best;
}

}  // namespace

Tensor einsum(std::string_view equation, TensorList tensors, OptionalIntArrayRef path) {
  XGRAD_CHECK(!tensors.empty(), "einsum: must provide at least one operand");
  const Equation e = parse(std::string(equation), tensors);
  const std::vector<int64_t> sizes = sizes_of(e, tensors);
  std::vector<Term> terms;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    terms.push_back(plain_term(i, tensors[i], e.inputs[i], sizes));
  const IntArrayRef order = path.value_or({});
  XGRAD_CHECK(order.empty() || order.size() == 2 * (terms.size() - 1), "einsum: path must have ",
              static_cast<int64_t>(2 * (terms.size() - 1)), " numbers: got ", order);
  for (std::size_t step = 0; terms.size() > 1; ++step) {
    auto [a, b] = order.empty() ? cheapest(terms, e.output, sizes)
                                : std::pair(static_cast<std::size_t>(order[2 * step]),
                                            static_cast<std::size_t>(order[2 * step + 1]));
    XGRAD_CHECK(a != b && a < terms.size() && b < terms.size(), "einsum: path must name two of the ",
                static_cast<int64_t>(terms.size()), " tensors that are left: got ", order);
    if (a > b) std::swap(a, b);
    Term product = contracted(terms[a], terms[b], needed_of(terms, a, b, e.output), sizes);
    terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(b));
    terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(a));
    terms.push_back(std::move(product));
  }
  return arranged(summed(terms[0], e.output), e.output);
}

}  // namespace xgrad
