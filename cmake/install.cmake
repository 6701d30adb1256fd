# `cmake --install`: the program, the libraries, and a package for find_package(troupe).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/troupe)

install(DIRECTORY include/troupe DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  PATTERN torch.hpp EXCLUDE PATTERN torch EXCLUDE)
install(TARGETS troupe_core troupe_data EXPORT troupe ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT troupe NAMESPACE troupe:: FILE troupeTargets.cmake DESTINATION ${package_dir})
install(TARGETS troupe)
if(TROUPE_TORCH)
  install(TARGETS troupe_torch_module DESTINATION ${CMAKE_INSTALL_LIBDIR}/troupe)
  install(FILES include/troupe/torch.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/troupe)
  install(DIRECTORY include/troupe/torch DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/troupe)
  install(TARGETS troupe_torch EXPORT troupe_torch ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT troupe_torch
    NAMESPACE troupe:: FILE troupeTorchTargets.cmake DESTINATION ${package_dir})
  install(FILES cmake/FindLibTorch.cmake DESTINATION ${package_dir})
  cmake_path(GET LibTorch_INCLUDE_DIR PARENT_PATH libtorch_root)
endif()

configure_package_config_file(cmake/troupeConfig.cmake.in ${PROJECT_BINARY_DIR}/troupeConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/troupeConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/troupeConfig.cmake
  ${PROJECT_BINARY_DIR}/troupeConfigVersion.cmake DESTINATION ${package_dir})
