#include "tokenizer.h"

#include <cctype>
#include <sstream>

#include <xgrad/data/readers/text.h>

#include "common/input.h"
#include "common/terminal.h"

namespace {

/// The character of UTF-8 that begins at `at`, and how many bytes it has.
std::pair<uint32_t, size_t> character(const std::string& text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1};
  const size_t bytes = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  uint32_t code = lead & (0x7Fu >> bytes);
  for (size_t i = 1; i < bytes; ++i) code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
  return {code, bytes};
}

bool is_space(uint32_t c) { return c <= 0x20 || c == 0x7F || c == 0xA0; }

/// Punctuation, and the Chinese characters, each of which is a word.
bool stands_alone(uint32_t c) {
  if (c < 0x80) return std::ispunct(static_cast<int>(c)) != 0;
  if (c < 0x100)
    return std::string("\xA1\xA7\xAB\xB6\xB7\xBB\xBF").find(static_cast<char>(c)) != std::string::npos;
  const bool punctuation =
      (c >= 0x2010 && c <= 0x205E && c != 0x2028 && c != 0x2029 && c != 0x202F && c != 0x2044) ||
      (c >= 0x3001 && c <= 0x3003) || (c >= 0x3008 && c <= 0x3011);
  return punctuation || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) ||
         (c >= 0xF900 && c <= 0xFAFF);
}

/// A small letter without its accent, of Western European alphabets; others stay as they are.
std::string plain(const std::string& text, uint32_t c) {
  static const std::string letters = "aaaaaa.ceeeeiiii.nooooo..uuuuy..";  // from U+00C0 and from U+00E0 on
  if (c < 0x80) return {static_cast<char>(std::tolower(static_cast<int>(c)))};
  if (c < 0xC0 || c > 0xFF) return text;
  if (c == 0xFF) return "y";
  if (letters[c & 0x1F] != '.') return {letters[c & 0x1F]};
  return c < 0xDF && c != 0xD7 ? std::string{text[0], static_cast<char>(text[1] + 0x20)} : text;
}

std::vector<std::string> words(const std::string& sentence) {
  std::vector<std::string> result;
  bool begins = true;
  for (size_t at = 0; at < sentence.size();) {
    const auto [code, bytes] = character(sentence, at);
    const bool space = is_space(code), alone = stands_alone(code);
    if (!space && (begins || alone)) result.emplace_back();
    if (!space) result.back() += plain(sentence.substr(at, bytes), code);
    begins = space || alone;
    at += bytes;
  }
  return result;
}

}  // namespace

std::vector<std::string> read_lines(const std::string& path) {
  std::istringstream in(xgrad::data::read_text(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

Tokenizer::Tokenizer(const std::string& path) {
  for (const auto& token : read_lines(path)) numbers_.emplace(token, static_cast<int64_t>(numbers_.size()));
  for (const char* token : {"[CLS]", "[SEP]", "[UNK]"})
    if (numbers_.count(token) == 0) throw InputError(printable(path, 4096) + ": has no " + token);
}

std::vector<int64_t> Tokenizer::operator()(const std::string& sentence, size_t most) const {
  std::vector<int64_t> ids{numbers_.at("[CLS]")};
  for (const auto& word : words(sentence)) append_pieces(word, ids);
  if (ids.size() >= most) ids.resize(most - 1);
  ids.push_back(numbers_.at("[SEP]"));
  return ids;
}

void Tokenizer::append_pieces(const std::string& word, std::vector<int64_t>& ids) const {
  const size_t before = ids.size();
  for (size_t at = 0; at < word.size();) {
    size_t bytes = word.size() - at;
    const auto find = [&] { return numbers_.find((at > 0 ? "##" : "") + word.substr(at, bytes)); };
    auto piece = find();
    while (piece == numbers_.end() && --bytes > 0) piece = find();
    if (bytes == 0 || length(word) > 100) {
      ids.resize(before);
      ids.push_back(numbers_.at("[UNK]"));
      return;
    }
    ids.push_back(piece->second);
    at += bytes;
  }
}
