// TrainingReport: what happens in a training, as one page with plots.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::graph {

/// One HTML file that needs nothing else, with the add_ functions of SummaryWriter: curves, how values are
/// spread, images and texts. It is written by flush() and close(), whole, so that a browser may look on.
/// Without a step, values are numbered from 0. Several threads may add.
class XGRAD_API TrainingReport {
 public:
  using Scalars = std::vector<std::pair<std::string, double>>;

  explicit TrainingReport(std::string file, std::string title = "Training");
  /// Closes it, if that has not been done; what cannot be written is lost without an error then.
  ~TrainingReport();
  TrainingReport(const TrainingReport&) = delete;
  TrainingReport& operator=(const TrainingReport&) = delete;

  void add_scalar(const std::string& tag, double scalar_value, optional<int64_t> global_step = nullopt);
  /// Several curves in one plot.
  void add_scalars(const std::string& main_tag, const Scalars& tag_scalar_dict,
                   optional<int64_t> global_step = nullopt);
  /// How the elements are spread, over the steps. NaN and infinities are left out; ValueError when nothing is
  /// left.
  void add_histogram(const std::string& tag, const Tensor& values, optional<int64_t> global_step = nullopt);
  /// See SummaryWriter. Of each tag the last image is shown.
  void add_image(const std::string& tag, const Tensor& img_tensor, optional<int64_t> global_step = nullopt,
                 const std::string& dataformats = "CHW");
  void add_text(const std::string& tag, const std::string& text_string,
                optional<int64_t> global_step = nullopt);
  /// Writes the file. Throws Error where it cannot.
  void flush();
  /// Writes it, unless nothing was added since; nothing can be added then.
  void close();

 private:
  class Contents;
  std::unique_ptr<Contents> contents_;
};

}  // namespace xgrad::graph
