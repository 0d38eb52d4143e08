// SummaryWriter: the messages of TensorBoard's event.proto and summary.proto, by the numbers of their fields.
#include <xgrad/graph/summary_writer.h>

#include <ctime>
#include <map>
#include <mutex>

#include <xgrad/core/types/mutex.h>
#include <xgrad/graph/event_file.h>
#include <xgrad/graph/histogram.h>
#include <xgrad/graph/images.h>
#include <xgrad/graph/protobuf.h>

namespace xgrad::graph {

class SummaryWriter::Files {
 public:
  Files(std::string in, std::string ending) : folder(std::move(in)), suffix(std::move(ending)) {}

  const std::string folder, suffix;
  Mutex mutex;
  bool is_closed = false;

  EventFile& file(const std::string& in) {
    XGRAD_CHECK(!is_closed, "SummaryWriter: it is closed");
    std::unique_ptr<EventFile>& found = files_[in];
    if (!found) {
      found = std::make_unique<EventFile>(in, suffix);
      found->add(first_event());
    }
    return *found;
  }
  void flush() {
    for (const auto& [name, file] : files_) file->flush();
  }
  void close() {
    is_closed = true;
    flush();
    files_.clear();
  }

 private:
  static std::string first_event();

  std::map<std::string, std::unique_ptr<EventFile>> files_;
};

namespace {

std::string default_folder() {
  const std::time_t now = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%b%d_%H-%M-%S", std::localtime(&now));
  return "runs/" + std::string(text) + "_" + host_name();
}

std::string event_of(optional<double> walltime, optional<int64_t> step, int field,
                     const std::string& content) {
  return message([&](auto& event) {
    event.add_double(1, walltime.value_or(seconds_now()));
    if (step) event.add_int64(2, *step);
    if (field == 3)
      event.add_string(3, content);
    else
      event.add_message(5, message([&](auto& summary) { summary.add_message(1, content); }));
  });
}

std::string scalar_value(const std::string& tag, double value) {
  return message([&](auto& v) {
    v.add_string(1, tag);
    v.add_float(2, static_cast<float>(value));
  });
}

std::string histogram_value(const std::string& tag, const Histogram& h) {
  return message([&](auto& v) {
    v.add_string(1, tag);
    v.add_message(5, message([&](auto& histo) {
                    const double numbers[] = {h.min, h.max, h.num, h.sum, h.sum_squares};
                    for (unsigned i = 0; i < 5; ++i) histo.add_double(i + 1, numbers[i]);
                    histo.add_packed_double(6, h.bucket_limit.begin(), h.bucket_limit.end());
                    histo.add_packed_double(7, h.bucket.begin(), h.bucket.end());
                  }));
  });
}

std::string image_value(const std::string& tag, const Pixels& pixels, const std::string& png) {
  return message([&](auto& v) {
    v.add_string(1, tag);
    v.add_message(4, message([&](auto& image) {
                    image.add_int32(1, static_cast<int32_t>(pixels.height));
                    image.add_int32(2, static_cast<int32_t>(pixels.width));
                    image.add_int32(3, static_cast<int32_t>(pixels.channels));
                    image.add_bytes(4, png);
                  }));
  });
}

// A tensor of one string, for the plugin that shows texts.
std::string text_value(const std::string& tag, const std::string& text) {
  constexpr int32_t kString = 7;
  const std::string dim = message([](auto& d) { d.add_int64(1, 1); });
  const std::string plugin = message([](auto& p) { p.add_string(1, "text"); });
  return message([&](auto& v) {
    v.add_string(1, tag + "/text_summary");
    v.add_message(8, message([&](auto& tensor) {
                    tensor.add_enum(1, kString);
                    tensor.add_message(2, message([&](auto& shape) { shape.add_message(2, dim); }));
                    tensor.add_bytes(8, text);
                  }));
    v.add_message(9, message([&](auto& metadata) { metadata.add_message(1, plugin); }));
  });
}

constexpr int kFileVersion = 3, kSummary = 5;

// What Python's writer makes of a tag that is to be the name of a folder.
std::string as_folder(std::string tag) {
  for (char& c : tag)
    if (c == '/') c = '_';
  return tag;
}

}  // namespace

std::string SummaryWriter::Files::first_event() {
  return event_of(nullopt, nullopt, kFileVersion, "brain.Event:2");
}

SummaryWriter::SummaryWriter(const std::string& log_dir, const std::string& filename_suffix) {
  need_protozero("SummaryWriter");
  files_ = std::make_unique<Files>(log_dir.empty() ? default_folder() : log_dir, filename_suffix);
  (void)files_->file(files_->folder);
}

SummaryWriter::~SummaryWriter() {
  try {
    close();
  } catch (const Error&) {  // a full disk; who wants to know calls close()
  }
}

void SummaryWriter::add_scalar(const std::string& tag, double scalar_value, optional<int64_t> global_step,
                               optional<double> walltime) {
  const std::lock_guard lock(files_->mutex);
  files_->file(files_->folder)
      .add(event_of(walltime, global_step, kSummary, graph::scalar_value(tag, scalar_value)));
}

void SummaryWriter::add_scalars(const std::string& main_tag, const Scalars& tag_scalar_dict,
                                optional<int64_t> global_step, optional<double> walltime) {
  const double now = walltime.value_or(seconds_now());
  const std::lock_guard lock(files_->mutex);
  for (const auto& [tag, value] : tag_scalar_dict)
    files_->file(files_->folder + "/" + as_folder(main_tag) + "_" + tag)
        .add(event_of(now, global_step, kSummary, scalar_value(main_tag, value)));
}

void SummaryWriter::add_histogram(const std::string& tag, const Tensor& values, optional<int64_t> global_step,
                                  optional<double> walltime) {
  const Histogram histogram = histogram_of(sorted_values("add_histogram", values));
  const std::lock_guard lock(files_->mutex);
  files_->file(files_->folder)
      .add(event_of(walltime, global_step, kSummary, histogram_value(tag, histogram)));
}

void SummaryWriter::add_image(const std::string& tag, const Tensor& img_tensor, optional<int64_t> global_step,
                              optional<double> walltime, const std::string& dataformats) {
  const Pixels pixels = pixels_of("add_image", img_tensor, dataformats);
  const std::string png = to_png("add_image", pixels);
  const std::lock_guard lock(files_->mutex);
  files_->file(files_->folder).add(event_of(walltime, global_step, kSummary, image_value(tag, pixels, png)));
}

void SummaryWriter::add_text(const std::string& tag, const std::string& text_string,
                             optional<int64_t> global_step, optional<double> walltime) {
  const std::lock_guard lock(files_->mutex);
  files_->file(files_->folder).add(event_of(walltime, global_step, kSummary, text_value(tag, text_string)));
}

void SummaryWriter::flush() {
  const std::lock_guard lock(files_->mutex);
  files_->flush();
}

void SummaryWriter::close() {
  const std::lock_guard lock(files_->mutex);
  files_->close();
}

const std::string& SummaryWriter::log_dir() const { return files_->folder; }

}  // namespace xgrad::graph
