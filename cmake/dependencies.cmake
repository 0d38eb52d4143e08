# What the library is built on.
#
# XGRAD_PRIVATE_INCLUDES     headers its sources need and its users never see
# XGRAD_XTENSOR_INCLUDES     those of xtensor, for users of <xgrad/xtensor.h>
# XGRAD_PRIVATE_DEFINITIONS  XGRAD_HAVE_CBLAS, XGRAD_HAVE_LAPACK, XGRAD_HAVE_OPENBLAS, XGRAD_HAVE_ONEDNN
#
# XGRAD_LIBRARY_NAMES        XGRAD_CBLAS_NAME, XGRAD_LAPACK_NAME, XGRAD_ONEDNN_NAME, XGRAD_ZLIB_NAME, XGRAD_PNG_NAME,
#                            XGRAD_JPEG_NAME: what to load at run time
# XGRAD_IMAGE_INCLUDES       headers of PNG and JPEG, where they are not in the system's folders
#
# None of these is linked: core/types/shared_library.h loads them when they are first called for. Linked,
# they would cost every program two milliseconds and five megabytes at its start, and OpenBLAS a thread.
include(CheckCXXSourceCompiles)

set(XGRAD_PRIVATE_INCLUDES "")
set(XGRAD_PRIVATE_DEFINITIONS "")
set(XGRAD_LIBRARY_NAMES "")

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# Header-only and private: only the include directories are taken, so that no installed file mentions these packages.
# The version is compared here because version files of such young packages accept no newer minor version.
function(xgrad_require_headers package target version debian)
  find_package(${package} QUIET CONFIG)
  if(NOT TARGET ${target} OR ${package}_VERSION VERSION_LESS ${version})
    set(found "it is not found")
    if(TARGET ${target})
      set(found "${${package}_VERSION} is found in ${${package}_DIR}")
    endif()
    message(FATAL_ERROR "xgrad needs ${package} ${version} or newer; ${found}. "
      "On Debian or Ubuntu: apt-get install ${debian} (or ./dev setup).")
  endif()
  get_target_property(directories ${target} INTERFACE_INCLUDE_DIRECTORIES)
  set(XGRAD_PRIVATE_INCLUDES ${XGRAD_PRIVATE_INCLUDES} ${directories} PARENT_SCOPE)
  set(${package}_VERSION ${${package}_VERSION} PARENT_SCOPE)
endfunction()

xgrad_require_headers(xtl xtl 0.7 xtl-dev)
xgrad_require_headers(xtensor xtensor 0.24 libxtensor-dev)
set(XGRAD_XTENSOR_INCLUDES ${XGRAD_PRIVATE_INCLUDES})
xgrad_require_headers(xsimd xsimd 8 libxsimd-dev)
xgrad_require_headers(nlohmann_json nlohmann_json::nlohmann_json 3 nlohmann-json3-dev)
list(REMOVE_DUPLICATES XGRAD_PRIVATE_INCLUDES)

# Runs a link test once per configuration of libraries.
function(xgrad_check_links result include_dir libraries code)
  set(CMAKE_REQUIRED_INCLUDES "${include_dir}")
  set(CMAKE_REQUIRED_LIBRARIES ${libraries} Threads::Threads)
  set(CMAKE_REQUIRED_QUIET ON)
  check_cxx_source_compiles("${code}" ${result})
endfunction()

# Adds the name under which the dynamic linker finds a library, or where it lies.
function(xgrad_library_name definition library)
  set(name "${library}")
  if(CMAKE_READELF)
    execute_process(COMMAND "${CMAKE_READELF}" -d "${library}" OUTPUT_VARIABLE dynamic ERROR_QUIET)
    if(dynamic MATCHES "SONAME[^[]*\\[([^]]+)\\]")
      set(name "${CMAKE_MATCH_1}")
    endif()
  endif()
  set(XGRAD_LIBRARY_NAMES ${XGRAD_LIBRARY_NAMES} "${definition}=\"${name}\"" PARENT_SCOPE)
