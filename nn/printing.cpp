// How modules print: as Python's repr.
#include <ostream>
#include <sstream>
#include <typeinfo>
#include <vector>

#if defined(__GNUC__)
#include <cxxabi.h>

#include <cstdlib>
#endif

#include <xgrad/nn/any_module.h>
#include <xgrad/nn/containers/module_list.h>

namespace xgrad::nn {

namespace {

std::string readable(const char* type_name) {
#if defined(__GNUC__)
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(type_name, nullptr, nullptr, &status),
                                                    std::free);
  if (text) return text.get();
#endif
  return type_name;
}

// `(anonymous namespace)::models::NetImpl<float>` becomes `Net<float>`: without namespaces and `Impl`. A base
// whose constructor runs, `RNNImplBase<xgrad::nn::GRUImpl, ...>`, is what it is a base of.
std::string class_name(const std::string& type) {
  const std::size_t arguments = type.find('<');
  const std::size_t end = arguments == std::string::npos ? type.size() : arguments;
  const std::size_t colons = type.rfind("::", end);
  const std::size_t begin = colons == std::string::npos ? 0 : colons + 2;
  std::string name = type.substr(begin, end - begin);
  if (name.rfind("struct ", 0) == 0) name.erase(0, 7);
  if (name.rfind("class ", 0) == 0) name.erase(0, 6);
  if (name.size() > 8 && name.compare(name.size() - 8, 8, "ImplBase") == 0) {
    const std::size_t derived = type.find("Impl", end);
    if (derived != std::string::npos) return class_name(type.substr(end + 1, derived + 3 - end));
  }
  if (name.size() > 4 && name.compare(name.size() - 4, 4, "Impl") == 0) name.resize(name.size() - 4);
  return name + type.substr(end);
}

// All lines but the first moved right by two.
std::string indented(const std::string& text) {
  std::string result;
  for (const char c : text) {
    result += c;
    if (c == '\n') result += "  ";
  }
  return result;
}

}  // namespace

std::string detail::type_name(const std::type_info& type) { return readable(type.name()); }

void detail::refuse(const Module& module, const AnyValue* values, std::size_t count) {
  std::string types;
  for (std::size_t i = 0; i < count; ++i) types += (i ? ", " : "") + type_name(values[i].type_info());
  fail<TypeError>("forward: ", module.name(), " does not take (", types, ")");
}

std::string Module::name() const {
  return name_.empty() ? class_name(readable(typeid(*this).name())) : name_;
}

void Module::pretty_print(std::ostream& stream) const {
  const std::string extra = extra_repr();
  stream << name() << "(";
  if (children_.is_empty() && extra.find('\n') == std::string::npos) {
    stream << extra << ")";
    return;
  }
  if (!extra.empty()) stream << "\n  " << indented(extra);
  // A list says equal neighbours once.
  struct Line {
    std::string first, last, text;
    int64_t count;
  };
  std::vector<Line> lines;
  const bool joins = dynamic_cast<const ModuleListImpl*>(this) != nullptr;
  for (const auto& child : children_) {
    std::ostringstream text;
    child.value()->pretty_print(text);
    if (joins && !lines.empty() && lines.back().text == text.str()) {
      lines.back().last = child.key();
      ++lines.back().count;
    } else {
      lines.push_back({child.key(), child.key(), text.str(), 1});
    }
  }
  for (const Line& line : lines) {
    stream << "\n  (" << line.first;
    if (line.count > 1)
      stream << "-" << line.last << "): " << line.count << " x ";
    else
      stream << "): ";
    stream << indented(line.text);
  }
  stream << "\n)";
}

std::ostream& operator<<(std::ostream& stream, const Module& module) {
  module.pretty_print(stream);
  return stream;
}

}  // namespace xgrad::nn
