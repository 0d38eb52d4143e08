# Kernels are compiled once per instruction set and chosen at start.
#
#   xgrad_isa_sources([TARGET <test program>] [BASELINE] file...)
#
# compiles each file for every ISA in XGRAD_ISAS, or for the baseline alone, with -DXGRAD_ISA=<isa> and adds the objects to
# the library, or to a test program. XGRAD_HAVE_AVX2 and XGRAD_HAVE_AVX512 tell their other sources which copies exist.
#
# All code of such a file belongs in `namespace xgrad::kernels::XGRAD_ISA`, and it may emit no inline function of anybody
# else: the linker keeps one copy of those, and could keep the wide one for every machine. The tests
# packaging.isa_symbols_* check the objects.

set(XGRAD_ISAS base)
set(xgrad_isa_flags_base "")
set(xgrad_isa_flags_avx2 -mavx2 -mfma -mf16c)
set(xgrad_isa_flags_avx512 -mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx2 -mfma)
if(MSVC)
  set(xgrad_isa_flags_avx2 /arch:AVX2)
  set(xgrad_isa_flags_avx512 /arch:AVX512)
endif()

set(XGRAD_ISA_DEFINITIONS "")
string(TOLOWER "${CMAKE_SYSTEM_PROCESSOR}" xgrad_processor)
if(XGRAD_WIDE_ISAS AND xgrad_processor MATCHES "^(x86_64|amd64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
  list(APPEND XGRAD_ISAS avx2 avx512)
  list(APPEND XGRAD_ISA_DEFINITIONS XGRAD_HAVE_AVX2 XGRAD_HAVE_AVX512)
endif()
target_compile_definitions(xgrad PRIVATE ${XGRAD_ISA_DEFINITIONS})

# Objects of the library, or of a test program, that have options of their own.
function(xgrad_add_objects target)
  add_library(${target} OBJECT ${ARGN})
  set_target_properties(${target} PROPERTIES
    POSITION_INDEPENDENT_CODE ON
    UNITY_BUILD OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_compile_definitions(${target} PRIVATE $<$<BOOL:${BUILD_SHARED_LIBS}>:XGRAD_SHARED;XGRAD_BUILDING>)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/include" "${PROJECT_BINARY_DIR}/include")
  xgrad_private_build_flags(${target})
endfunction()

function(xgrad_isa_sources)
  cmake_parse_arguments(PARSE_ARGV 0 isa "BASELINE" "TARGET" "")
  if(NOT isa_TARGET)
    set(isa_TARGET xgrad)
  endif()
  set(files ${isa_UNPARSED_ARGUMENTS})
  list(TRANSFORM files PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" REGEX "^[^/]")
  set(isas ${XGRAD_ISAS})
  if(isa_BASELINE)
    set(isas base)
  endif()
  foreach(isa IN LISTS isas)
    set(objects ${isa_TARGET}_isa_${isa})
    if(NOT TARGET ${objects})
      xgrad_add_isa(${objects} ${isa})
      target_sources(${isa_TARGET} PRIVATE $<TARGET_OBJECTS:${objects}>)
    endif()
    target_sources(${objects} PRIVATE ${files})
  endforeach()
endfunction()

function(xgrad_add_isa target isa)
  xgrad_add_objects(${target})
  target_compile_definitions(${target} PRIVATE XGRAD_ISA=${isa})
  target_compile_options(${target} PRIVATE ${xgrad_isa_flags_${isa}})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC's own headers start AVX-512 intrinsics from a register of any content, and GCC warns of it.
    target_compile_options(${target} PRIVATE -Wno-uninitialized -Wno-maybe-uninitialized)
  endif()
  # Optimised in every build: without inlining, helpers of the standard library and of xsimd would be emitted as
  # functions of their own (see above), and a kernel would be some fifty times slower. Of the baseline beside wider ISAs
  # the integers run everywhere, and keep their loops; its floats do on few machines, where a quarter less size is worth more.
  if(NOT MSVC)
    set(optimization -O3)
    if(XGRAD_SANITIZE)
      set(optimization -O1)
    elseif(isa STREQUAL base AND "avx2" IN_LIST XGRAD_ISAS AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      set(optimization -O2 -fvect-cost-model=dynamic --param=max-inline-insns-auto=30 --param=inline-min-speedup=15)
    endif()
    target_compile_options(${target} PRIVATE ${optimization})
  endif()
  xgrad_precompile_kernels(${target})
endfunction()
