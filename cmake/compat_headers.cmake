# The other names under which LibTorch's parts are included: each gives everything.
set(forwarded
  ATen/ATen.h ATen/Context.h ATen/Functions.h ATen/Parallel.h ATen/Tensor.h ATen/TensorIndexing.h ATen/core/Tensor.h
  c10/core/Device.h c10/core/ScalarType.h c10/core/TensorOptions.h c10/util/ArrayRef.h c10/util/Exception.h
  c10/util/Optional.h c10/util/SmallVector.h c10/util/StringUtil.h c10/util/irange.h c10/util/string_view.h
  torch/all.h torch/autograd.h torch/cuda.h torch/data.h torch/data/dataloader.h torch/data/datasets.h
  torch/data/datasets/mnist.h torch/data/example.h torch/data/samplers.h torch/data/transforms.h torch/enum.h
  torch/expanding_array.h torch/nn.h torch/nn/cloneable.h torch/nn/functional.h torch/nn/functional/activation.h
  torch/nn/init.h torch/nn/module.h torch/nn/modules.h torch/nn/modules/activation.h torch/nn/modules/batchnorm.h
  torch/nn/modules/common.h torch/nn/modules/container/modulelist.h torch/nn/modules/container/sequential.h
  torch/nn/modules/conv.h torch/nn/modules/dropout.h torch/nn/modules/embedding.h torch/nn/modules/linear.h
  torch/nn/modules/loss.h torch/nn/modules/normalization.h torch/nn/modules/pooling.h torch/nn/modules/rnn.h
  torch/nn/modules/transformer.h torch/nn/options.h torch/nn/pimpl.h torch/nn/utils.h torch/nn/utils/clip_grad.h
  torch/optim.h torch/optim/adam.h torch/optim/adamw.h torch/optim/optimizer.h torch/optim/rmsprop.h
  torch/optim/sgd.h torch/ordered_dict.h torch/script.h torch/serialize.h torch/types.h torch/utils.h
  torch/csrc/autograd/custom_function.h torch/csrc/autograd/function.h torch/csrc/autograd/variable.h
  torch/nn/modules/container/any.h torch/nn/modules/container/functional.h torch/nn/modules/container/moduledict.h
  torch/optim/adagrad.h torch/optim/lbfgs.h torch/optim/schedulers/lr_scheduler.h torch/optim/schedulers/step_lr.h
  torch/optim/serialize.h torch/serialize/archive.h)
foreach(header IN LISTS forwarded)
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/compat/${header}" CONTENT "#pragma once\n\n#include <torch/compat.h>\n" @ONLY)
endforeach()
