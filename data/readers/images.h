// Pictures with labels from the files in which they are published.
#pragma once

#include <string>

#include <xgrad/data/datasets.h>

namespace xgrad::data::datasets {

/// Pictures [n, channels, height, width] from 0 to 1 in float, and targets [n] in int64, in memory.
template <class Self>
class ImageDataset : public Dataset<Self> {
 public:
  enum class Mode { kTrain, kTest };
  Example<> get(std::size_t index) override { return {images_[index], targets_[index]}; }
  optional<std::size_t> size() const override { return static_cast<std::size_t>(images_.size(0)); }
  bool is_train() const { return mode_ == Mode::kTrain; }
  const Tensor& images() const { return images_; }
  const Tensor& targets() const { return targets_; }

 protected:
  explicit ImageDataset(Mode mode) : mode_(mode) {}

  Mode mode_;
  Tensor images_, targets_;
};

/// Handwritten digits (or Fashion-MNIST) from the files of http://yann.lecun.com/exdb/mnist in a folder:
/// train-images-idx3-ubyte or train-images.idx3-ubyte and so on, or the same with .gz.
class XGRAD_API MNIST : public ImageDataset<MNIST> {
 public:
  explicit MNIST(const std::string& root, Mode mode = Mode::kTrain);
};

/// Pictures of ten kinds of things, [n, 3, 32, 32], from data_batch_1.bin to data_batch_5.bin and
/// test_batch.bin of https://www.cs.toronto.edu/~kriz/cifar.html, in a folder or in cifar-10-batches-bin
/// below.
class XGRAD_API CIFAR10 : public ImageDataset<CIFAR10> {
 public:
  explicit CIFAR10(const std::string& root, Mode mode = Mode::kTrain);
};

/// The same of a hundred kinds, from train.bin and test.bin, in a folder or in cifar-100-binary below. The
/// targets are the kinds, or, with `coarse`, the twenty groups of them.
class XGRAD_API CIFAR100 : public ImageDataset<CIFAR100> {
 public:
  explicit CIFAR100(const std::string& root, Mode mode = Mode::kTrain, bool coarse = false);
};

}  // namespace xgrad::data::datasets
