# `cmake --install`: the program, the libraries, a package for find_package(troupe), docs and examples.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/troupe)

install(DIRECTORY include/troupe DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  PATTERN torch.hpp EXCLUDE PATTERN torch EXCLUDE)
install(TARGETS troupe_core troupe_data troupe_fused EXPORT troupe ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT troupe NAMESPACE troupe:: FILE troupeTargets.cmake DESTINATION ${package_dir})
install(TARGETS troupe)
install(TARGETS troupe_fused_module DESTINATION ${CMAKE_INSTALL_LIBDIR}/troupe)
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

# A CAF of this project's own is nowhere else: the package brings it along.
cmake_path(IS_PREFIX PROJECT_SOURCE_DIR ${CAF_DIR} NORMALIZE caf_is_ours)
if(caf_is_ours)
  cmake_path(GET CAF_DIR PARENT_PATH caf_root) # …/lib/cmake/CAF
  cmake_path(GET caf_root PARENT_PATH caf_root)
  cmake_path(GET caf_root PARENT_PATH caf_root)
  set(caf_place ${CMAKE_INSTALL_LIBDIR}/troupe/caf)
  install(DIRECTORY ${caf_root}/include ${caf_root}/lib DESTINATION ${caf_place})
  set(caf_hint "\${PACKAGE_PREFIX_DIR}/${caf_place}")
else()
  set(caf_hint ${CAF_DIR})
endif()

# README's links to docs and examples hold there, too.
install(FILES README.md CHANGELOG.md CONTRIBUTING.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs examples DESTINATION ${CMAKE_INSTALL_DOCDIR}
  PATTERN __pycache__ EXCLUDE)

configure_package_config_file(cmake/troupeConfig.cmake.in ${PROJECT_BINARY_DIR}/troupeConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/troupeConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/troupeConfig.cmake
  ${PROJECT_BINARY_DIR}/troupeConfigVersion.cmake DESTINATION ${package_dir})
