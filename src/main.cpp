#include "module/open_torch_module.hpp"
#include "trainables/cifar10.hpp"
#include "trainables/late_trainable.hpp"

#include <troupe/cli.hpp>

int main(int argc, char** argv) {
  using namespace troupe;
  return cli_main(argc, argv, registry{}.add(late_trainable(describe_cifar10(), [] {
    return open_torch_module().cifar10();
  })));
}
