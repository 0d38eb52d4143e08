// All of nn: modules, containers, layers, losses, functionals, initial values.
#pragma once

#include <xgrad/core/types/ordered_dict.h>
#include <xgrad/nn/any_module.h>
#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/containers/functional.h>
#include <xgrad/nn/containers/module_dict.h>
#include <xgrad/nn/containers/module_list.h>
#include <xgrad/nn/containers/parameters.h>
#include <xgrad/nn/containers/sequential.h>
#include <xgrad/nn/enum.h>
#include <xgrad/nn/expanding_array.h>
#include <xgrad/nn/functional.h>
#include <xgrad/nn/init.h>
#include <xgrad/nn/layers/activation.h>
#include <xgrad/nn/layers/conv.h>
#include <xgrad/nn/layers/dropout.h>
#include <xgrad/nn/layers/image.h>
#include <xgrad/nn/layers/linear.h>
#include <xgrad/nn/layers/loss.h>
#include <xgrad/nn/layers/pool.h>
#include <xgrad/nn/module.h>
#include <xgrad/nn/module_holder.h>
#include <xgrad/nn/options.h>
#include <xgrad/nn/swa_utils.h>
#include <xgrad/nn/utils/clip_grad.h>
#include <xgrad/nn/utils/convert_parameters.h>
