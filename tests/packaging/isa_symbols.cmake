# No object of a wide ISA may define a symbol that the linker could keep for everybody: each weak or external function
# must carry the name of its ISA. Variables: NM ISA OBJECTS (a file with one object file a line).
cmake_minimum_required(VERSION 3.21)
file(STRINGS "${OBJECTS}" objects)
list(FILTER objects EXCLUDE REGEX "cmake_pch")
set(complaints "")
foreach(object IN LISTS objects)
  execute_process(COMMAND "${NM}" --defined-only --extern-only --format=posix "${object}"
    OUTPUT_VARIABLE symbols RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${NM} cannot read ${object}")
  endif()
  string(REGEX MATCHALL "[^\n]+" symbols "${symbols}")
  foreach(symbol IN LISTS symbols)
    # A mangled name holds the length of each word: 4avx2, 6avx512; xsimd's architectures are 4avx2, 8avx512dq...
    # DW.ref is how GCC points to the exception handler: data, and always the same.
    if(NOT symbol MATCHES "[0-9]${ISA}|^DW\\.ref\\.")
      string(REGEX REPLACE " .*$" "" symbol "${symbol}")
      string(APPEND complaints "  ${symbol}\n")
    endif()
  endforeach()
endforeach()
if(complaints)
  message(FATAL_ERROR "compiled for ${ISA}, but not in its namespace (c++filt shows the names):\n${complaints}")
endif()
