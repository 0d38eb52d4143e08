// TrainingReport: keeps what it is given, and writes it as JSON into the page, whose script draws.
#include <xgrad/graph/training_report.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <string_view>

#include <xgrad/core/types/mutex.h>
#include <xgrad/core/types/ordered_dict.h>
#include <xgrad/graph/histogram.h>
#include <xgrad/graph/images.h>
#include <xgrad/graph/text.h>
#include <xgrad/io/file.h>

namespace xgrad::graph {

namespace {

constexpr std::size_t kMostPoints = 2000;  // of a curve: more than a screen has columns
constexpr std::size_t kBars = 40;

struct Point {
  int64_t step;
  double value;
};
using Curve = std::vector<Point>;

// Least, quantiles (those of a normal distribution at -1.5, -1, -0.5, 0, ... deviations) and greatest, and
// bars of equal width between.
struct Spread {
  int64_t step;
  std::vector<double> quantiles, bars;
};

std::string json(double number) { return std::isfinite(number) ? concat(number) : "null"; }
std::string json(int64_t number) { return std::to_string(number); }
std::string json(const std::vector<double>& numbers) {
  return array(numbers, [](double number) { return json(number); });
}

Spread spread_of(int64_t step, const std::vector<double>& sorted) {
  Spread spread{step, {}, std::vector<double>(kBars)};
  for (const double share : {0.0, 0.0668, 0.1587, 0.3085, 0.5, 0.6915, 0.8413, 0.9332, 1.0})
    spread.quantiles.push_back(
        sorted[static_cast<std::size_t>(std::lround(share * static_cast<double>(sorted.size() - 1)))]);
  const double low = sorted.front(), width = sorted.back() - low;
  for (const double v : sorted) {
    const double place =
        width > 0 ? (v - low) / width * static_cast<double>(kBars) : static_cast<double>(kBars) / 2;
    ++spread.bars[std::min(kBars - 1, static_cast<std::size_t>(place))];
  }
  return spread;
}

// A curve of many points by the least and the greatest of each piece, so that no peak is lost.
Curve thinned(const Curve& curve) {
  if (curve.size() <= kMostPoints) return curve;
  Curve few;
  const std::size_t pieces = kMostPoints / 2;
  for (std::size_t p = 0; p < pieces; ++p) {
    const auto from = curve.begin() + static_cast<std::ptrdiff_t>(p * curve.size() / pieces),
               to = curve.begin() + static_cast<std::ptrdiff_t>((p + 1) * curve.size() / pieces);
    // NaN, where a training diverged, has no order: it stays if the piece has one.
    const auto nan = std::find_if(from, to, [](const Point& x) { return std::isnan(x.value); });
    const auto [low, high] =
        std::minmax_element(from, nan, [](const Point& a, const Point& b) { return a.value < b.value; });
    if (low < nan) few.push_back(*std::min(low, high));
    if (low < nan && low != high) few.push_back(*std::max(low, high));
    if (nan != to) few.push_back(*nan);
  }
  return few;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k)
      three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k > bytes.size() ? '=' : digits[three >> (18 - 6 * k) & 63];
  }
  return out;
}

}  // namespace

class TrainingReport::Contents {
 public:
  Contents(std::string file, std::string title) : file_(std::move(file)), title_(std::move(title)) {}

  // Runs `change` under the lock.
  template <class F>
  void add(F&& change) {
    const std::lock_guard lock(mutex_);
    XGRAD_CHECK(!is_closed_, "TrainingReport: it is closed");
    change();
    is_written_ = false;
  }

  void write(bool and_close) {
    const std::lock_guard lock(mutex_);
    if (!is_written_) {
      io::AtomicFile file("TrainingReport", file_);
      file.write(report_page(title_, data()));
      file.commit();
      is_written_ = true;
    }
    is_closed_ = is_closed_ || and_close;
  }

  template <class List>
  static typename List::value_type::second_type& at(List& list, const std::string& key) {
    for (auto& [name, value] : list)
      if (name == key) return value;
    return list.emplace_back(key, typename List::value_type::second_type()).second;
  }

