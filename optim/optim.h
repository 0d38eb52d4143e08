// All optimizers and schedulers.
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
#include <xgrad/optim/schedulers/cyclic_lr.h>
#include <xgrad/optim/schedulers/decay.h>
#include <xgrad/optim/schedulers/lambda_lr.h>
#include <xgrad/optim/schedulers/reduce_on_plateau_scheduler.h>
#include <xgrad/optim/schedulers/sequential_lr.h>
#include <xgrad/optim/schedulers/swalr.h>
#include <xgrad/optim/sgd.h>
