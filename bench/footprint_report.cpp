// Linked into the programs that bench/footprint looks at: when asked by XGRAD_BENCH_REPORT, tells at exit how
// much memory the process held at most and which libraries it had loaded. Linux only; silent elsewhere.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <string>

namespace {

void print_peak() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmHWM:", 0) == 0) std::fprintf(stderr, "resident_kb %ld\n", std::atol(line.c_str() + 6));
}

void print_libraries() {
  std::ifstream maps("/proc/self/maps");
  std::set<std::string> seen;
  for (std::string line; std::getline(maps, line);) {
    const auto path = line.find('/');
    if (path == std::string::npos || line.find(".so", path) == std::string::npos) continue;
    if (seen.insert(line.substr(path)).second) std::fprintf(stderr, "library %s\n", line.c_str() + path);
  }
}

struct Report {
  ~Report() {
    if (std::getenv("XGRAD_BENCH_REPORT") == nullptr) return;
    print_peak();
    print_libraries();
  }
} report;

}  // namespace
