// SummaryWriter: what happens in a training, as event files for TensorBoard.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::graph {

/// Writes event files into a folder for `tensorboard --logdir`; names, files and numbers are those of
/// Python's `torch.utils.tensorboard.SummaryWriter`. Wall times are seconds since 1970, now if none is given.
/// Several threads may write. Throws Error where a file cannot be written, and where xgrad was built without
/// protozero.
class XGRAD_API SummaryWriter {
 public:
  using Scalars = std::vector<std::pair<std::string, double>>;

  /// Without a folder it is `runs/<date>_<host>`. `filename_suffix` ends the names of the files.
  explicit SummaryWriter(const std::string& log_dir = "", const std::string& filename_suffix = "");
  ~SummaryWriter();
  SummaryWriter(const SummaryWriter&) = delete;
  SummaryWriter& operator=(const SummaryWriter&) = delete;

  void add_scalar(const std::string& tag, double scalar_value, optional<int64_t> global_step = nullopt,
                  optional<double> walltime = nullopt);
  /// Curves of one plot: `add_scalars("loss", {{"train", a}, {"valid", b}}, step)`. Each has a folder of its
  /// own.
  void add_scalars(const std::string& main_tag, const Scalars& tag_scalar_dict,
                   optional<int64_t> global_step = nullopt, optional<double> walltime = nullopt);
  /// How the elements are spread. NaN and infinities are left out; ValueError when nothing is left.
  void add_histogram(const std::string& tag, const Tensor& values, optional<int64_t> global_step = nullopt,
                     optional<double> walltime = nullopt);
  /// A picture with 1, 3 or 4 channels, floats from 0 to 1 or bytes, laid out as `dataformats` says: "CHW",
  /// "HWC" or "HW". Takes zlib.
  void add_image(const std::string& tag, const Tensor& img_tensor, optional<int64_t> global_step = nullopt,
                 optional<double> walltime = nullopt, const std::string& dataformats = "CHW");
  void add_text(const std::string& tag, const std::string& text_string,
                optional<int64_t> global_step = nullopt, optional<double> walltime = nullopt);
  /// What was added is in the files.
  void flush();
  /// The end; nothing can be added then. The destructor does it too.
  void close();
  const std::string& log_dir() const;

 private:
  class Files;
  std::unique_ptr<Files> files_;
};

}  // namespace xgrad::graph
