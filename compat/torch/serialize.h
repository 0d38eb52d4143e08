#pragma once

#include <torch/compat.h>