endfunction()

if(XGRAD_WITH_BLAS)
  # Debian, Fedora and Arch each keep the header elsewhere.
  find_path(XGRAD_CBLAS_INCLUDE_DIR cblas.h PATH_SUFFIXES openblas openblas-pthread)
  find_library(XGRAD_CBLAS_LIBRARY NAMES openblas cblas blas)
  mark_as_advanced(XGRAD_CBLAS_INCLUDE_DIR XGRAD_CBLAS_LIBRARY)
  if(XGRAD_CBLAS_INCLUDE_DIR AND XGRAD_CBLAS_LIBRARY)
    set(libraries "${XGRAD_CBLAS_LIBRARY}")
    xgrad_check_links(XGRAD_CBLAS_WORKS "${XGRAD_CBLAS_INCLUDE_DIR}" "${libraries}"
      "#include <cblas.h>\nint main() { return static_cast<int>(cblas_sdot(0, nullptr, 1, nullptr, 1)); }")
    xgrad_check_links(XGRAD_OPENBLAS_WORKS "${XGRAD_CBLAS_INCLUDE_DIR}" "${libraries}"
      "#include <cblas.h>\nint main() { openblas_set_num_threads(1); }")
    set(lapack_code "extern \"C\" void dgesv_();\nint main() { dgesv_(); }")
    xgrad_check_links(XGRAD_LAPACK_IN_CBLAS "" "${libraries}" "${lapack_code}")
    set(have_lapack ${XGRAD_LAPACK_IN_CBLAS})
    set(lapack_library "${XGRAD_CBLAS_LIBRARY}")
    if(NOT have_lapack)
      find_library(XGRAD_LAPACK_LIBRARY NAMES lapack)
      mark_as_advanced(XGRAD_LAPACK_LIBRARY)
      if(XGRAD_LAPACK_LIBRARY)
        set(lapack_library "${XGRAD_LAPACK_LIBRARY}")
        set(have_lapack ON)
      endif()
    endif()
  endif()
  if(XGRAD_CBLAS_WORKS)
    list(APPEND XGRAD_PRIVATE_INCLUDES "${XGRAD_CBLAS_INCLUDE_DIR}")
    list(APPEND XGRAD_PRIVATE_DEFINITIONS XGRAD_HAVE_CBLAS)
    xgrad_library_name(XGRAD_CBLAS_NAME "${XGRAD_CBLAS_LIBRARY}")
    if(XGRAD_OPENBLAS_WORKS)
      list(APPEND XGRAD_PRIVATE_DEFINITIONS XGRAD_HAVE_OPENBLAS)
    endif()
    if(have_lapack)
      list(APPEND XGRAD_PRIVATE_DEFINITIONS XGRAD_HAVE_LAPACK)
      xgrad_library_name(XGRAD_LAPACK_NAME "${lapack_library}")
    endif()
  endif()
endif()

if(XGRAD_WITH_ONEDNN)
  # Found by hand: oneDNN's own package file insists on OpenCL's development files, which are not needed here.
  find_path(XGRAD_ONEDNN_INCLUDE_DIR oneapi/dnnl/dnnl.h)
  find_library(XGRAD_ONEDNN_LIBRARY NAMES dnnl)
  mark_as_advanced(XGRAD_ONEDNN_INCLUDE_DIR XGRAD_ONEDNN_LIBRARY)
  if(XGRAD_ONEDNN_INCLUDE_DIR AND XGRAD_ONEDNN_LIBRARY)
    xgrad_check_links(XGRAD_ONEDNN_WORKS "${XGRAD_ONEDNN_INCLUDE_DIR}" "${XGRAD_ONEDNN_LIBRARY}"
      "#include <oneapi/dnnl/dnnl.h>\nint main() { return dnnl_version()->major; }")
  endif()
  if(XGRAD_ONEDNN_WORKS)
    list(APPEND XGRAD_PRIVATE_INCLUDES "${XGRAD_ONEDNN_INCLUDE_DIR}")
    list(APPEND XGRAD_PRIVATE_DEFINITIONS XGRAD_HAVE_ONEDNN)
    xgrad_library_name(XGRAD_ONEDNN_NAME "${XGRAD_ONEDNN_LIBRARY}")
  endif()
