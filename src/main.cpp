#include "module/open_module.hpp"
#include "trainables/cifar10.hpp"
#include "trainables/late_trainable.hpp"

#include <troupe/cli.hpp>

int main(int argc, char** argv) {
  using namespace troupe;
  return cli_main(argc, argv,
                  registry{}.add(late_trainable(describe_cifar10(), [](const run_context& run) {
                    const bool is_fused = run.engine == "fused";
                    return open_module(is_fused ? "troupe-fused.so" : "troupe-torch.so").cifar10();
                  })));
}
