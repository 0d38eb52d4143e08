# The files of a folder are compiled in groups: what their headers bring is read and instantiated once. While one file is worked on,
# -DCMAKE_UNITY_BUILD=OFF compiles each by itself.
set(xgrad_group_size 6)

function(xgrad_group_sources target)
  if(DEFINED CMAKE_UNITY_BUILD AND NOT CMAKE_UNITY_BUILD)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources EXCLUDE REGEX "^\\$<|^${PROJECT_SOURCE_DIR}/core/kernels/")  # a kernel takes long by itself
  set(folders "")
  foreach(source IN LISTS sources)
    file(RELATIVE_PATH folder "${PROJECT_SOURCE_DIR}" "${source}")
    get_filename_component(folder "${folder}" DIRECTORY)
    list(APPEND folders "${folder}")
    list(APPEND files_${folder} "${source}")
  endforeach()
  list(REMOVE_DUPLICATES folders)
  foreach(folder IN LISTS folders)
    # Groups of equal size, no larger than is set.
    list(LENGTH files_${folder} count)
    math(EXPR groups "(${count} + ${xgrad_group_size} - 1) / ${xgrad_group_size}")
    string(REPLACE "/" "_" name "${folder}")
    set(i 0)
    foreach(source IN LISTS files_${folder})
      math(EXPR group "${i} * ${groups} / ${count} + 1")
      set_source_files_properties("${source}" TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${name}_${group})
      math(EXPR i "${i} + 1")
    endforeach()
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # It warns of a .cpp file's own types in what another could see, and takes a file of a group for a header.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()
