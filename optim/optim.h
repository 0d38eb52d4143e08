// All optimizers.
#pragma once

#include <xgrad/optim/adam.h>
#include <xgrad/optim/adamw.h>
#include <xgrad/optim/optimizer.h>
#include <xgrad/optim/sgd.h>
