# Compiles through ccache when it is there. The sloppiness is what ccache asks for to work with precompiled headers.
find_program(XGRAD_CCACHE ccache)
mark_as_advanced(XGRAD_CCACHE)
if(XGRAD_CCACHE AND UNIX AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${XGRAD_CCACHE}")
endif()
