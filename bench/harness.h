// The measuring side of the benchmarks: rows, the workloads behind them, and how one is timed.
// Knows nothing of any tensor library: xgrad, LibTorch and the hand-written loops are all measured by this
// code, so it must stay free of their headers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// One line of the table. Times are shown per `per` things done in one step, or as GB/s, or as GFLOP/s where
/// only the one or the other is given.
struct Row {
  std::string name;
  std::string part;    ///< what is measured when a workload fills several rows
  std::string unit;    ///< "time" or "bytes"
  double per = 1;      ///< how many things one step does
  double bytes = 0;    ///< bytes one step must read and write at least, outside of products
  double flops = 0;    ///< floating point operations of one step, those of products in a network
  double goal = 0;     ///< how many times LibTorch's cost xgrad wants to be below; 0 is no goal
  double hand = 0;     ///< how many times the hand-written cost xgrad may take; 0 is no goal
  bool large = false;  ///< only on demand: takes minutes or many gigabytes
  bool fresh = false;  ///< needs a process of its own, because it looks at the process
};

/// A fingerprint of a result: a weighted sum, the sum of the same terms' magnitudes, and elements picked all
/// over it.
struct Digest {
  double sum = 0;
  double norm = 0;
  double mean = 0;  ///< of the magnitudes
  std::vector<double> picked;

  static Digest of(const float* data, std::int64_t size);
};

/// What a step of a network does at least: the multiply-adds of its products, counted as two, and the bytes
/// that passes over numbers read and write.
struct Work {
  double flops = 0, bytes = 0;
  double parameters = 0;

  /// Forward, the gradient of the weight, and that of the input unless it is the network's own.
  Work& product(double rows, double in, double out, bool first = false) {
    flops += 2 * rows * in * out * (first ? 2 : 3);
    parameters += in * out;
    return *this;
  }
  /// A rule that reads and writes so many arrays of the parameters' size.
  Work& optimizer(double arrays) {
    bytes += 4 * arrays * parameters;
    return *this;
  }
  static constexpr double kSgd = 3, kMomentum = 5, kAdam = 7;
};

/// A workload that has been set up and can be timed.
class Run {
 public:
  virtual ~Run() = default;
  virtual Digest check() = 0;
  /// Nanoseconds per step (or bytes), one number for each row of the workload.
  virtual std::vector<double> measure(double seconds) = 0;
};

/// How a result of type T is kept from being optimised away, or left uncomputed, and how it is compared.
template <class T>
struct Result;

/// Deterministic numbers in [-1, 1) times `scale`, the same in every program.
std::vector<float> values(std::int64_t size, unsigned seed, float scale = 1.F);
std::vector<std::int64_t> labels(std::int64_t size, std::int64_t classes, unsigned seed);

/// Bytes of memory the process occupies now, and the most it has occupied.
double resident_bytes();
double peak_bytes();

inline void keep_pointer(const void* p) { asm volatile("" : : "g"(p) : "memory"); }

/// The clock everything is timed with: the processor time of the whole process, which what else the machine
/// does disturbs little and no helper thread escapes; wall-clock time when several threads are allowed.
double now_ns();

/// Middle value; the list is reordered.
double median(std::vector<double> list);

/// Times a step by repeating it.
template <class Step>
class RepeatedRun final : public Run {
 public:
  explicit RepeatedRun(Step step) : step_(std::move(step)) {}

  // The third result of a fresh set-up, so that training steps have moved and compare alike.
  Digest check() override {
    using R = std::decay_t<decltype(step_())>;
    repeat(2);
    const auto result = step_();
    return Result<R>::digest(result);
  }

  std::vector<double> measure(double seconds) override {
    const double budget = seconds * 1e9;
    if (batch_ == 0) calibrate(budget);
    std::vector<double> samples;
    const double start = now_ns();
    do samples.push_back(repeat(batch_) / static_cast<double>(batch_));
    while (now_ns() - start < budget);
    return {median(std::move(samples))};
  }

 private:
  double repeat(std::int64_t times) {
    using R = std::decay_t<decltype(step_())>;
    const double start = now_ns();
    for (std::int64_t i = 0; i < times; ++i) {
      const auto result = step_();
      Result<R>::keep(result);
    }
    return now_ns() - start;
  }

  // A tenth of the budget per batch: several samples to take the median of, each long enough for the clock.
  void calibrate(double budget) {
    std::int64_t n = 1;
    double spent = repeat(n);
    while (spent < budget / 20 && n < (std::int64_t{1} << 30)) spent = repeat(n *= 2);
    batch_ =
        std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(n) * budget / 10 / spent));
  }

  Step step_;
  std::int64_t batch_ = 0;
};

/// What a workload with several parts reports: its cost in each part, and a digest of the result.
struct Parts {
  std::vector<double> costs;
  Digest digest;
};

/// Times a long workload that takes its own times.
template <class Once>
class PartsRun final : public Run {
 public:
  explicit PartsRun(Once once, bool warm_up) : once_(std::move(once)), warm_up_(warm_up) {}
  Digest check() override { return warm_up_ ? once_().digest : Digest{}; }
  std::vector<double> measure(double) override { return once_().costs; }

 private:
  Once once_;
  bool warm_up_;
};

/// A named workload; its settings chain: `workload("exp").bytes(8e7).goal(4).each([] { return [] {...}; })`.
class Workload {
 public:
  explicit Workload(std::string name) : rows(1) { rows[0].name = std::move(name), rows[0].unit = "time"; }

  Workload& per(double things) {
    return all([=](Row& r) { r.per = things; });
  }
  Workload& bytes(double b) {
    return all([=](Row& r) { r.bytes = b; });
  }
  Workload& flops(double f) {
    return all([=](Row& r) { r.flops = f; });
  }
  Workload& work(const Work& w) { return bytes(w.bytes).flops(w.flops); }
  Workload& goal(double times) {
    return all([=](Row& r) { r.goal = times; });
  }
  Workload& hand(double times) {
    return all([=](Row& r) { r.hand = times; });
  }
  Workload& large() {
    return all([](Row& r) { r.large = true; });
  }
  /// Measured in memory held, by a process started for it.
  Workload& memory() {
    return all([](Row& r) { r.unit = "bytes", r.fresh = true; });
  }
  /// Several rows from one workload: the name and the goal of each.
  Workload& parts(const std::vector<std::pair<std::string, double>>& parts);

  /// `make` sets up and returns the step that is timed; what a step returns has a Result<>.
  template <class Make>
  void each(Make make) {
    start = [make] {
      auto step = make();
      return std::unique_ptr<Run>(new RepeatedRun<decltype(step)>(std::move(step)));
    };
  }

  /// `once` does everything once and returns Parts.
  template <class Once>
  void once(Once once) {
    const bool warm_up = !rows[0].fresh;
    start = [once, warm_up] { return std::unique_ptr<Run>(new PartsRun<Once>(once, warm_up)); };
  }

  std::vector<Row> rows;
  std::function<std::unique_ptr<Run>()> start;

 private:
  template <class Change>
  Workload& all(Change change) {
    std::for_each(rows.begin(), rows.end(), change);
    return *this;
  }
};

/// Adds a workload to the program's list.
Workload& workload(std::string name);

/// Each program defines these two: filling the list, and holding its library to a number of threads.
void add_workloads();
void use_threads(int count);

}  // namespace bench
