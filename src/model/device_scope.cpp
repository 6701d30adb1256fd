#include <troupe/torch.hpp>

#include <ATen/Parallel.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace troupe {

device_scope::device_scope(const trial& t) {
  for (const auto& name : t.devices())
    devices_.emplace_back(name);
  at::set_num_threads(t.threads());
  if (device().is_cpu()) return;
  load_cuda();
  std::vector<c10::Stream> streams;
  for (const auto d : devices_)
    streams.push_back(c10::impl::VirtualGuardImpl{d.type()}.getStreamFromGlobalPool(d));
  device_guard_.reset_device(device());
  stream_guard_.emplace(streams);
}

} // namespace troupe
