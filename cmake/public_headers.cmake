# Which headers are public: those in include/xgrad and all they include, directly or not. Everything else, whichever folder
# it stands in, is the library's own and is not installed.

# Sets `result` to the public headers as users include them: xgrad/xgrad.h;xgrad/core/tensor/tensor.h;...
function(xgrad_public_headers result)
  file(GLOB open RELATIVE "${PROJECT_SOURCE_DIR}/include" CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/xgrad/*.h")
  set(closed "")
  while(open)
    list(POP_FRONT open header)
    list(APPEND closed ${header})
    xgrad_header_path(path "${header}")
    if(NOT EXISTS "${path}")
      continue()  # the compiler says it better
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
    file(STRINGS "${path}" lines REGEX "^[ \t]*#[ \t]*include[ \t]*<xgrad/[^>]+>")
    foreach(line IN LISTS lines)
      string(REGEX REPLACE "^[^<]*<([^>]+)>.*$" "\\1" included "${line}")
      if(NOT included IN_LIST closed AND NOT included IN_LIST open)
        list(APPEND open "${included}")
      endif()
    endforeach()
  endwhile()
  list(SORT closed)
  set(${result} ${closed} PARENT_SCOPE)
endfunction()

# Sets `result` to the source file behind an include path.
function(xgrad_header_path result header)
  if(EXISTS "${PROJECT_SOURCE_DIR}/include/${header}")
    set(${result} "${PROJECT_SOURCE_DIR}/include/${header}" PARENT_SCOPE)
  else()
    string(REGEX REPLACE "^xgrad/" "" file "${header}")
    set(${result} "${PROJECT_SOURCE_DIR}/${file}" PARENT_SCOPE)
  endif()
endfunction()
