#include "store/machine_share.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

using namespace troupe;

namespace {

const machine_view two_cpus{{0, 1}, {"0", "1"}};

machine_holding holds_cpus(double cpus, std::vector<std::string> gpus = {},
                           std::vector<int> cpu_set = {0, 1}) {
  return {1, "/a", cpus, std::move(cpu_set), std::move(gpus)};
}

std::optional<machine_share> share(const machine_wish& wish,
                                   const std::vector<machine_holding>& others) {
  return share_of(wish, two_cpus, others);
}

/// Studies that come and go on one machine, at random, as its ledger has them.
class sharing_crowd {
public:
  explicit sharing_crowd(std::uint64_t seed) : random_{seed, 0, "crowd"} {
    for (std::uint64_t i = 0; i <= random_.below(6); ++i)
      machine_.cpus.push_back(static_cast<int>(2 * i));
    for (std::uint64_t i = 0; i < random_.below(4); ++i)
      machine_.gpus.push_back("GPU-" + std::to_string(i));
  }

  void live() {
    for (int i = 0; i < 200; ++i) {
      if (!there_.empty() && random_.below(3) == 0)
        there_.erase(there_.begin() + static_cast<std::ptrdiff_t>(random_.below(there_.size())));
      else
        come();
      check_nothing_twice();
    }
  }

  int refused() const { return refused_; }

private:
  double part_of(double most) {
    return static_cast<double>(random_.below(static_cast<std::uint64_t>(most * 1e4) + 1)) / 1e4;
  }

  machine_wish some_wish() {
    machine_wish wish;
    wish.most_cpus = part_of(static_cast<double>(machine_.cpus.size()));
    wish.least_cpus = random_.below(2) == 0 ? wish.most_cpus : part_of(wish.most_cpus);
    for (std::size_t i = 0; i < machine_.gpus.size(); ++i)
      if (random_.below(4) > 0) wish.gpus.push_back(i);
    wish.most_gpus = random_.below(wish.gpus.size() + 1);
    wish.least_gpus = random_.below(wish.most_gpus + 1);
    return wish;
  }

  void come() {
    const auto wish = some_wish();
    const auto got = share_of(wish, machine_, there_);
    double free = static_cast<double>(machine_.cpus.size());
    for (const auto& h : there_)
      free -= h.cpus;
    if (!got) {
      ++refused_;
      CHECK((free < wish.least_cpus - 1e-9 || free_gpus(wish) < wish.least_gpus));
      return;
    }
    CHECK(got->cpus == doctest::Approx(std::min(free, wish.most_cpus)).epsilon(1e-9));
    CHECK(got->cpus >= wish.least_cpus - 1e-9);
    CHECK(got->gpus.size() == std::min(free_gpus(wish), wish.most_gpus));
    machine_holding h{static_cast<std::int64_t>(there_.size()), {}, got->cpus, machine_.cpus, {}};
    for (const auto gpu : got->gpus) {
      CHECK(std::ranges::count(wish.gpus, gpu) == 1);
      h.gpus.push_back(machine_.gpus.at(gpu));
    }
    there_.push_back(*read_holding(to_text(h))); // as the next one reads it
  }

  std::size_t free_gpus(const machine_wish& wish) const {
    return static_cast<std::size_t>(std::ranges::count_if(wish.gpus, [&](std::size_t gpu) {
      return std::ranges::none_of(there_, [&](const auto& h) {
        return std::ranges::count(h.gpus, machine_.gpus[gpu]) > 0;
      });
    }));
  }

  void check_nothing_twice() const {
    double cpus = 0;
    std::map<std::string, int> gpus;
    for (const auto& h : there_) {
      cpus += h.cpus;
      for (const auto& gpu : h.gpus)
        CHECK(++gpus[gpu] == 1);
    }
    CHECK(cpus <= static_cast<double>(machine_.cpus.size()) + 1e-9);
  }

  random_stream random_;
  machine_view machine_;
  std::vector<machine_holding> there_;
  int refused_ = 0;
};

} // namespace

TEST_CASE("a study that is alone has all that it asks for") {
  CHECK(share({1, 2, {0, 1}, 1, 2}, {}) == machine_share{2, {0, 1}});
  CHECK(share({0.5, 1.5, {1}, 1, 1}, {}) == machine_share{1.5, {1}});
}

