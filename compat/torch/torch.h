// LibTorch's header of everything, over xgrad.
#pragma once

#include <torch/compat.h>
