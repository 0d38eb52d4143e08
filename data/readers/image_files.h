// Pictures in files: PNG and JPEG, one by one or in folders by their class.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/data/datasets.h>

namespace xgrad::data {

/// Which channels a picture gets: those of the file, or gray or colours, without or with opacity.
enum class ImageReadMode { kUnchanged, kGray, kGrayAlpha, kRGB, kRGBAlpha };

/// The pixels of a PNG or JPEG file, [channels, height, width] in uint8. 16-bit channels are scaled to 8, of
/// palettes come the colours; opacity is added or left out, never blended in. Error, with the file and the
/// byte, for a broken one, one of more than 178 million pixels, and where libpng or libjpeg is missing.
XGRAD_API Tensor read_image(const std::string& path, ImageReadMode mode = ImageReadMode::kUnchanged);

namespace datasets {

/// The pictures (.png, .jpg, .jpeg) below a folder that has a folder for each class, as torchvision's. An
/// example is what `read_image` reads, and the number of the class as int64; classes are numbered, and files
/// of a class come, in the order of their names. Error when there is no class, or one without pictures.
class XGRAD_API ImageFolder : public Dataset<ImageFolder> {
 public:
  explicit ImageFolder(const std::string& root, ImageReadMode mode = ImageReadMode::kRGB);
  Example<> get(std::size_t index) override;
  optional<std::size_t> size() const override { return found_->samples.size(); }

  const std::vector<std::string>& classes() const { return found_->classes; }
  const std::map<std::string, int64_t>& class_to_idx() const { return found_->class_to_idx; }
  /// Paths, with the classes that they are of.
  const std::vector<std::pair<std::string, int64_t>>& samples() const { return found_->samples; }

 private:
  struct Found {
    std::vector<std::string> classes;
    std::map<std::string, int64_t> class_to_idx;
    std::vector<std::pair<std::string, int64_t>> samples;
  };
  std::shared_ptr<const Found> found_;  // by all copies
  ImageReadMode mode_;
};

}  // namespace datasets
}  // namespace xgrad::data
