# Headers that most files of a target read are read once. What is missing in a file shows where CMAKE_DISABLE_PRECOMPILE_HEADERS
# is on, as in the preset clang and for `./dev lint`.

# ccache can reuse what was compiled with a precompiled header only under these.
function(xgrad_cached_precompiled_headers target)
  target_compile_options(${target} PRIVATE
    "$<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>"
    "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()

function(xgrad_precompile_library target)
  xgrad_cached_precompiled_headers(${target})
  target_precompile_headers(${target} PRIVATE <algorithm> <cmath> <cstring> <functional> <memory> <string> <vector>
    <xgrad/core/tensor/creation.h> <xgrad/core/tensor/tensor.h>)
  # Numbers and their kernels come before tensors.
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "^${PROJECT_SOURCE_DIR}/core/(kernels|memory|types)/")
  set_property(SOURCE ${sources} TARGET_DIRECTORY ${target} PROPERTY SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# What all kernels of an instruction set compute with.
function(xgrad_precompile_kernels target)
  xgrad_cached_precompiled_headers(${target})
  target_precompile_headers(${target} PRIVATE <xgrad/core/kernels/simd/vec.h>)
endfunction()
