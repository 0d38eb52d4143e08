// Which ops the library declares, as its headers tell.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "report.h"

namespace conformance {

namespace {

// `XGRAD_API Tensor name(...)`, `XGRAD_SOME_LIST(name, ...)`, and in an .inc a declaration without the first
// word.
void add_names(const std::filesystem::path& file, std::set<std::string>& names) {
  const bool methods = file.extension() == ".inc";
  static const std::regex function(R"(^XGRAD_API[^(]*?\(?\b(\w+)\)?\()"), listed(R"(\bX\w*\((\w+))"),
      method(R"(^\s*[\w:<>, &]+ &?\(?(\w+)\)?\()");
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::smatch found;
    if (std::regex_search(line, found, function)) names.insert(found[1]);
    if (methods && std::regex_search(line, found, method)) names.insert(found[1]);
    for (std::sregex_iterator each(line.begin(), line.end(), listed), end; each != end; ++each)
      names.insert((*each)[1]);
  }
}

std::set<std::string> declared_names(bool with_methods) {
  namespace fs = std::filesystem;
  std::set<std::string> names;
  const fs::path source = XGRAD_SOURCE_DIR;
  for (const char* folder : {"core/ops", "core/tensor", "nn"})
    for (const fs::directory_entry& file : fs::recursive_directory_iterator(source / folder)) {
      if (file.path().filename() == "masked.h") continue;  // names of another namespace
      if (file.path().extension() == ".h" || (with_methods && file.path().extension() == ".inc"))
        add_names(file.path(), names);
    }
  return names;
}

}  // namespace

std::vector<std::string> declared_without_row() {
  const std::set<std::string> names = declared_names(true), functions = declared_names(false);
  std::vector<std::string> ops = ops_without_row();
  std::erase_if(ops, [&](const std::string& op) {
    const std::string functional = "nn.functional.";
    return op.rfind(functional, 0) == 0 ? !functions.count(op.substr(functional.size())) : !names.count(op);
  });
  return ops;
}

}  // namespace conformance
