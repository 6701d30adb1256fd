# Names a build by all that C++ objects look like which cross from the program to its module and back: the
# same name, the same layout. It changes with the headers on their boundary (FILES), which it makes CMake watch.
#
#     troupe_build_name(OUT FILES…)     OUT: "0.2.0-9f86d081884c7d65"
function(troupe_build_name out)
  set(parts "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} ${CMAKE_CXX_FLAGS}"
    "${CMAKE_BUILD_TYPE} ${Boost_VERSION}")
  foreach(file IN LISTS ARGN)
    file(SHA256 ${file} hash)
    list(APPEND parts ${hash})
  endforeach()
  string(SHA256 hash "${parts}")
  string(SUBSTRING ${hash} 0 16 hash)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARGN})
  set(${out} ${PROJECT_VERSION}-${hash} PARENT_SCOPE)
endfunction()
