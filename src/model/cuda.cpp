#include <troupe/errors.hpp>
#include <troupe/torch.hpp>

#include <ATen/Context.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <dlfcn.h>
#include <filesystem>

namespace troupe {

namespace {

constexpr const char* cpu_library = "libtorch_cpu.so";
constexpr const char* cuda_library = "libtorch_cuda.so";

/// Returns the folder of the libtorch that this process runs on, so that both libraries are of one
/// build.
std::filesystem::path libtorch_folder() {
  const std::unique_ptr<void, int (*)(void*)> library{dlopen(cpu_library, RTLD_LAZY | RTLD_NOLOAD),
                                                      dlclose};
  std::string origin(4096, '\0'); // PATH_MAX, which dlinfo asks for.
  if (!library || dlinfo(library.get(), RTLD_DI_ORIGIN, origin.data()) != 0) return {};
  return origin.c_str();
}

/// Opens the library for good: its kernels are in libtorch's tables from now on.
void open_cuda_library() {
  const auto path = libtorch_folder() / cuda_library;
  if (dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL)) return;
  const std::string why = dlerror();
  throw resource_error{"libtorch's CUDA library cannot be loaded: " + why +
                       "; install the complete PyPI package torch with all that it depends on, "
                       "or train on the CPU (--device cpu)"};
}

bool start_cuda() {
  constexpr auto cuda = c10::DeviceType::CUDA;
  if (!c10::impl::hasDeviceGuardImpl(cuda)) open_cuda_library();
  if (!c10::impl::hasDeviceGuardImpl(cuda) ||
      c10::impl::getDeviceGuardImpl(cuda)->deviceCount() < 1)
    throw resource_error{"no NVIDIA GPU answers: check that nvidia-smi lists one and that its "
                         "driver is recent enough, or train on the CPU (--device cpu)"};
  at::globalContext().lazyInitDevice(cuda);
  return true;
}

} // namespace

void load_cuda() {
  [[maybe_unused]] static const bool started = start_cuda();
}

} // namespace troupe
