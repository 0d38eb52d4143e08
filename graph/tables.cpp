// How numbers and tables are written.
#include <xgrad/graph/tables.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ostream>

#include <xgrad/graph/summary.h>

namespace xgrad::graph {

namespace {

// Characters, not bytes: names may have any, and the branches of trees are three bytes each.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string with_unit(double value, const std::array<const char*, 4>& units) {
  std::size_t unit = 0;
  for (; unit + 1 < units.size() && std::abs(value) >= 999.5; ++unit) value /= 1000;
  std::array<char, 32> text{};
  const int digits = unit == 0 && value == std::floor(value) ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  std::snprintf(text.data(), text.size(), "%.*f %s", digits, value, units[unit]);
  return text.data();
}

std::string shape_text(const std::vector<std::vector<int64_t>>& shapes) {
  std::string text;
  for (const auto& sizes : shapes) {
    if (!text.empty()) text += ", ";
    text += '[';
    for (std::size_t d = 0; d < sizes.size(); ++d) text += (d > 0 ? ", " : "") + std::to_string(sizes[d]);
    text += ']';
  }
  return text;
}

// What stands left of a layer's name: whether its ancestors have more below them.
std::string branches(const std::vector<LayerSummary>& layers, std::size_t i) {
  if (layers[i].depth == 0) return "";
  std::string text = layers[i].is_last ? "└─ " : "├─ ";
  int depth = layers[i].depth - 1;
  for (std::size_t j = i; j-- > 0 && depth > 0;)
    if (layers[j].depth == depth) {
      text.insert(0, layers[j].is_last ? "   " : "│  ");
      --depth;
    }
  return text;
}

}  // namespace

std::string with_commas(int64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3 + (number < 0 ? 1u : 0u);) text.insert(i -= 3, ",");
  return text;
}

std::string bytes_text(int64_t bytes) {
  return with_unit(static_cast<double>(bytes), {"B", "kB", "MB", "GB"});
}
std::string time_text(double seconds) { return with_unit(seconds * 1e9, {"ns", "us", "ms", "s"}); }

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> widths(rows_[0].size());
  for (const auto& row : rows_)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width_of(row[c]));
  return widths;
}

std::string Table::line(char c) const {
  std::size_t width = 0;
  for (const std::size_t w : widths()) width += w + 3;
  return std::string(width - 3, c) + "\n";
}

std::string Table::text() const {
  const std::vector<std::size_t> width = widths();
  std::string text = line('=');
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    std::string row;
    for (std::size_t c = 0; c < rows_[r].size(); ++c) {
      const std::string &cell = rows_[r][c], space(width[c] - width_of(cell), ' ');
      row += (c > 0 ? "   " : "") + (c < left_ ? cell + space : space + cell);
    }
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
    if (r == 0) text += line('=');
  }
  return text + line('=');
}

std::ostream& operator<<(std::ostream& stream, const Summary& summary) {
  Table table({"Layer (type)", "Output shape", "Params", "Mult-adds", "Activations"}, 2);
  for (std::size_t i = 0; i < summary.layers.size(); ++i) {
    const LayerSummary& layer = summary.layers[i];
    const std::string name = layer.path.substr(layer.path.rfind('.') + 1);
    std::string shape = shape_text(layer.output_shapes);
    if (layer.calls > 1) shape += " ×" + std::to_string(layer.calls);
    if (summary.is_called && layer.calls == 0) shape = "not called";
    const auto number = [](int64_t n, const std::string& text) { return n == 0 ? "--" : text; };
    table.add({branches(summary.layers, i) + (name.empty() ? layer.type : name + " (" + layer.type + ")"),
               shape, number(layer.parameters, with_commas(layer.parameters)),
               number(layer.mult_adds, with_commas(layer.mult_adds)),
               number(layer.activation_bytes, bytes_text(layer.activation_bytes))});
  }
  const int64_t parameters = summary.total(&LayerSummary::parameters),
                trainable = summary.total(&LayerSummary::trainable_parameters),
                activations = summary.total(&LayerSummary::activation_bytes),
                state = summary.total(&LayerSummary::parameter_bytes),
                buffers = summary.total(&LayerSummary::buffer_bytes);
  stream << table.text() << "Total params: " << with_commas(parameters)
         << "\nTrainable params: " << with_commas(trainable)
         << "\nNon-trainable params: " << with_commas(parameters - trainable) << "\n";
  if (summary.is_called)
    stream << "Total mult-adds: " << with_commas(summary.total(&LayerSummary::mult_adds)) << "\n"
           << table.line('-') << "Input size: " << bytes_text(summary.input_bytes)
           << "\nActivations size: " << bytes_text(activations) << "\n";
  return stream << "Params size: " << bytes_text(state) << "\nBuffers size: " << bytes_text(buffers) << "\n"
                << table.line('=');
}

}  // namespace xgrad::graph
