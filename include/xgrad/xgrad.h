// Everything xgrad offers. What brings in xtensor stands apart, in <xgrad/xtensor.h>.
#pragma once

#include <xgrad/core/autograd/engine.h>
#include <xgrad/core/autograd/function.h>
#include <xgrad/core/autograd/grad_mode.h>
#include <xgrad/core/autograd/gradcheck.h>
#include <xgrad/core/autograd/node.h>
#include <xgrad/core/ops/arithmetic.h>
#include <xgrad/core/ops/compare.h>
#include <xgrad/core/ops/copy.h>
#include <xgrad/core/ops/indexing.h>
#include <xgrad/core/ops/join.h>
#include <xgrad/core/ops/math.h>
#include <xgrad/core/ops/products.h>
#include <xgrad/core/ops/random.h>
#include <xgrad/core/ops/reduce.h>
#include <xgrad/core/ops/softmax.h>
#include <xgrad/core/ops/views.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/generator.h>
#include <xgrad/core/tensor/indexing.h>
#include <xgrad/core/tensor/printing.h>
#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/types/parallel.h>
#include <xgrad/graph/explain.h>
