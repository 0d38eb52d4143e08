// The options of all layers, losses and functionals.
#pragma once

#include <xgrad/nn/options/activation.h>
#include <xgrad/nn/options/adaptive_softmax.h>
#include <xgrad/nn/options/conv.h>
#include <xgrad/nn/options/distance.h>
#include <xgrad/nn/options/dropout.h>
#include <xgrad/nn/options/embedding.h>
#include <xgrad/nn/options/image.h>
#include <xgrad/nn/options/linear.h>
#include <xgrad/nn/options/loss.h>
#include <xgrad/nn/options/norm.h>
#include <xgrad/nn/options/pool.h>
#include <xgrad/nn/options/rnn.h>
#include <xgrad/nn/options/transformer.h>
