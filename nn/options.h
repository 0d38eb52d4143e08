// The options of all layers, losses and functionals.
#pragma once

#include <xgrad/nn/options/activation.h>
#include <xgrad/nn/options/conv.h>
#include <xgrad/nn/options/dropout.h>
#include <xgrad/nn/options/image.h>
#include <xgrad/nn/options/linear.h>
#include <xgrad/nn/options/loss.h>
#include <xgrad/nn/options/pool.h>
