#include "library/engines.hpp"

#include <doctest/doctest.h>

using namespace troupe;

namespace {

const device_plan on_cpus{.total = {.cpus = 2}};
const device_plan on_gpus{.total = {.cpus = 2, .gpus = 1}, .names = {"cuda:0"}};

trainable two_engines() {
  trainable t;
  t.engines = {{"quick"}, {"anywhere", true}};
  return t;
}

std::string decided(const std::string& named, const device_plan& devices,
                    const trainable& t = two_engines()) {
  study s;
  s.engine = named;
  decide_engine(s, t, devices, nullptr);
  return s.engine;
}

} // namespace

TEST_CASE("auto is the first engine that trains on the study's devices") {
  CHECK(decided("", on_cpus) == "quick");
  CHECK(decided("", on_gpus) == "anywhere");
  CHECK(decided("", on_cpus, trainable{}).empty());
}

TEST_CASE("a named engine is taken, or refused where it cannot train") {
  CHECK(decided("anywhere", on_cpus) == "anywhere");
  CHECK(decided("anywhere", on_gpus) == "anywhere");
  CHECK_THROWS_WITH_AS(decided("quick", on_gpus),
                       doctest::Contains("\"quick\" trains on CPUs alone"), invalid_study);
}
