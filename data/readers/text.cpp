#include <xgrad/data/readers/text.h>

#include <set>

#include <xgrad/core/tensor/creation.h>
#include <xgrad/io/file.h>

namespace xgrad::data {

namespace {

// The length of the character of UTF-8 that begins here; 0: there is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  if (length < 3) return length;
  // What is written longer than it need be, surrogates, and what lies behind the last character.
  const unsigned second = byte(1);
  const bool wrong = (first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) ||
                     (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90);
  return wrong ? 0 : length;
}

template <class Take>
void for_each_character(const io::Source& source, Take&& take) {
  for (std::size_t at = 0; at < source.bytes.size();) {
    const std::size_t length = character_length(source.bytes.substr(at));
    if (length == 0) source.fail_at(at, "this is no UTF-8");
    take(source.bytes.substr(at, length));
    at += length;
  }
}

}  // namespace

std::string read_text(const std::string& path) {
  const io::MappedFile file("read_text", path);
  for_each_character(file.source(), [](std::string_view) {});
  return std::string(file.source().bytes);
}

Vocabulary::Vocabulary(std::vector<std::string> tokens, bool of_bytes)
    : tokens_(std::move(tokens)), of_bytes_(of_bytes) {
  for (std::size_t i = 0; i < tokens_.size(); ++i) index_.emplace(tokens_[i], static_cast<int64_t>(i));
}

Vocabulary Vocabulary::characters(const std::string& text) {
  std::set<std::string_view> found;
  for_each_character({text, "Vocabulary"}, [&](std::string_view c) { found.insert(c); });
  return Vocabulary(std::vector<std::string>(found.begin(), found.end()), false);
}

Vocabulary Vocabulary::bytes() {
  std::vector<std::string> tokens;
  for (int i = 0; i < 256; ++i) tokens.emplace_back(1, static_cast<char>(i));
  return Vocabulary(std::move(tokens), true);
}

const std::string& Vocabulary::token(int64_t index) const {
  XGRAD_CHECK_AS(IndexError, index >= 0 && index < size(), "Vocabulary: there is no token ", index, " of ",
                 size());
  return tokens_[static_cast<std::size_t>(index)];
}

Tensor Vocabulary::encode(const std::string& text) const {
  std::vector<int64_t> indices;
  const io::Source source{text, "Vocabulary"};
  const auto add = [&](std::string_view token) {
    const auto found = index_.find(std::string(token));
    if (found == index_.end())
      source.fail_at(static_cast<uint64_t>(token.data() - text.data()), "\"", std::string(token),
                     "\" is not in the vocabulary");
    indices.push_back(found->second);
  };
  if (of_bytes_)
    for (std::size_t i = 0; i < text.size(); ++i) add(source.bytes.substr(i, 1));
  else
    for_each_character(source, add);
  return tensor(indices, kLong);
}

std::string Vocabulary::decode(const Tensor& indices) const {
  const Tensor flat = indices.to(kLong).contiguous();
  const int64_t* const first = flat.data_ptr<int64_t>();
  std::string text;
  for (int64_t i = 0; i < flat.numel(); ++i) text += token(first[i]);
  return text;
}

}  // namespace xgrad::data
