// Records with masked checksums, and how event files are called.
#include <xgrad/graph/event_file.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <system_error>

#if defined(_WIN32)
#include <process.h>
#else
#include <unistd.h>
#endif

#include <xgrad/core/types/error.h>
#include <xgrad/io/bytes.h>

namespace xgrad::graph {

namespace {

// A checksum of data that hold checksums would be weak, so that TensorFlow turns it and adds a number.
uint32_t masked_crc(std::string_view bytes) {
  const uint32_t crc = io::crc32c(bytes);
  return (crc >> 15 | crc << 17) + 0xA282EAD8;
}

int process_id() {
#if defined(_WIN32)
  return _getpid();
#else
  return static_cast<int>(getpid());
#endif
}

// Two writers of one second and process have files of their own.
std::string new_file_name(const std::string& suffix) {
  static std::atomic<int> count{0};
  std::array<char, 32> seconds{};
  std::snprintf(seconds.data(), seconds.size(), "%010lld", static_cast<long long>(seconds_now()));
  return concat("events.out.tfevents.", seconds.data(), ".", host_name(), ".", process_id(), ".", count++,
                suffix);
}

}  // namespace

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string host_name() {
#if defined(_WIN32)
  return "localhost";
#else
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
#endif
}

std::string event_record(std::string_view data) {
  std::string record;
  io::put(record, uint64_t{data.size()});
  io::put(record, masked_crc(record));
  record += data;
  io::put(record, masked_crc(data));
  return record;
}

EventFile::EventFile(const std::string& folder, const std::string& suffix) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  path_ = (std::filesystem::path(folder) / new_file_name(suffix)).string();
  out_.open(path_, std::ios::binary);
  check();
}

void EventFile::add(std::string_view event) {
  out_ << event_record(event);
  check();
}

void EventFile::flush() {
  out_.flush();
  check();
}

void EventFile::check() const {
  XGRAD_CHECK(out_.good(), "SummaryWriter: cannot write ", path_,
              "; is its folder there, and is there room?");
}

}  // namespace xgrad::graph
