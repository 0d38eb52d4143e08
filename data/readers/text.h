// Text as numbers, by character or by byte.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::data {

/// All of a file, which must be UTF-8; Error names the file and the byte that is not.
XGRAD_API std::string read_text(const std::string& path);

/// The tokens of a text, numbered from 0.
class XGRAD_API Vocabulary {
 public:
  /// The characters (code points of UTF-8) that occur in `text`, in their order.
  static Vocabulary characters(const std::string& text);
  /// The 256 bytes.
  static Vocabulary bytes();

  int64_t size() const { return static_cast<int64_t>(tokens_.size()); }
  const std::string& token(int64_t index) const;
  /// The numbers of the text's tokens, int64 [tokens]. Error for a token that is not in the vocabulary.
  Tensor encode(const std::string& text) const;
  /// The text of such numbers, whatever their shape.
  std::string decode(const Tensor& indices) const;

 private:
  Vocabulary(std::vector<std::string> tokens, bool of_bytes);

  std::vector<std::string> tokens_;
  std::unordered_map<std::string, int64_t> index_;
  bool of_bytes_;
};

}  // namespace xgrad::data
