// Files and folders of pictures, and their channels; the formats are in png.cpp and jpeg.cpp.
#include <xgrad/data/readers/image_files.h>

#include <algorithm>
#include <filesystem>

#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/data/readers/image_formats.h>
#include <xgrad/io/file.h>

namespace xgrad::data {

namespace fs = std::filesystem;

namespace {

// As Pillow: the weights of ITU-R 601-2 in 16 bits.
Tensor to_gray(const Tensor& rgb) {
  const Tensor weights = tensor({19595, 38470, 7471}, kInt);
  return rgb.to(kInt).mul(weights).sum(IntArrayRef{2}, true).add(0x8000).floor_divide(0x10000).to(kByte);
}

Tensor with_channels(const Tensor& pixels, ImageReadMode mode) {
  if (mode == ImageReadMode::kUnchanged) return pixels;
  const int64_t channels = pixels.size(2), colors = channels > 2 ? 3 : 1;
  const bool wants_colors = mode == ImageReadMode::kRGB || mode == ImageReadMode::kRGBAlpha;
  const bool wants_alpha = mode == ImageReadMode::kGrayAlpha || mode == ImageReadMode::kRGBAlpha;
  Tensor result = pixels.narrow(2, 0, colors);
  if (wants_colors && colors == 1) result = result.expand({-1, -1, 3});
  if (!wants_colors && colors == 3) result = to_gray(result);
  if (!wants_alpha) return result;
  const Tensor alpha =
      channels > colors ? pixels.narrow(2, colors, 1) : full({pixels.size(0), pixels.size(1), 1}, 255, kByte);
  return cat({result, alpha}, 2);
}

bool is_picture(const fs::path& path) {
  std::string end = path.extension().string();
  for (char& c : end) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return end == ".png" || end == ".jpg" || end == ".jpeg";
}

// The pictures below a folder, by folders and then by names.
std::vector<std::string> pictures_below(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry :
       fs::recursive_directory_iterator(folder, fs::directory_options::follow_directory_symlink))
    if (entry.is_regular_file() && is_picture(entry.path())) found.push_back(entry.path());
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) {
    const std::string in = a.parent_path().string(), other = b.parent_path().string();
    return in != other ? in < other : a.filename().string() < b.filename().string();
  });
  std::vector<std::string> paths;
  for (const fs::path& path : found) paths.push_back(path.string());
  return paths;
}

}  // namespace

Tensor read_image(const std::string& path, ImageReadMode mode) {
  const io::MappedFile file("read_image", path);
  const io::Source& source = file.source();
  const bool png = is_png(source.bytes);
  if (!png && !is_jpeg(source.bytes)) source.fail_at(0, "this is neither PNG nor JPEG");
  return with_channels(png ? decode_png(source) : decode_jpeg(source), mode).permute({2, 0, 1}).contiguous();
}

namespace datasets {

ImageFolder::ImageFolder(const std::string& root, ImageReadMode mode) : mode_(mode) {
  const std::string name = "ImageFolder: " + io::absolute_path(root);
  Found found;
  try {
    XGRAD_CHECK(fs::is_directory(root), name, ": there is no such folder");
    for (const auto& entry : fs::directory_iterator(root))
      if (entry.is_directory()) found.classes.push_back(entry.path().filename().string());
    XGRAD_CHECK(!found.classes.empty(), name, ": there is no folder of a class in it");
    std::sort(found.classes.begin(), found.classes.end());
    for (const std::string& of : found.classes) {
      const auto number = static_cast<int64_t>(found.class_to_idx.size());
      found.class_to_idx.emplace(of, number);
      const std::vector<std::string> paths = pictures_below(fs::path(root) / of);
      XGRAD_CHECK(!paths.empty(), name, ": the class '", of, "' has no .png, .jpg or .jpeg");
      for (const std::string& path : paths) found.samples.emplace_back(path, number);
    }
  } catch (const fs::filesystem_error& error) {
    fail(name, ": ", error.what());
  }
  found_ = std::make_shared<const Found>(std::move(found));
}

Example<> ImageFolder::get(std::size_t index) {
  XGRAD_CHECK_AS(IndexError, index < found_->samples.size(), "ImageFolder: index ", index,
                 " is out of range: there are ", found_->samples.size(), " pictures");
  const auto& [path, number] = found_->samples[index];
  return {read_image(path, mode_), tensor(number, kLong)};
}

}  // namespace datasets
}  // namespace xgrad::data