  static void add_point(Curve& curve, optional<int64_t> step, double value) {
    curve.push_back({step.value_or(static_cast<int64_t>(curve.size())), value});
  }

  std::vector<std::pair<std::string, std::vector<std::pair<std::string, Curve>>>> plots;
  std::vector<std::pair<std::string, std::vector<Spread>>> spreads;
  std::vector<std::pair<std::string, std::pair<optional<int64_t>, std::string>>> images, texts;

 private:
  std::string data() const {
    const auto point = [](const Point& p) { return "[" + json(p.step) + "," + json(p.value) + "]"; };
    const auto curve = [&](const auto& c) {
      return "{\"name\":" + quoted(c.first) + ",\"points\":" + array(thinned(c.second), point) + "}";
    };
    const auto plot = [&](const auto& p) {
      return "{\"tag\":" + quoted(p.first) + ",\"curves\":" + array(p.second, curve) + "}";
    };
    const auto step = [](const Spread& s) {
      return "{\"step\":" + json(s.step) + ",\"quantiles\":" + json(s.quantiles) +
             ",\"bars\":" + json(s.bars) + "}";
    };
    const auto spread = [&](const auto& s) {
      return "{\"tag\":" + quoted(s.first) + ",\"steps\":" + array(s.second, step) + "}";
    };
    const auto item = [](const auto& i) {
      return "{\"tag\":" + quoted(i.first) +
             ",\"step\":" + (i.second.first ? json(*i.second.first) : "null") +
             ",\"content\":" + quoted(i.second.second) + "}";
    };
    return "{\"plots\":" + array(plots, plot) + ",\n\"spreads\":" + array(spreads, spread) +
           ",\n\"images\":" + array(images, item) + ",\n\"texts\":" + array(texts, item) + "}";
  }

  const std::string file_, title_;
  Mutex mutex_;
  bool is_closed_ = false, is_written_ = false;
};

TrainingReport::TrainingReport(std::string file, std::string title)
    : contents_(new Contents(std::move(file), std::move(title))) {}

TrainingReport::~TrainingReport() {
  try {
    close();
  } catch (const Error&) {  // a full disk; who wants to know calls close()
  }
}

void TrainingReport::add_scalar(const std::string& tag, double scalar_value, optional<int64_t> global_step) {
  add_scalars(tag, {{"", scalar_value}}, global_step);
}

void TrainingReport::add_scalars(const std::string& main_tag, const Scalars& tag_scalar_dict,
                                 optional<int64_t> global_step) {
  contents_->add([&] {
    auto& curves = Contents::at(contents_->plots, main_tag);
    for (const auto& [tag, value] : tag_scalar_dict)
      Contents::add_point(Contents::at(curves, tag), global_step, value);
  });
}

void TrainingReport::add_histogram(const std::string& tag, const Tensor& values,
                                   optional<int64_t> global_step) {
  const std::vector<double> sorted = sorted_values("add_histogram", values);
  contents_->add([&] {
    std::vector<Spread>& steps = Contents::at(contents_->spreads, tag);
    steps.push_back(spread_of(global_step.value_or(static_cast<int64_t>(steps.size())), sorted));
  });
}

void TrainingReport::add_image(const std::string& tag, const Tensor& img_tensor,
                               optional<int64_t> global_step, const std::string& dataformats) {
  const std::string png = to_png("add_image", pixels_of("add_image", img_tensor, dataformats));
  contents_->add([&] { Contents::at(contents_->images, tag) = {global_step, base64(png)}; });
}

void TrainingReport::add_text(const std::string& tag, const std::string& text_string,
                              optional<int64_t> global_step) {
  contents_->add([&] { contents_->texts.emplace_back(tag, std::make_pair(global_step, text_string)); });
}

void TrainingReport::flush() { contents_->write(false); }
void TrainingReport::close() { contents_->write(true); }

}  // namespace xgrad::graph
