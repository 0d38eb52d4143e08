# compat/torch/names.h has each name that namespace xgrad declares today.
execute_process(
  COMMAND "${PYTHON}" "${SOURCE_DIR}/compat/names.py" "${CXX}" -std=c++17 "-I${BINARY_DIR}/include" "-I${SOURCE_DIR}/include"
  OUTPUT_VARIABLE made RESULT_VARIABLE result)
file(READ "${SOURCE_DIR}/compat/torch/names.h" committed)
if(NOT result EQUAL 0 OR NOT made STREQUAL committed)
  message(FATAL_ERROR "compat/torch/names.h is not what compat/names.py makes of xgrad's headers; make it anew:\n"
    "  python3 compat/names.py ${CXX} -std=c++17 -I${BINARY_DIR}/include -I${SOURCE_DIR}/include > compat/torch/names.h")
endif()
