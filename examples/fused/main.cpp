// A network of one's own, trained by Troupe's engine for CPUs, without libtorch: it learns to tell
// whether a point lies inside of a ring.
//
//     fused run examples/fused/study.json

#include <troupe/cli.hpp>
#include <troupe/fused.hpp>
#include <troupe/random.hpp>

namespace {

/// Points of the square around 0, and whether their distance from it is between 1/2 and 1.
struct points {
  std::vector<float> places; ///< [N, 2]
  std::vector<std::int64_t> is_inside;

  points(std::size_t count, std::uint64_t seed) {
    troupe::random_stream random{seed, 0, "points"};
    for (std::size_t i = 0; i < count; ++i) {
      const double x = 3 * random.uniform() - 1.5, y = 3 * random.uniform() - 1.5;
      const double square = x * x + y * y;
      places.insert(places.end(), {static_cast<float>(x), static_cast<float>(y)});
      is_inside.push_back(square > 0.25 && square < 1);
    }
  }
};

void train(troupe::trial& t) {
  using namespace troupe::fused;
  const points known{2000, 1}, unseen{500, 2};
  const auto width = t.param<std::int64_t>("width");
  network net{features{2},
              {linear{width}, tanh_activation{}, dropout{t.param<double>("dropout")}, linear{width},
               tanh_activation{}, linear{2}},
              t.seed("weights"),
              t.threads()};
  trainer training{net, adam{.lr = t.param<double>("lr")}, t.seed("dropout")};
  if (t.last_checkpoint()) training.restore(t.last_checkpoint());

  constexpr std::size_t batch = 20;
  for (int epoch = t.iteration(); epoch < 20; ++epoch) {
    for (std::size_t i = 0; i < known.is_inside.size(); i += batch) {
      if (t.stopping()) return;
      training.step(std::span{known.places}.subspan(2 * i, 2 * batch),
                    std::span{known.is_inside}.subspan(i, batch));
    }
    auto logits = net.predict(unseen.places);
    double loss = 0;
    for (const auto label : unseen.is_inside) {
      loss += cross_entropy(logits.first(2), static_cast<std::size_t>(label));
      logits = logits.subspan(2);
    }
    loss /= static_cast<double>(unseen.is_inside.size());
    if (!t.report({{"loss", loss}}, training.save())) return;
  }
}

} // namespace

int main(int argc, char** argv) {
  return troupe::cli_main(argc, argv, troupe::registry{}.add("ring", train));
}
