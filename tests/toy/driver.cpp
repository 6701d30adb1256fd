// What NVIDIA's management library (libnvidia-ml.so.1) says of a machine with TOY_GPUS GPUs, for
// tests of who has which: they are counted, and nothing runs on them.

#include <cstdlib>

extern "C" {

int nvmlInit_v2() {
  return 0;
}

int nvmlShutdown() {
  return 0;
}

int nvmlDeviceGetCount_v2(unsigned* count) {
  const char* said = std::getenv("TOY_GPUS");
  *count = said ? static_cast<unsigned>(std::atoi(said)) : 0;
  return 0;
}
}
