// docs/ops.md: every op as its header declares it, with what a run of its sample tells: derivative and
// dtypes. XGRAD_WRITE_DOCS=1 writes it anew.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "core/ops/samples.h"

#include <xgrad/core/stanza/registry.h>
#include <xgrad/core/stanza/symbol.h>
#include <xgrad/core/tape/node.h>

#include <doctest/doctest.h>

using namespace xgrad;
using samples::Row;
using samples::Tensors;

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = XGRAD_TESTS_DIR "/..";

std::string read(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// One op of a header: its declarations, and the comments on them.
struct Entry {
  std::vector<std::string> declarations;
  std::string text;
};
using Family = std::map<std::string, Entry>;

std::string joined(const std::string& text) { return std::regex_replace(text, std::regex(R"(\s+)"), " "); }

// `XGRAD_API ... name(...);` below its `///` lines, which stand for the declarations that follow without a
// gap.
class Header {
 public:
  Header(const fs::path& path, Family& family) : family_(family) {
    std::istringstream lines(read(path));
    for (std::string line; std::getline(lines, line);) read_line(line);
  }

 private:
  void read_line(const std::string& line) {
    static const std::regex space(R"(^namespace (\w+) \{)"),
        listed(R"(^XGRAD_\w+\((\w+), \w+\)\s*(?:///< (.*))?)");
    std::smatch found;
    if (!open_.empty() || line.rfind("XGRAD_API", 0) == 0) return declaration(line);
    if (std::regex_search(line, found, space)) namespace_ = found[1] == "xgrad" ? "" : found[1].str() + "::";
    if (line.rfind("}  // namespace", 0) == 0) namespace_.clear();
    if (line.rfind("///", 0) == 0) {
      if (declared_) comment_.clear();
      declared_ = false;
      comment_ += (comment_.empty() ? "" : " ") + line.substr(std::min<std::size_t>(4, line.size()));
    } else {
      comment_.clear();
    }
    if (std::regex_search(line, found, listed)) family_[found[1]].text = found[2];
  }

  void declaration(const std::string& line) {
    static const std::regex named(R"((\w+)\()"), shielded(R"(\((\w+)\)\()");
    open_ += (open_.empty() ? "" : " ") + line;
    if (open_.find(';') == std::string::npos) return;
    const std::string text =  // without what shields min and max from macros
        std::regex_replace(joined(open_.substr(10, open_.find(';') - 10)), shielded, " $1(");
    std::smatch found;
    if (std::regex_search(text, found, named)) {
      Entry& entry = family_[namespace_ + found[1].str()];
      entry.declarations.push_back(text);
      if (entry.text.find(comment_) == std::string::npos)
        entry.text += (entry.text.empty() ? "" : " ") + comment_;
    }
    open_.clear();
    declared_ = true;
  }

  Family& family_;
  std::string namespace_, comment_, open_;
  bool declared_ = false;  // something below the comment
};

bool is_public(const fs::path& path) {
  const std::string name = path.filename().string();
  return (path.extension() == ".h" && name.find("_formulas") == std::string::npos) ||
         (path.extension() == ".inc" && name.find("_methods") == std::string::npos);
}

std::string dtypes_of(const Row& row) {
  const samples::Sample& s = row.samples.front();
  if (s.float64_only) return "";
  std::string names;
  for (ScalarType dtype : {kDouble, kFloat, kHalf, kBFloat16, kLong, kInt, kShort, kChar, kByte, kBool}) {
    try {
      Tensors inputs;
      for (const Tensor& t : s.inputs) inputs.push_back(t.to(dtype));
      s.f(inputs);
      names += std::string(names.empty() ? "" : ", ") + dtype_info(dtype).name;
    } catch (const std::exception&) {
    }
  }
  return names;
}

// A gradient as the ops that it was made of, read from the graph which they recorded.
class RecordedText {
 public:
  void call(const Tensor& t, const std::string& name) {
    names_[autograd::gradient_edge(t).function.get()] = name;
  }
  std::string of(const Tensor& gradient) const { return text(autograd::gradient_edge(gradient)); }

 private:
  std::map<const autograd::Node*, std::string> names_;

  static const char* sign_between(const std::string& op) {
    static const std::map<std::string, const char*> signs{
        {"add", " + "}, {"sub", " - "}, {"mul", " * "}, {"div", " / "}};
    const auto found = signs.find(op);
    return found == signs.end() ? nullptr : found->second;
  }
  static std::string op_of(const std::string& node) {
    static const std::vector<ops::OpInfo> all = ops::registered_ops();
    for (const ops::OpInfo& info : all)
      if (node == info.node) return info.op;
    return node;
  }

  std::string text(const autograd::Edge& edge) const {
    if (!edge.is_valid()) return "...";
    const auto known = names_.find(edge.function.get());
    if (known != names_.end()) return known->second;
    const std::string op = op_of(edge.function->name());
    std::vector<std::string> parts;
    for (const autograd::Edge& next : edge.function->next_edges()) parts.push_back(text(next));
    if (op == "neg" && parts.size() == 1) return "-" + parts[0];
    if (const char* sign = sign_between(op); sign && parts.size() == 2)
      return "(" + parts[0] + sign + parts[1] + ")";
    std::string list;
    for (const std::string& part : parts) list += (list.empty() ? "" : ", ") + part;
    return op + "(" + list + ")";
  }
};

// Of an op whose derivatives are calls: what they record. Nothing where it would be longer than a line.
std::string recorded_derivatives(const Tensor& out, const Tensors& inputs) {
  const Tensor grad = ones_like(out.detach()).requires_grad_();
  RecordedText recorded;
  std::string all;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    recorded.call(inputs[i], argument_name(static_cast<int>(i), static_cast<int>(inputs.size())));
  recorded.call(out, "result");
  recorded.call(grad, "grad");
  for (const Tensor& x : inputs) {
    const Tensor gradient = autograd::grad({out}, {x}, {grad}, std::nullopt, true, true)[0];
    if (!gradient.defined() || !gradient.requires_grad()) return "";
    std::string text = recorded.of(gradient);
    if (text.front() == '(') text = text.substr(1, text.size() - 2);
    all += (all.empty() ? "`" : ", `") + text + "`";
  }
  return all.size() > 110 ? "" : all;
}

// One over more than an element, in whose formula counts are not 1.
const samples::Sample& telling_sample(const Row& row) {
  const auto found = std::find_if(row.samples.begin(), row.samples.end(), [](const samples::Sample& s) {
    return !s.inputs.empty() && s.inputs[0].numel() > 1;
  });
  return found == row.samples.end() ? row.samples.front() : *found;
}

// The formulas of the row's node, what its derivatives record, or its name where that is too long.
std::string derivative_of(const Row& row) {
  if (row.node.empty() || row.samples.empty()) return "none";
  const samples::Sample& s = telling_sample(row);
  Tensors inputs;
  for (const Tensor& t : s.inputs) inputs.push_back(t.clone().requires_grad_());
  const Tensor out = s.f(inputs);
  std::string text;
  // A sample may go on from the result, to make one of several.
  for (const auto* node = out.grad_fn().get(); node && text.empty();
       node = node->next_edge(0).function.get()) {
    if (node->name() == row.node)
      for (const std::string& formula : node->formulas())
        if (!formula.empty()) text += (text.empty() ? "`" : ", `") + formula + "`";
    if (node->num_outputs() == 0) break;
  }
  if (text.empty() && out.grad_fn() && out.grad_fn()->name() == row.node)
    text = recorded_derivatives(out, inputs);
  return text.empty() ? "by `" + row.node + "`" : text;
}

std::string document() {
  std::map<std::string, const Row*> rows;
  static const std::vector<Row> all = samples::elementwise_rows(), kernels = samples::kernel_rows();
  for (const auto* list : {&all, &kernels})
    for (const Row& row : *list)
      if (!row.samples.empty()) rows.emplace(row.op, &row);
  std::ostringstream text;
  text
      << "# Ops\n\nMade from the headers of `core/ops` and from the registry by `./dev docs-ops`; a test "
         "keeps it true. A derivative is the\n"
         "gradient that an input gets, in the order of the inputs; `grad` is what arrives, `result` what the "
         "op gave, `...` a number,\n"
         "an index or another value that has no gradient; sizes are those of a small sample. An op without "
         "one here is\n"
         "made of others, or has none.\n";
  for (const auto& folder : std::set<fs::path>(fs::directory_iterator(kRoot / "core/ops"), {})) {
    if (!fs::is_directory(folder)) continue;
    Family family;
    for (const auto& file : std::set<fs::path>(fs::directory_iterator(folder), {}))
      if (is_public(file)) Header(file, family);
    text << "\n## " << folder.filename().string() << "\n";
    for (const auto& [name, entry] : family) {
      text << "\n### " << name << "\n\n";
      for (const std::string& declaration : entry.declarations) text << "    " << declaration << "\n";
      if (!entry.declarations.empty()) text << "\n";
      if (!entry.text.empty()) text << entry.text << "\n";
      std::string op = std::regex_replace(name, std::regex("::"), ".");
      if (!rows.count(op)) op = std::regex_replace(name, std::regex("::"), "_");
      if (const auto row = rows.find(op); row != rows.end()) {
        text << "\n- derivative: " << derivative_of(*row->second) << "\n";
        if (const std::string dtypes = dtypes_of(*row->second); !dtypes.empty())
          text << "- dtypes: " << dtypes << "\n";
      }
    }
  }
  return text.str();
}

}  // namespace

TEST_CASE("docs/ops.md says what the headers and the registry say") {
  const fs::path path = kRoot / "docs/ops.md";
  const std::string text = document();
  if (const char* write = std::getenv("XGRAD_WRITE_DOCS"); write && std::string(write) == "1") {
    std::ofstream file(path);
    file << text;
    CHECK(file.good());
  }
  const bool same = read(path) == text;
  CHECK_MESSAGE(same, "docs/ops.md is not what the headers and the registry say: run ./dev docs-ops");
}
