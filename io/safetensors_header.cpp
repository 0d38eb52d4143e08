// Headers are read as a stream of events and refused at the first that has no place there: what a hostile one
// makes us allocate is bounded by its own length.
#include <xgrad/io/safetensors_header.h>

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_set>

namespace xgrad::io {

namespace {

using nlohmann::json;

constexpr uint64_t kLargestHeader = 100'000'000;  // that of the reference library
constexpr std::size_t kMostSizes = 64;

// The largest first, so that each tensor is aligned; the order among equals is that of the reference library.
constexpr std::array<SafetensorsDtype, 19> kDtypes{{{"U64", 64, ScalarType::Undefined},
                                                    {"I64", 64, kLong},
                                                    {"F64", 64, kDouble},
                                                    {"C64", 64, ScalarType::Undefined},
                                                    {"F32", 32, kFloat},
                                                    {"U32", 32, ScalarType::Undefined},
                                                    {"I32", 32, kInt},
                                                    {"BF16", 16, kBFloat16},
                                                    {"F16", 16, kHalf},
                                                    {"U16", 16, ScalarType::Undefined},
                                                    {"I16", 16, kShort},
                                                    {"F8_E8M0", 8, ScalarType::Undefined},
                                                    {"F8_E4M3", 8, ScalarType::Undefined},
                                                    {"F8_E5M2", 8, ScalarType::Undefined},
                                                    {"I8", 8, kChar},
                                                    {"U8", 8, kByte},
                                                    {"F6_E3M2", 6, ScalarType::Undefined},
                                                    {"F4", 4, ScalarType::Undefined},
                                                    {"BOOL", 8, kBool}}};

// What this and the other reader of JSON share: each event is refused unless it is overridden.
class Events : public json::json_sax_t {
 public:
  explicit Events(const Source& source) : source_(source) {}

  bool null() override { refuse("null"); }
  bool boolean(bool) override { refuse("a bool"); }
  bool number_integer(int64_t value) override { refuse(concat("the number ", value)); }
  bool number_unsigned(uint64_t value) override { refuse(concat("the number ", value)); }
  bool number_float(double, const std::string& text) override { refuse("the number " + shortened(text)); }
  bool string(std::string& text) override { refuse("the text \"" + shortened(text) + "\""); }
  bool binary(json::binary_t&) override { refuse("binary data"); }
  bool start_object(std::size_t) override { refuse("an object"); }
  bool start_array(std::size_t) override { refuse("a list"); }
  bool key(std::string& name) override { refuse("the name \"" + shortened(name) + "\""); }
  bool end_object() override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string&, const json::exception& error) override {
    const std::string said = error.what();
    source_.fail_at(start() + position, "the header is no JSON",
                    said.substr(std::min(said.size(), said.rfind(": "))));
  }

 protected:
  virtual std::string place() const = 0;
  virtual uint64_t start() const { return 0; }
  static std::string shortened(const std::string& text) {
    return text.size() <= 60 ? text : text.substr(0, 60) + "...";
  }
  template <class... A>
  [[noreturn]] void fail_here(const A&... text) const {
    fail(source_.name, ": ", place(), ": ", text...);
  }
  const Source& source() const { return source_; }

 private:
  [[noreturn]] void refuse(const std::string& what) const { fail_here(what, " has no place here"); }

  const Source& source_;
};

class HeaderEvents final : public Events {
 public:
  HeaderEvents(const Source& source, SafetensorsHeader& header) : Events(source), header_(header) {}

  bool start_object(std::size_t n) override {
    if (depth_ == 2 || in_list_ || (depth_ == 1 && !has_name_)) return Events::start_object(n);
    ++depth_;
    return true;
  }
  bool end_object() override {
    if (--depth_ == 1 && !in_metadata_) {
      if (seen_.size() < 3) fail_here("it must have dtype, shape and data_offsets");
    }
    if (depth_ == 1) has_name_ = false;
    return true;
  }
  bool key(std::string& name) override {
    if (depth_ == 1) {
      begin(name);
    } else {
      if (!in_metadata_ && name != "dtype" && name != "shape" && name != "data_offsets")
        return Events::key(name);
      if (!seen_.insert(name).second) fail_here("it has \"", shortened(name), "\" twice");
      field_ = name;
    }
    return true;
  }
  bool string(std::string& text) override {
    if (depth_ != 2 || in_list_ || (!in_metadata_ && field_ != "dtype")) return Events::string(text);
    if (in_metadata_)
      header_.metadata[field_] = text;
    else if (!(entry().dtype = find_safetensors_dtype(text)))
      fail_here("there is no dtype \"", shortened(text), "\"");
    return true;
  }
  bool start_array(std::size_t n) override {
    if (depth_ != 2 || in_list_ || in_metadata_ || field_ == "dtype") return Events::start_array(n);
    in_list_ = true;
    return true;
  }
  bool end_array() override {
    in_list_ = false;
    if (field_ == "data_offsets" && offsets_ != 2) fail_here("data_offsets must be two numbers");
    return true;
  }
  bool number_unsigned(uint64_t value) override {
    if (!in_list_) return Events::number_unsigned(value);
    if (field_ == "shape") {
      if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
        fail_here("the size ", value, " is too large");
      if (entry().sizes.size() == kMostSizes) fail_here("it has too many dimensions");
      entry().sizes.push_back(static_cast<int64_t>(value));
    } else {
      if (offsets_ == 2) fail_here("data_offsets must be two numbers");
      (offsets_++ == 0 ? entry().begin : entry().end) = value;
    }
    return true;
  }

