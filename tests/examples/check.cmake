# Runs one example and compares its status, its output and its one line of error with what is expected.
# Variables: PROGRAM ARGS STATUS, and those that are not empty of STDOUT_FILE MATCHES STDERR TWICE.
execute_process(COMMAND "${PROGRAM}" ${ARGS}
  RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
if(NOT status STREQUAL STATUS)
  message(FATAL_ERROR "status ${status}, expected ${STATUS}\n${out}${err}")
endif()

set(expected_err "")
if(STDERR)
  set(expected_err "${STDERR}\n")
endif()
if(NOT err STREQUAL expected_err)
  message(FATAL_ERROR "standard error is\n${err}expected\n${expected_err}")
endif()

if(STDOUT_FILE)
  file(READ "${STDOUT_FILE}" expected_out)
  if(NOT out STREQUAL expected_out)
    message(FATAL_ERROR "output differs from ${STDOUT_FILE}:\n${out}")
  endif()
endif()

foreach(regex IN LISTS MATCHES)
  if(NOT out MATCHES "${regex}")
    message(FATAL_ERROR "nothing in the output matches ${regex}:\n${out}")
  endif()
endforeach()

if(TWICE)
  execute_process(COMMAND "${PROGRAM}" ${ARGS} OUTPUT_VARIABLE again)
  if(NOT again STREQUAL out)
    message(FATAL_ERROR "a second run prints something else:\n${again}")
  endif()
endif()
