// A file of TensorBoard's events. Private to the library.
#pragma once

#include <fstream>
#include <string>
#include <string_view>

namespace xgrad::graph {

/// Records of one file in a folder, which is made where it is missing. Errors begin with `SummaryWriter`.
class EventFile {
 public:
  EventFile(const std::string& folder, const std::string& suffix);
  /// Adds an event, a message of TensorBoard's event.proto.
  void add(std::string_view event);
  void flush();

 private:
  void check() const;

  std::string path_;
  std::ofstream out_;
};

/// A record of TensorFlow's files: length, its checksum, the data, their checksum.
std::string event_record(std::string_view data);

double seconds_now();
std::string host_name();

}  // namespace xgrad::graph
