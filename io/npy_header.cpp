// A dictionary of Python with three keys, of which just what NumPy writes is understood.
#include <xgrad/io/npy_header.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace xgrad::io {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kLongestHeader = 10'000;  // that of NumPy
constexpr std::size_t kMostDimensions = 64;     // those of NumPy

struct Described {
  ScalarType dtype;
  std::string_view text;  // without the byte order
};
constexpr std::array<Described, 9> kDescribed{{{kFloat, "f4"},
                                               {kDouble, "f8"},
                                               {kHalf, "f2"},
                                               {kLong, "i8"},
                                               {kInt, "i4"},
                                               {kShort, "i2"},
                                               {kChar, "i1"},
                                               {kByte, "u1"},
                                               {kBool, "b1"}}};

class Parser {
 public:
  Parser(const Source& source, Cursor& in, std::string_view text)
      : source_(source), start_(in.position() - text.size()), text_(text) {}

  NpyHeader parse() {
    NpyHeader header;
    expect('{');
    bool seen[3] = {};
    while (!accept('}')) {
      const std::string_view key = quoted();
      const int which = key == "descr" ? 0 : key == "fortran_order" ? 1 : key == "shape" ? 2 : -1;
      if (which < 0 || seen[which]) fail("the key '", std::string(key.substr(0, 60)), "' has no place here");
      seen[which] = true;
      expect(':');
      if (which == 0) description(header);
      if (which == 1) header.fortran = boolean();
      if (which == 2) shape(header.sizes);
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_blanks();
    if (at_ != text_.size()) fail("there is more behind the dictionary");
    if (!(seen[0] && seen[1] && seen[2])) fail("descr, fortran_order or shape is missing");
    return header;
  }

 private:
  template <class... A>
  [[noreturn]] void fail(const A&... what) const {
    source_.fail_at(start_ + at_, "the header of the array: ", what...);
  }
  void skip_blanks() {
    while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_])) ++at_;
  }
  bool accept(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail("there must be a '", c, "' here");
  }
  std::string_view quoted() {
    skip_blanks();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    const std::size_t end =
        quote == '\'' || quote == '"' ? text_.find(quote, at_ + 1) : std::string_view::npos;
    if (end == std::string_view::npos) fail("there must be a text in quotes here");
    const std::string_view result = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return result;
  }
  bool boolean() {
    skip_blanks();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(at_, word.size()) != word) continue;
      at_ += word.size();
      return value;
    }
    fail("there must be True or False here");
  }
  void shape(DimVector& sizes) {
    expect('(');
    while (!accept(')')) {
      skip_blanks();
      int64_t size = -1;
      const auto [end, code] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), size);
      if (code != std::errc() || size < 0) fail("there must be a size here");
      if (sizes.size() == kMostDimensions) fail("there are more than ", kMostDimensions, " dimensions");
      at_ = static_cast<std::size_t>(end - text_.data());
      if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // Python 2
      sizes.push_back(size);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
  }
  void description(NpyHeader& header) {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '[') unknown("of records");
    const std::string_view text = quoted();
    const char order = text.empty() ? '?' : text[0];
    const bool has_order = std::strchr("<>|=", order) && order != '\0';
    header.dtype = npy_dtype(text.substr(has_order ? 1 : 0));
    if (header.dtype == ScalarType::Undefined) unknown("'" + std::string(text.substr(0, 60)) + "'");
    header.swapped = order == '>' && element_size(header.dtype) > 1;
  }
  [[noreturn]] void unknown(const std::string& what) const {
    xgrad::fail<TypeError>(source_.name, ": at byte ", source_.start + start_ + at_,
                           ": xgrad has no dtype for NumPy's ", what);
  }

  const Source& source_;
  uint64_t start_;
  std::string_view text_;
  std::size_t at_ = 0;
};

void check_length(const Source& source, const NpyHeader& header) {
  uint64_t bytes = element_size(header.dtype);
  const uint64_t there = source.bytes.size() - header.data;
  for (const int64_t size : header.sizes)
    if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes))
      source.fail_at(header.data, "the size overflows: it is ", IntArrayRef(header.sizes));
  if (bytes != there)
    source.fail_at(header.data, "there are ", there, " bytes, and ", header.dtype, " of ",
                   IntArrayRef(header.sizes), " has ", bytes);
}

}  // namespace

ScalarType npy_dtype(std::string_view text) {
  for (const auto& [dtype, name] : kDescribed)
    if (text == name) return dtype;
  return ScalarType::Undefined;
}

DimVector npy_strides(IntArrayRef sizes, bool fortran) {
  if (!fortran) return contiguous_strides(sizes);
  DimVector strides(sizes);
  int64_t stride = 1;
  for (std::size_t d = 0; d < sizes.size(); ++d) {
    strides[d] = stride;
    stride *= std::max<int64_t>(sizes[d], 1);
  }
  return strides;
}

NpyHeader read_npy_header(const Source& source) {
  Cursor in(source);
  if (source.bytes.substr(0, kMagic.size()) != kMagic) in.fail("this is no .npy file of NumPy");
  in.skip(kMagic.size());
  const int major = in.get<uint8_t>(), minor = in.get<uint8_t>();
  if (major < 1 || major > 3 || minor != 0) in.fail("version ", major, ".", minor, " is not known");
  const uint64_t length = major == 1 ? in.get<uint16_t>() : in.get<uint32_t>();
  if (length > kLongestHeader) in.fail("the header would have ", length, " bytes");
  const std::string_view text = in.bytes(length);
  NpyHeader header = Parser(source, in, text).parse();
  header.data = in.position();
  check_length(source, header);
  return header;
}

std::string npz_array_name(std::string entry) {
  const std::string_view ending = ".npy";
  if (entry.size() >= ending.size() && entry.substr(entry.size() - ending.size()) == ending)
    entry.resize(entry.size() - ending.size());
  return entry;
}

std::string npy_header(ScalarType dtype, bool fortran, IntArrayRef sizes) {
  std::string_view described;
  for (const Described& known : kDescribed)
    if (known.dtype == dtype) described = known.text;
  XGRAD_CHECK_AS(TypeError, !described.empty(), "save_npy: NumPy has no dtype ", dtype,
                 "; convert it: to(kFloat)");
  std::string shape;
  for (const int64_t size : sizes) shape += (shape.empty() ? "" : ", ") + std::to_string(size);
  if (sizes.size() == 1) shape += ",";
  std::string text = concat("{'descr': '", element_size(dtype) == 1 ? '|' : '<', std::string(described),
                            "', 'fortran_order': ", fortran, ", 'shape': (", shape, "), }");
  const std::size_t fixed = kMagic.size() + 4;  // version and length
  text.append(63 - (fixed + text.size()) % 64, ' ');
  text += '\n';
  std::string header(kMagic);
  header += {1, 0};
  put(header, static_cast<uint16_t>(text.size()));
  return header + text;
}

}  // namespace xgrad::io
