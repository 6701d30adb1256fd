#include <troupe/cifar10.hpp>
#include <troupe/cli.hpp>

int main(int argc, char** argv) {
  return troupe::cli_main(argc, argv, troupe::registry{}.add(troupe::cifar10()));
}
