// Files, all of it.
#pragma once

#include <xgrad/io/archive.h>
#include <xgrad/io/checkpoint.h>
#include <xgrad/io/inspect.h>
#include <xgrad/io/npy.h>
#include <xgrad/io/safetensors.h>
#include <xgrad/io/serialize.h>
