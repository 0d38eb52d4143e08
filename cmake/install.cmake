# Installs the library, its public headers, and the files by which CMake and pkg-config find it.
include(CMakePackageConfigHelpers)

install(TARGETS xgrad xgrad_torch_compat EXPORT xgradTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
if(XGRAD_BUILD_TOOLS)
  install(TARGETS xgrad-info RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

include(cmake/public_headers.cmake)
xgrad_public_headers(headers)
foreach(header IN LISTS headers)
  xgrad_header_path(path "${header}")
  get_filename_component(folder "${header}" DIRECTORY)
  install(FILES "${path}" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/${folder}")
endforeach()

install(DIRECTORY compat/ "${PROJECT_BINARY_DIR}/compat/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/xgrad/compat" FILES_MATCHING PATTERN "*.h")

# What a static library needs for linking; a shared one keeps it to itself.
set(XGRAD_PC_LIBS "")
if(NOT BUILD_SHARED_LIBS)
  foreach(library ${CMAKE_DL_LIBS})
    string(APPEND XGRAD_PC_LIBS " -l${library}")
  endforeach()
  if(CMAKE_THREAD_LIBS_INIT)
    string(APPEND XGRAD_PC_LIBS " ${CMAKE_THREAD_LIBS_INIT}")
  endif()
endif()

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/xgrad")
install(EXPORT xgradTargets NAMESPACE xgrad:: DESTINATION "${package_dir}")
configure_package_config_file(cmake/xgradConfig.cmake.in "${PROJECT_BINARY_DIR}/xgradConfig.cmake"
  INSTALL_DESTINATION "${package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/xgradConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/xgradConfig.cmake" "${PROJECT_BINARY_DIR}/xgradConfigVersion.cmake"
  DESTINATION "${package_dir}")

# Relative to the .pc file, so that an installed tree may be moved.
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  set(XGRAD_PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
  set(XGRAD_PC_LIBDIR "${CMAKE_INSTALL_FULL_LIBDIR}")
  set(XGRAD_PC_INCLUDEDIR "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
else()
  file(RELATIVE_PATH to_prefix "/${pkgconfig_dir}" "/")
  string(REGEX REPLACE "/$" "" to_prefix "${to_prefix}")
  set(XGRAD_PC_PREFIX "\${pcfiledir}/${to_prefix}")
  set(XGRAD_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
  set(XGRAD_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
set(XGRAD_PC_CFLAGS "")
if(BUILD_SHARED_LIBS)
  set(XGRAD_PC_CFLAGS " -DXGRAD_SHARED")
endif()
configure_file(cmake/xgrad.pc.in "${PROJECT_BINARY_DIR}/xgrad.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/xgrad.pc" DESTINATION "${pkgconfig_dir}")
install(FILES LICENSE NOTICE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
