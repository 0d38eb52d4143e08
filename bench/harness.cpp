// The program around the workloads: a list for people, and a server that `compare` drives line by line,
// so that several of these programs stay warm and are measured in turn. No tensor library in here.
#include "harness.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <exception>
#include <iostream>
#include <regex>
#include <sstream>

namespace bench {

namespace {

std::deque<Workload>& all_workloads() {
  static std::deque<Workload> list;
  return list;
}

bool wall_clock = false;

Workload* find(const std::string& name) {
  for (auto& w : all_workloads())
    if (w.rows[0].name == name) return &w;
  return nullptr;
}

void print_list() {
  for (const auto& w : all_workloads())
    for (const auto& r : w.rows)
      std::cout << "row\t" << r.name << '\t' << r.part << '\t' << r.unit << '\t' << r.per << '\t' << r.bytes
                << '\t' << r.flops << '\t' << r.goal << '\t' << r.hand << '\t' << r.large << '\t' << r.fresh
                << '\n';
  std::cout << "end" << std::endl;
}

// Answers one command; `run` is the workload being measured at the moment.
void answer(const std::string& line, std::unique_ptr<Run>& run) {
  std::istringstream words(line);
  std::string command, argument;
  words >> command;
  std::getline(words >> std::ws, argument);
  if (command == "list") return print_list();
  if (command == "prepare") {
    run.reset();
    Workload* w = find(argument);
    if (!w) {
      std::cout << "absent" << std::endl;
      return;
    }
    run = w->start();
    const Digest d = run->check();
    std::cout << "digest " << d.sum << ' ' << d.norm << ' ' << d.mean;
    for (const double v : d.picked) std::cout << ' ' << v;
    std::cout << std::endl;
  } else if (command == "run" && run) {
    std::cout << "took";
    for (const double cost : run->measure(std::atof(argument.c_str()))) std::cout << ' ' << cost;
    std::cout << std::endl;
  } else {
    std::cout << "error unknown command: " << line << std::endl;
  }
}

void serve() {
  std::unique_ptr<Run> run;
  std::cout.precision(12);
  for (std::string line; std::getline(std::cin, line) && line != "quit";) {
    try {
      answer(line, run);
    } catch (const std::exception& e) {
      run.reset();
      std::string text = e.what();
      std::cout << "error " << text.substr(0, text.find('\n')) << std::endl;
    }
  }
}

void print_table(const std::regex& only) {
  for (auto& w : all_workloads()) {
    if (w.rows[0].large || !std::regex_search(w.rows[0].name, only)) continue;
    const auto run = w.start();
    const Digest digest = run->check();
    const auto costs = run->measure(0.2);
    for (std::size_t i = 0; i < costs.size(); ++i) {
      const Row& r = w.rows[i];
      std::printf("%-40s %14.1f %s", (r.name + " " + r.part).c_str(), costs[i] / r.per,
                  r.unit == "time" ? "ns" : "bytes");
      if (r.bytes > 0) std::printf(" %8.2f GB/s", r.bytes / costs[i]);
      if (r.flops > 0) std::printf(" %8.1f GFLOP/s", r.flops / costs[i]);
      std::printf("   digest %.6g\n", digest.sum);
    }
  }
}

}  // namespace

Digest Digest::of(const float* data, std::int64_t size) {
  Digest d;
  for (std::int64_t i = 0; i < size; ++i) {
    const double v = static_cast<double>(data[i]);
    d.sum += v * static_cast<double>(1 + i % 13);
    d.norm += std::fabs(v) * static_cast<double>(1 + i % 13);
    d.mean += std::fabs(v) / static_cast<double>(size);
  }
  constexpr std::int64_t picks = 31;
  for (std::int64_t k = 0; k < picks; ++k)
    d.picked.push_back(static_cast<double>(data[(k * 7919 * 65537 + k) % size]));
  return d;
}

std::vector<float> values(std::int64_t size, unsigned seed, float scale) {
  std::vector<float> list(static_cast<std::size_t>(size));
  std::uint64_t state = seed * 0x9E3779B97F4A7C15ULL + 1;
  for (float& v : list) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    v = scale * (static_cast<float>(state >> 40) / 8388608.F - 1.F);
  }
  return list;
}

std::vector<std::int64_t> labels(std::int64_t size, std::int64_t classes, unsigned seed) {
  std::vector<std::int64_t> list;
  for (const float v : values(size, seed))
    list.push_back(
        std::min(classes - 1, static_cast<std::int64_t>((v + 1.F) / 2.F * static_cast<float>(classes))));
  return list;
}

double now_ns() {
  timespec t{};
  clock_gettime(wall_clock ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

double resident_bytes() {
  double total = 0, resident = 0;
  if (std::FILE* f = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(f, "%lf %lf", &total, &resident) != 2) resident = 0;
    std::fclose(f);
  }
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

double median(std::vector<double> list) {
  const auto middle = list.begin() + static_cast<std::ptrdiff_t>(list.size() / 2);
  std::nth_element(list.begin(), middle, list.end());
  return *middle;
}

Workload& Workload::parts(const std::vector<std::pair<std::string, double>>& parts) {
  const Row common = rows[0];
  rows.assign(parts.size(), common);
  for (std::size_t i = 0; i < parts.size(); ++i)
    rows[i].part = parts[i].first, rows[i].goal = parts[i].second;
  return *this;
}

Workload& workload(std::string name) {
  all_workloads().emplace_back(std::move(name));
  return all_workloads().back();
}

}  // namespace bench

int main(int argc, char** argv) try {
  const std::string first = argc > 1 ? argv[1] : "";
  if (first == "--help" || first == "-h") {
    std::cout << "usage: " << argv[0] << " [REGEX] | --serve [THREADS]\n"
              << "Measures the workloads whose name matches, alone; bench/compare measures side by side.\n";
    return 0;
  }
  const bool server = first == "--serve";
  const int threads = server && argc > 2 ? std::atoi(argv[2]) : 1;
  bench::wall_clock = threads > 1;
  bench::use_threads(threads);
  bench::add_workloads();
  if (server)
    bench::serve();
  else
    bench::print_table(std::regex(first));
  return 0;
} catch (const std::exception& e) {
  std::cerr << argv[0] << ": " << e.what() << '\n';
  return 1;
}