 private:
  SafetensorsEntry& entry() { return header_.entries.back(); }
  void begin(const std::string& name) {
    if (!names_.insert(name).second)
      fail(source().name, ": tensor \"", shortened(name), "\": the name stands there twice");
    seen_.clear();
    offsets_ = 0;
    has_name_ = true;
    in_metadata_ = name == "__metadata__";
    if (!in_metadata_) header_.entries.push_back({name, nullptr, {}, 0, 0});
  }
  std::string place() const override {
    if (depth_ == 0 || !has_name_) return "the header";
    return in_metadata_ ? "__metadata__" : "tensor \"" + shortened(header_.entries.back().name) + "\"";
  }
  uint64_t start() const override { return sizeof(uint64_t); }

  SafetensorsHeader& header_;
  std::unordered_set<std::string> names_;
  std::set<std::string> seen_;
  std::string field_;
  int depth_ = 0, offsets_ = 0;
  bool has_name_ = false, in_metadata_ = false, in_list_ = false;
};

class IndexEvents final : public Events {
 public:
  explicit IndexEvents(const Source& source) : Events(source) {}
  std::vector<std::string> files;

  bool start_object(std::size_t) override {
    ++depth_;
    if (depth_ == 2) in_map_ = key_ == "weight_map";
    return true;
  }
  bool end_object() override {
    if (--depth_ == 1) in_map_ = false;
    return true;
  }
  bool key(std::string& name) override {
    key_ = name;
    return true;
  }
  bool string(std::string& text) override {
    if (!in_map_) return true;
    // A plain name: a path could lead out of the folder.
    if (text.empty() || text.find_first_of("/\\:") != std::string::npos || text == "." || text == "..")
      fail_here("the file of \"", shortened(key_), "\" must lie beside the index: it is \"", shortened(text),
                "\"");
    if (known_.insert(text).second) files.push_back(text);
    return true;
  }
  // What else the index says is nobody's business here.
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(int64_t) override { return true; }
  bool number_unsigned(uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool start_array(std::size_t) override { return true; }

 private:
  std::string place() const override { return "weight_map"; }

  std::string key_;
  std::unordered_set<std::string> known_;
  int depth_ = 0;
  bool in_map_ = false;
};

// The bytes that dtype and shape ask for.
uint64_t bytes_of(const Source& source, const SafetensorsEntry& entry) {
  const auto refuse = [&](const char* why) {
    fail(source.name, ": tensor \"", entry.name, "\": ", why, ": it is ", entry.dtype->name, " of ",
         IntArrayRef(entry.sizes));
  };
  uint64_t bits = entry.dtype->bits;
  for (const int64_t size : entry.sizes)
    if (__builtin_mul_overflow(bits, static_cast<uint64_t>(size), &bits)) refuse("the size overflows");
  if (bits % 8 != 0) refuse("it does not end with a byte");
  return bits / 8;
}

void check_places(const Source& source, SafetensorsHeader& header, uint64_t start) {
  const uint64_t size = source.bytes.size() - start;
  std::vector<SafetensorsEntry*> sorted;
  for (SafetensorsEntry& entry : header.entries) sorted.push_back(&entry);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  uint64_t at = 0;
  for (SafetensorsEntry* entry : sorted) {
    const auto refuse = [&](const auto&... why) {
      fail(source.name, ": tensor \"", entry->name, "\": data_offsets [", entry->begin, ", ", entry->end,
           "] ", why...);
    };
    if (entry->end < entry->begin) refuse("end before they begin");
    if (entry->end > size) refuse("lie behind the end of the ", size, " bytes of data");
    if (entry->begin < at) refuse("overlap with those of another tensor");
    if (entry->begin > at) refuse("leave a hole: what stands before ends at ", at);
    const uint64_t wanted = bytes_of(source, *entry);
    if (entry->end - entry->begin != wanted)
      refuse("are ", entry->end - entry->begin, " bytes, and ", entry->dtype->name, " of ",
             IntArrayRef(entry->sizes), " has ", wanted);
    at = entry->end;
    entry->begin += start;
    entry->end += start;
  }
  if (at != size) source.fail_at(start + at, size - at, " bytes belong to no tensor");
}

}  // namespace

const SafetensorsDtype* find_safetensors_dtype(std::string_view name) {
  const auto* found =
      std::find_if(kDtypes.begin(), kDtypes.end(), [&](const auto& d) { return name == d.name; });
  return found == kDtypes.end() ? nullptr : &*found;
}

const SafetensorsDtype& safetensors_dtype(ScalarType dtype) {
  return *std::find_if(kDtypes.begin(), kDtypes.end(), [&](const auto& d) { return d.dtype == dtype; });
}

SafetensorsHeader read_safetensors_header(const Source& source) {
  Cursor in(source);
  const auto length = in.get<uint64_t>();
  if (length > kLargestHeader)
    source.fail_at(0, "this is no safetensors file: its header would have ", length, " bytes");
  const std::string_view text = in.bytes(length);
  if (text.substr(0, 1) != "{") source.fail_at(sizeof(length), "the header must begin with {");
  SafetensorsHeader header;
  HeaderEvents events(source, header);
  json::sax_parse(text, &events);
  check_places(source, header, in.position());
  return header;
}

std::vector<std::string> read_safetensors_index(const Source& source) {
  IndexEvents events(source);
  json::sax_parse(source.bytes, &events);
  XGRAD_CHECK(!events.files.empty(), source.name, ": there is no weight_map that names files");
  return events.files;
}

}  // namespace xgrad::io
