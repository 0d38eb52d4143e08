# Warnings, sanitizers and the flags that fix what floating-point code means.

# A compiler newer than those CI runs may warn about more; that is shown but stops nobody's build. Nor do warnings in
# sanitized code, where GCC sees accesses out of bounds that are not there.
set(xgrad_werror OFF)
if(XGRAD_WERROR AND NOT XGRAD_SANITIZE)
  if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
     OR (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 15))
    set(xgrad_werror ON)
  endif()
endif()

function(xgrad_warnings target)
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4)
    return()
  endif()
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow)
  if(xgrad_werror)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  # GCC 12 sees overlaps that are not there once std::string is inlined (its bugs 105329 and 105651).
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
endfunction()

# Everything a source of the library itself is compiled with, beside the include paths of the public headers.
function(xgrad_private_build_flags target)
  xgrad_warnings(${target})
  target_include_directories(${target} SYSTEM PRIVATE ${XGRAD_PRIVATE_INCLUDES})
  target_compile_definitions(${target} PRIVATE ${XGRAD_PRIVATE_DEFINITIONS})
  # The same bits on every compiler and every ISA: no fusing of a * b + c behind the programmer's back.
  if(NOT MSVC)
    target_compile_options(${target} PRIVATE -ffp-contract=off)
  endif()
endfunction()

if(XGRAD_SANITIZE)
  add_compile_options(-fsanitize=${XGRAD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${XGRAD_SANITIZE})
endif()
