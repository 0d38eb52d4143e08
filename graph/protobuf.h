// Protocol buffers, written by protozero where it is there. Private to the library.
#pragma once

#include <string>

#include <xgrad/core/types/error.h>

#if __has_include(<protozero/pbf_writer.hpp>)
#include <protozero/pbf_writer.hpp>
#define XGRAD_HAVE_PROTOZERO
#endif

namespace xgrad::graph {

#if defined(XGRAD_HAVE_PROTOZERO)

using ProtobufWriter = protozero::pbf_writer;
inline void need_protozero(const char*) {}

#else

// What need_protozero lets nobody come to.
struct ProtobufWriter {
  explicit ProtobufWriter(std::string&) {}
  void add_bytes(int, const std::string&) {}
  void add_string(int, const std::string&) {}
  void add_message(int, const std::string&) {}
  void add_enum(int, int) {}
  void add_int32(int, int32_t) {}
  void add_int64(int, int64_t) {}
  void add_float(int, float) {}
  void add_double(unsigned, double) {}
  template <class It>
  void add_packed_double(int, It, It) {}
  template <class It>
  void add_packed_int64(int, It, It) {}
};
[[noreturn]] inline void need_protozero(const char* op) {
  fail(op, ": xgrad was built without protozero (Debian: libprotozero-dev)");
}

#endif

/// The bytes of the message that `fill(writer)` writes.
template <class F>
std::string message(F&& fill) {
  std::string bytes;
  ProtobufWriter writer(bytes);
  fill(writer);
  return bytes;
}

}  // namespace xgrad::graph
