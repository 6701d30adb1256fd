# Finds libtorch in a PyPI wheel (or any installed torch folder) without asking for a CUDA toolkit, which
# the wheel's own TorchConfig.cmake insists on.
#
# Looked for in LibTorch_ROOT, CMAKE_PREFIX_PATH, then .deps/torch of this project: each a `torch` folder
# with include/ and lib/, or a Python environment that has one.
#
# Targets:   LibTorch::cpu   tensors, autograd and modules on the CPU.
#            LibTorch::cuda  and on NVIDIA GPUs; only if the wheel has them. What links it starts only
#                            where all of the wheel's NVIDIA packages are installed.
# Variables: LibTorch_FOUND, LibTorch_VERSION, LibTorch_INCLUDE_DIR.

set(_hints ${LibTorch_ROOT} $ENV{LibTorch_ROOT} ${CMAKE_PREFIX_PATH})
string(REPLACE ":" ";" _environment "$ENV{CMAKE_PREFIX_PATH}")
list(APPEND _hints ${_environment} ${PROJECT_SOURCE_DIR}/.deps/torch)
set(_torch_folders)
foreach(_hint IN LISTS _hints)
  file(GLOB _wheels ${_hint}/lib/python3*/site-packages/torch ${_hint}/torch)
  list(APPEND _torch_folders ${_hint} ${_wheels})
endforeach()

find_path(LibTorch_INCLUDE_DIR torch/csrc/api/include/torch/torch.h
  HINTS ${_torch_folders} PATH_SUFFIXES include)
set(_lib ${LibTorch_INCLUDE_DIR}/../lib)
find_library(LibTorch_CPU_LIBRARY torch_cpu HINTS ${_lib} NO_DEFAULT_PATH)
find_library(LibTorch_C10_LIBRARY c10 HINTS ${_lib} NO_DEFAULT_PATH)
find_library(LibTorch_CUDA_LIBRARY torch_cuda HINTS ${_lib} NO_DEFAULT_PATH)
find_library(LibTorch_C10_CUDA_LIBRARY c10_cuda HINTS ${_lib} NO_DEFAULT_PATH)
# The CUDA runtime is a wheel of its own, beside torch.
set(_cuda ${LibTorch_INCLUDE_DIR}/../../nvidia/cu13)
find_path(LibTorch_CUDA_INCLUDE_DIR cuda_runtime_api.h HINTS ${_cuda}/include NO_DEFAULT_PATH)
find_library(LibTorch_CUDART_LIBRARY NAMES libcudart.so.13 HINTS ${_cuda}/lib NO_DEFAULT_PATH)
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY
  LibTorch_CUDA_LIBRARY LibTorch_C10_CUDA_LIBRARY LibTorch_CUDA_INCLUDE_DIR
  LibTorch_CUDART_LIBRARY)

# The version's header has moved between releases.
foreach(_header torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
  if(NOT LibTorch_VERSION AND EXISTS ${LibTorch_INCLUDE_DIR}/${_header})
    file(STRINGS ${LibTorch_INCLUDE_DIR}/${_header} _lines
      REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) [0-9]+")
    list(TRANSFORM _lines REPLACE ".* " "")
    list(JOIN _lines "." LibTorch_VERSION)
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_INCLUDE_DIR
  VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE "run scripts/setup.sh, or set LibTorch_ROOT to a torch folder")

if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
  add_library(LibTorch::c10 SHARED IMPORTED)
  set_target_properties(LibTorch::c10 PROPERTIES IMPORTED_LOCATION ${LibTorch_C10_LIBRARY})
  add_library(LibTorch::cpu SHARED IMPORTED)
  set_target_properties(LibTorch::cpu PROPERTIES
    IMPORTED_LOCATION ${LibTorch_CPU_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES "${LibTorch_INCLUDE_DIR};${LibTorch_INCLUDE_DIR}/torch/csrc/api/include"
    INTERFACE_LINK_LIBRARIES LibTorch::c10)
endif()

if(LibTorch_FOUND AND LibTorch_CUDA_LIBRARY AND LibTorch_C10_CUDA_LIBRARY AND LibTorch_CUDART_LIBRARY
    AND LibTorch_CUDA_INCLUDE_DIR AND NOT TARGET LibTorch::cuda)
  add_library(LibTorch::c10_cuda SHARED IMPORTED)
  set_target_properties(LibTorch::c10_cuda PROPERTIES IMPORTED_LOCATION ${LibTorch_C10_CUDA_LIBRARY})
  add_library(LibTorch::cudart SHARED IMPORTED)
  set_target_properties(LibTorch::cudart PROPERTIES IMPORTED_LOCATION ${LibTorch_CUDART_LIBRARY})
  add_library(LibTorch::cuda SHARED IMPORTED)
  # libtorch_cuda.so names its own dependencies; only the program's start needs them.
  set_target_properties(LibTorch::cuda PROPERTIES
    IMPORTED_LOCATION ${LibTorch_CUDA_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${LibTorch_CUDA_INCLUDE_DIR}
    INTERFACE_LINK_LIBRARIES "LibTorch::cpu;LibTorch::c10_cuda;LibTorch::cudart"
    INTERFACE_LINK_OPTIONS "LINKER:--no-as-needed,--allow-shlib-undefined")
endif()
