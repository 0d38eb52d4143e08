// All optimizers.
#pragma once

#include <xgrad/optim/optimizer.h>
#include <xgrad/optim/sgd.h>
