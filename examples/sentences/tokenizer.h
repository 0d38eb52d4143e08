// Text as BERT's uncased vocabularies number it.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

/// The lines of a file of UTF-8 that have something in them.
std::vector<std::string> read_lines(const std::string& path);

/// WordPiece: words in small letters without accents, each cut into the longest pieces that the vocabulary
/// has, from the left. Knows the accents of Western European languages; other letters stay as they are.
class Tokenizer {
 public:
  /// The file has a token in each line. Throws InputError when there is none for what no vocabulary can do
  /// without.
  explicit Tokenizer(const std::string& path);

  /// The numbers of a sentence's tokens between those of its begin and end, at most `most` in all.
  std::vector<int64_t> operator()(const std::string& sentence, size_t most) const;

 private:
  void append_pieces(const std::string& word, std::vector<int64_t>& ids) const;

  std::unordered_map<std::string, int64_t> numbers_;
};
