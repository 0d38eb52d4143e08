// All optimizers.
#pragma once

#include <xgrad/optim/adadelta.h>
#include <xgrad/optim/adafactor.h>
#include <xgrad/optim/adagrad.h>
#include <xgrad/optim/adam.h>
#include <xgrad/optim/adamax.h>
#include <xgrad/optim/adamw.h>
#include <xgrad/optim/asgd.h>
#include <xgrad/optim/lbfgs.h>
#include <xgrad/optim/muon.h>
#include <xgrad/optim/nadam.h>
#include <xgrad/optim/optimizer.h>
#include <xgrad/optim/radam.h>
#include <xgrad/optim/rmsprop.h>
#include <xgrad/optim/rprop.h>
#include <xgrad/optim/sgd.h>
