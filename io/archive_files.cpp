// Archives as files, streams and memory.
#include <istream>
#include <iterator>
#include <ostream>

#include <xgrad/io/archive.h>
#include <xgrad/io/file.h>
#include <xgrad/io/serialize.h>
#include <xgrad/io/torch_file.h>

namespace xgrad::serialize {

namespace {

class StreamSink final : public io::Sink {
 public:
  explicit StreamSink(std::ostream& stream) : stream_(stream) {}

 private:
  void do_write(std::string_view bytes) override {
    stream_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    XGRAD_CHECK(stream_, "save: the stream takes nothing behind byte ", position());
  }
  std::ostream& stream_;
};

class FunctionSink final : public io::Sink {
 public:
  explicit FunctionSink(const std::function<std::size_t(const void*, std::size_t)>& function)
      : function_(function) {}

 private:
  void do_write(std::string_view bytes) override {
    const std::size_t taken = function_(bytes.data(), bytes.size());
    XGRAD_CHECK(taken == bytes.size(), "save: the function took ", taken, " of ", bytes.size(),
                " bytes from byte ", position(), " on");
  }
  const std::function<std::size_t(const void*, std::size_t)>& function_;
};

void check_device(const optional<Device>& device) {
  XGRAD_CHECK(!device || device->is_cpu(), "load: xgrad computes on the CPU: got ", device->str());
}

}  // namespace

void write_value(const IValue& value, const std::string& filename) {
  io::AtomicFile file("save", filename);
  io::write_torch(file, value);
  file.commit();
}
void write_value(const IValue& value, std::ostream& stream) {
  StreamSink sink(stream);
  io::write_torch(sink, value);
}
void write_value(const IValue& value, std::vector<char>& bytes) {
  bytes.clear();
  io::MemorySink sink(bytes);
  io::write_torch(sink, value);
}
void write_value(const IValue& value, const std::function<std::size_t(const void*, std::size_t)>& function) {
  FunctionSink sink(function);
  io::write_torch(sink, value);
}

void InputArchive::load_from(const std::string& filename, const optional<Device>& device) {
  check_device(device);
  const auto file = std::make_shared<io::MappedFile>("load", filename, io::Access::copy_on_write);
  *this = InputArchive(io::read_torch(file->source(), file));
}

void InputArchive::load_from(std::istream& stream, const optional<Device>& device) {
  XGRAD_CHECK(stream, "load: the stream has an error: there may be no such file");
  const std::string bytes(std::istreambuf_iterator<char>(stream), {});
  load_from(bytes.data(), bytes.size(), device);
}

void InputArchive::load_from(const char* data, std::size_t size, const optional<Device>& device) {
  check_device(device);
  const io::Source source{std::string_view(data, size), "load: the given bytes"};
  *this = InputArchive(io::read_torch(source));
}

void InputArchive::load_from(
    const std::function<std::size_t(std::uint64_t position, void* buffer, std::size_t bytes)>& read,
    const std::function<std::size_t()>& size, const optional<Device>& device) {
  std::string bytes(size(), '\0');
  const std::size_t given = bytes.empty() ? 0 : read(0, bytes.data(), bytes.size());
  XGRAD_CHECK(given == bytes.size(), "load: the function gave ", given, " of ", bytes.size(), " bytes");
  load_from(bytes.data(), bytes.size(), device);
}

}  // namespace xgrad::serialize

namespace xgrad {

std::vector<char> pickle_save(const IValue& value) {
  std::vector<char> bytes;
  serialize::write_value(value, bytes);
  return bytes;
}

IValue pickle_load(const std::vector<char>& data) {
  const io::Source source{std::string_view(data.data(), data.size()), "load: the given bytes"};
  return io::read_torch(source);
}

}  // namespace xgrad
