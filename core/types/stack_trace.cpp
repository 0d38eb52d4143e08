// Call stacks as text. The dynamic linker names exported functions only; most of a program are not, and their
// names stand in the symbol table of its file, which is read when the first text is wanted. No debug
// information is used.
#include <xgrad/core/types/stack_trace.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>

#if __has_include(<execinfo.h>) && __has_include(<dlfcn.h>) && __has_include(<cxxabi.h>)
#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>
#define XGRAD_HAVE_BACKTRACE 1
#if __has_include(<elf.h>) && __has_include(<link.h>)
#include <elf.h>
#include <link.h>
#define XGRAD_HAVE_ELF 1
#endif
#endif

namespace xgrad {

#ifdef XGRAD_HAVE_BACKTRACE

namespace {

struct Symbol {
  uintptr_t begin = 0, size = 0;
  std::string name;
};
using SymbolTable = std::vector<Symbol>;  // ascending

#ifdef XGRAD_HAVE_ELF
template <class T>
std::vector<T> read_array(std::ifstream& file, uint64_t offset, uint64_t bytes) {
  std::vector<T> values(static_cast<std::size_t>(bytes / sizeof(T)));
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
  if (!file) values.clear();
  return values;
}

SymbolTable read_symbols(const char* path) {
  SymbolTable table;
  std::ifstream file(path, std::ios::binary);
  const auto header = read_array<ElfW(Ehdr)>(file, 0, sizeof(ElfW(Ehdr)));
  if (header.empty() || std::memcmp(header[0].e_ident, ELFMAG, SELFMAG) != 0) return table;
  const auto sections =
      read_array<ElfW(Shdr)>(file, header[0].e_shoff, uint64_t{header[0].e_shnum} * sizeof(ElfW(Shdr)));
  for (const auto& section : sections) {
    if (section.sh_type != SHT_SYMTAB || section.sh_link >= sections.size()) continue;
    const auto symbols = read_array<ElfW(Sym)>(file, section.sh_offset, section.sh_size);
    auto names =
        read_array<char>(file, sections[section.sh_link].sh_offset, sections[section.sh_link].sh_size);
    names.push_back('\0');
    for (const auto& s : symbols)
      if ((s.st_info & 0xf) == STT_FUNC && s.st_value != 0 && s.st_name < names.size())
        table.push_back(
            {static_cast<uintptr_t>(s.st_value), static_cast<uintptr_t>(s.st_size), &names[s.st_name]});
  }
  std::sort(table.begin(), table.end(), [](const Symbol& a, const Symbol& b) { return a.begin < b.begin; });
  return table;
}

// Addresses in the file of a program that is loaded where it asks to be are absolute.
uintptr_t load_address(const Dl_info& info) {
  const auto* header = static_cast<const ElfW(Ehdr)*>(info.dli_fbase);
  return header->e_type == ET_EXEC ? 0 : reinterpret_cast<uintptr_t>(info.dli_fbase);
}
#endif

struct Frame {
  std::string symbol;  // mangled; empty when unknown
  uintptr_t offset = 0;
  std::string module;
  uintptr_t module_offset = 0;
};

class Symbols {
 public:
  Frame find(void* return_address) {
    // The call itself is before the address it returns to, which may already be the next function.
    const uintptr_t address = reinterpret_cast<uintptr_t>(return_address) - 1;
    Frame frame;
    Dl_info info;
    if (!dladdr(reinterpret_cast<void*>(address), &info) || !info.dli_fname) return frame;
    frame.module = info.dli_fname;
    frame.module_offset = address - reinterpret_cast<uintptr_t>(info.dli_fbase);
    if (info.dli_sname) {
      frame.symbol = info.dli_sname;
      frame.offset = address - reinterpret_cast<uintptr_t>(info.dli_saddr);
      return frame;
    }
#ifdef XGRAD_HAVE_ELF
    const uintptr_t wanted = address - load_address(info);
    frame.module_offset = wanted;
    const SymbolTable& table = table_of(info);
    auto next = std::upper_bound(table.begin(), table.end(), wanted,
                                 [](uintptr_t a, const Symbol& s) { return a < s.begin; });
    if (next != table.begin()) {
      const Symbol& s = *std::prev(next);
      if (wanted - s.begin < s.size) {
        frame.symbol = s.name;
        frame.offset = wanted - s.begin;
      }
    }
#endif
    return frame;
  }

 private:
#ifdef XGRAD_HAVE_ELF
  const SymbolTable& table_of(const Dl_info& info) {
    auto [at, fresh] = tables_.try_emplace(info.dli_fbase);
    if (fresh) {
      at->second = read_symbols(info.dli_fname);
      // A program started through PATH has no path to its file there.
      if (at->second.empty() && !std::strchr(info.dli_fname, '/'))
        at->second = read_symbols("/proc/self/exe");
    }
    return at->second;
  }
  std::map<void*, SymbolTable> tables_;
#endif
};

std::string demangled(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), std::free);
  return text ? text.get() : symbol;
}

// Of xgrad itself, or of the standard library on its behalf; told by the outermost namespace of the mangled
// name.
bool is_internal(const Frame& frame) {
  if (frame.symbol.compare(0, 2, "_Z") != 0) return frame.module.find("libxgrad.") != std::string::npos;
  const std::size_t scope = frame.symbol.find_first_not_of("ZNKRO", 2);
  if (scope == std::string::npos) return false;
  return frame.symbol.compare(scope, 6, "5xgrad") == 0 || frame.symbol.compare(scope, 2, "St") == 0;
}

std::string line_of(const Frame& frame) {
  char offsets[2][24];
  std::snprintf(offsets[0], sizeof offsets[0], "+0x%llx", static_cast<unsigned long long>(frame.offset));
  std::snprintf(offsets[1], sizeof offsets[1], "+0x%llx",
                static_cast<unsigned long long>(frame.module_offset));
  const std::string place = frame.module.substr(frame.module.find_last_of('/') + 1) + offsets[1];
  return frame.symbol.empty() ? place : demangled(frame.symbol) + " " + offsets[0] + " (" + place + ")";
}

}  // namespace

std::vector<void*> stack_frames(int limit) {
  std::vector<void*> frames(static_cast<std::size_t>(limit) + 1);
  const int count = backtrace(frames.data(), limit + 1);
  frames.resize(static_cast<std::size_t>(std::max(count, 0)));
  if (!frames.empty()) frames.erase(frames.begin());  // this function
  return frames;
}

std::string stack_text(const std::vector<void*>& frames, int limit) {
  Symbols symbols;
  std::string text;
  int lines = 0;
  for (void* address : frames) {
    const Frame frame = symbols.find(address);
    if (lines == 0 && is_internal(frame)) continue;
    if (lines++ == limit || frame.module.empty()) break;
    text += (text.empty() ? "  " : "\n  ") + line_of(frame);
    if (frame.symbol == "main") break;
  }
  return text;
}

#else

std::vector<void*> stack_frames(int) { return {}; }
std::string stack_text(const std::vector<void*>&, int) { return {}; }

#endif

}  // namespace xgrad