endif()

# Formats of files. Few programs read them, so few should start with these.
set(XGRAD_IMAGE_INCLUDES "")
macro(xgrad_format_library name header)  # <names of the library>...
  find_path(XGRAD_${name}_INCLUDE_DIR ${header})
  find_library(XGRAD_${name}_LIBRARY NAMES ${ARGN})
  mark_as_advanced(XGRAD_${name}_INCLUDE_DIR XGRAD_${name}_LIBRARY)
  if(XGRAD_${name}_INCLUDE_DIR AND XGRAD_${name}_LIBRARY)
    xgrad_library_name(XGRAD_${name}_NAME "${XGRAD_${name}_LIBRARY}")
    list(APPEND XGRAD_IMAGE_INCLUDES "${XGRAD_${name}_INCLUDE_DIR}")
  endif()
endmacro()
xgrad_format_library(ZLIB zlib.h z zlib)
xgrad_format_library(PNG png.h png16 png libpng16)
xgrad_format_library(JPEG jpeglib.h jpeg)
list(REMOVE_DUPLICATES XGRAD_IMAGE_INCLUDES)
list(REMOVE_ITEM XGRAD_IMAGE_INCLUDES ${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES})

# Event files and ONNX. Header-only; sources ask __has_include.
find_path(XGRAD_PROTOZERO_INCLUDE_DIR protozero/pbf_writer.hpp)
mark_as_advanced(XGRAD_PROTOZERO_INCLUDE_DIR)
if(XGRAD_PROTOZERO_INCLUDE_DIR)
  list(APPEND XGRAD_PRIVATE_INCLUDES "${XGRAD_PROTOZERO_INCLUDE_DIR}")
endif()

function(xgrad_report what definition wanted missing)
  if(definition IN_LIST XGRAD_PRIVATE_DEFINITIONS)
    message(STATUS "xgrad: ${what}: found")
  elseif(NOT wanted)
    message(STATUS "xgrad: ${what}: switched off; ${missing}")
  else()
    message(STATUS "xgrad: ${what}: NOT FOUND; ${missing}")
  endif()
endfunction()

message(STATUS "xgrad: xtensor ${xtensor_VERSION}, xsimd ${xsimd_VERSION}")
xgrad_report("CBLAS" XGRAD_HAVE_CBLAS "${XGRAD_WITH_BLAS}"
  "small matrix products run on xgrad's own loops, several times slower (Debian: libopenblas-dev)")
xgrad_report("LAPACK" XGRAD_HAVE_LAPACK "${XGRAD_WITH_BLAS}"
  "decompositions and solvers are not available (Debian: libopenblas-dev)")
xgrad_report("oneDNN" XGRAD_HAVE_ONEDNN "${XGRAD_WITH_ONEDNN}"
  "large matrix products and convolutions are slower (Debian: libdnnl-dev)")
function(xgrad_report_format what name missing)
  if(NOT XGRAD_${name}_INCLUDE_DIR OR NOT XGRAD_${name}_LIBRARY)
    message(STATUS "xgrad: ${what}: NOT FOUND; ${missing}")
  endif()
endfunction()
xgrad_report_format("zlib" ZLIB "compressed files cannot be read or written (Debian: zlib1g-dev)")
xgrad_report_format("libpng" PNG "PNG files cannot be read (Debian: libpng-dev)")
xgrad_report_format("libjpeg" JPEG "JPEG files cannot be read (Debian: libjpeg62-turbo-dev)")