TEST_CASE("a study has what others leave, if that is what it needs") {
  CHECK(share({0.5, 2, {}, 0, 0}, {holds_cpus(1.25), holds_cpus(0.25)}) == machine_share{0.5, {}});
  CHECK_FALSE(share({0.5, 2, {}, 0, 0}, {holds_cpus(1.25), holds_cpus(0.2501)}));
  CHECK(share({0, 0, {0, 1}, 1, 2}, {holds_cpus(2, {"0"})}) == machine_share{0, {1}});
  CHECK_FALSE(share({0, 0, {0}, 1, 1}, {holds_cpus(0, {"0"})}));
  CHECK(share({0, 0, {0, 1}, 0, 0}, {holds_cpus(2, {"0", "1"})}) == machine_share{});
}

TEST_CASE("tenths of CPUs add up") {
  CHECK(share({0.5, 0.5, {}, 0, 0}, std::vector(15, holds_cpus(0.1))) == machine_share{0.5, {}});
  CHECK_FALSE(share({0.5, 0.5, {}, 0, 0}, std::vector(16, holds_cpus(0.1))));
}

TEST_CASE("more CPUs than there are do not wait for others, though their GPUs do") {
  CHECK(share({3, 3, {}, 0, 0}, {holds_cpus(2)}) == machine_share{3, {}});
  CHECK_FALSE(share({3, 3, {0}, 1, 1}, {holds_cpus(2, {"0"})}));
  CHECK_FALSE(share({1, 2, {}, 0, 0}, {holds_cpus(3)})); // and leave others none
}

TEST_CASE("who runs on other CPUs takes none of ours") {
  CHECK(share({2, 2, {}, 0, 0}, {holds_cpus(4, {}, {2, 3, 4, 5})}) == machine_share{2, {}});
  CHECK(share({1, 2, {}, 0, 0}, {holds_cpus(3, {}, {1, 2, 3, 4})}) == machine_share{1, {}});
  CHECK_FALSE(share({1, 2, {}, 0, 0}, {holds_cpus(2, {}, {0, 1, 2, 3})}));
}

TEST_CASE("a GPU is the same whatever a process calls it") {
  const machine_view third_first{{0}, {"2", "0"}};
  CHECK(share_of({0, 0, {0, 1}, 1, 2}, third_first, std::vector{holds_cpus(0, {"0", "1"})}) ==
        machine_share{0, {0}});
}

TEST_CASE("whoever comes and goes, nothing is held twice, and nobody gets less than is free") {
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    sharing_crowd c{seed};
    c.live();
    refused += c.refused();
  }
  CHECK(refused > 1000);
}

TEST_CASE("what a study holds is read as it was written") {
  const machine_holding all{4711, "/a b/\"c\"\n", 1.0001, {0, 3}, {"1", "GPU-8932f937"}};
  CHECK(read_holding(to_text(all)) == all);
  const machine_holding none{1, std::nullopt, 0, {}, {}};
  CHECK(read_holding(to_text(none)) == none);
  CHECK(std::ranges::count(to_text(all), '\n') == 1);
}

TEST_CASE("anything else is no holding") {
  const auto line = to_text(machine_holding{4711, "/a", 1.5, {0, 3}, {"1"}});
  for (const auto* text : {"", "[]", "{}", "null", "\xff\xfe"})
    CHECK_FALSE(read_holding(text));
  for (const auto& [from, to] : std::map<std::string, std::string>{
           {"1.5", "-1"}, {"1.5", "1e300"}, {"1.5", "\"all\""}, {"[0, 3]", "0"}, {"\"1\"", "1"}}) {
    auto other = line;
    other.replace(other.find(from), from.size(), to);
    CHECK_FALSE(read_holding(other));
  }
  random_stream random{7, 0, "damage"};
  for (int i = 0; i < 2000; ++i) {
    auto damaged = line.substr(0, random.below(line.size() + 1));
    if (!damaged.empty())
      damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    if (const auto h = read_holding(damaged)) CHECK((h->cpus >= 0 && h->cpus <= 1e9));
  }
}
