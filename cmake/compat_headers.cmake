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
  torch/optim/serialize.h torch/serialize/archive.h
  torch/arg.h torch/data/dataloader/base.h torch/data/dataloader/stateful.h torch/data/dataloader/stateless.h
  torch/data/dataloader_options.h torch/data/datasets/base.h torch/data/datasets/chunk.h torch/data/datasets/map.h
  torch/data/datasets/shared.h torch/data/datasets/stateful.h torch/data/datasets/tensor.h torch/data/iterator.h
  torch/data/samplers/base.h torch/data/samplers/custom_batch_request.h torch/data/samplers/distributed.h
  torch/data/samplers/random.h torch/data/samplers/sequential.h torch/data/samplers/serialize.h
  torch/data/samplers/stream.h torch/data/transforms/base.h torch/data/transforms/collate.h
  torch/data/transforms/lambda.h torch/data/transforms/stack.h torch/data/transforms/tensor.h
  torch/data/worker_exception.h torch/linalg.h torch/nn/functional/batchnorm.h torch/nn/functional/conv.h
  torch/nn/functional/distance.h torch/nn/functional/dropout.h torch/nn/functional/embedding.h
  torch/nn/functional/fold.h torch/nn/functional/instancenorm.h torch/nn/functional/linear.h
  torch/nn/functional/loss.h torch/nn/functional/normalization.h torch/nn/functional/padding.h
  torch/nn/functional/pixelshuffle.h torch/nn/functional/pooling.h torch/nn/functional/upsampling.h
  torch/nn/functional/vision.h torch/nn/modules/_functions.h torch/nn/modules/adaptive.h
  torch/nn/modules/container/any_module_holder.h torch/nn/modules/container/any_value.h
  torch/nn/modules/container/named_any.h torch/nn/modules/container/parameterdict.h
  torch/nn/modules/container/parameterlist.h torch/nn/modules/distance.h torch/nn/modules/fold.h
  torch/nn/modules/instancenorm.h torch/nn/modules/padding.h torch/nn/modules/pixelshuffle.h
  torch/nn/modules/transformercoder.h torch/nn/modules/transformerlayer.h torch/nn/modules/upsampling.h
  torch/nn/modules/utils.h torch/nn/options/activation.h torch/nn/options/adaptive.h torch/nn/options/batchnorm.h
  torch/nn/options/conv.h torch/nn/options/distance.h torch/nn/options/dropout.h torch/nn/options/embedding.h
  torch/nn/options/fold.h torch/nn/options/instancenorm.h torch/nn/options/linear.h torch/nn/options/loss.h
  torch/nn/options/normalization.h torch/nn/options/padding.h torch/nn/options/pixelshuffle.h
  torch/nn/options/pooling.h torch/nn/options/rnn.h torch/nn/options/transformer.h torch/nn/options/transformercoder.h
  torch/nn/options/transformerlayer.h torch/nn/options/upsampling.h torch/nn/options/vision.h torch/nn/pimpl-inl.h
  torch/nn/utils/convert_parameters.h torch/nn/utils/rnn.h torch/serialize/input-archive.h
  torch/serialize/output-archive.h torch/serialize/tensor.h torch/special.h torch/version.h ATen/ArrayRef.h
  ATen/CPUGeneratorImpl.h ATen/Device.h ATen/Generator.h ATen/Layout.h ATen/Scalar.h ATen/ScalarType.h ATen/Storage.h
  ATen/TensorAccessor.h ATen/TensorOperators.h ATen/TensorOptions.h ATen/Utils.h ATen/core/Dict.h
  ATen/core/Formatting.h ATen/core/Generator.h ATen/core/List.h ATen/core/Scalar.h ATen/core/TensorAccessor.h
  ATen/core/TensorBody.h ATen/core/grad_mode.h ATen/core/ivalue.h c10/core/DefaultDtype.h c10/core/DeviceType.h
  c10/core/GradMode.h c10/core/InferenceMode.h c10/core/Layout.h c10/core/MemoryFormat.h c10/core/Scalar.h
  c10/core/Storage.h c10/macros/Export.h c10/macros/Macros.h c10/util/BFloat16.h c10/util/DimVector.h c10/util/Half.h
  c10/util/OptionalArrayRef.h c10/util/accumulate.h c10/util/typeid.h c10/util/variant.h
  torch/csrc/autograd/InferenceMode.h torch/csrc/autograd/anomaly_mode.h torch/csrc/autograd/autograd.h
  torch/csrc/autograd/edge.h torch/csrc/autograd/engine.h torch/csrc/autograd/function_hook.h
  torch/csrc/autograd/generated/variable_factories.h torch/csrc/autograd/grad_mode.h
  torch/csrc/autograd/saved_variable.h)
foreach(header IN LISTS forwarded)
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/compat/${header}" CONTENT "#pragma once\n\n#include <torch/compat.h>\n" @ONLY)
endforeach()
