// A program like a user's, for the tests that look at the command line from outside: its trainable
// is quick, needs no libtorch, and misbehaves on request.

#include <troupe/cli.hpp>
#include <troupe/errors.hpp>

#include <chrono>
#include <cmath>
#include <string>
#include <thread>

namespace {

using namespace troupe;

/// Does what parameter "behaviour" says; the rest of the time it reports x / iteration.
void train(trial& t) {
  const auto behaviour = t.param<std::string>("behaviour");
  const double x = t.param<double>("x");
  for (int i = t.iteration() + 1; i <= t.param<int>("epochs"); ++i) {
    if (behaviour == "throw") throw std::runtime_error{"the toy is broken\nfar down below"};
    if (behaviour == "wait")
      while (!t.stopping())
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    if (behaviour == "hang") std::this_thread::sleep_for(std::chrono::hours{1});
    std::this_thread::sleep_for(std::chrono::milliseconds{t.param<int>("pace_ms")});
    t.log("epoch " + std::to_string(i));
    metrics m{{"loss", behaviour == "nan" ? std::nan("") : x / i}, {"accuracy", 1 - x / i}};
    if (behaviour == "no_metric") m = {{"score", x}};
    const std::string state = std::to_string(i);
    std::vector<std::byte> bytes(state.size());
    for (std::size_t k = 0; k < state.size(); ++k)
      bytes[k] = std::byte(state[k]);
    if (!t.report(std::move(m), checkpoint{{blob{"state.txt", std::move(bytes)}}})) return;
  }
}

trainable toy() {
  trainable t{.name = "toy", .help = "x / iteration", .train = train};
  t.parameters = {{"x", parameter::kind::real, 0, {}, {}, "a number"},
                  {"epochs", parameter::kind::integer, 1, {}, 3, "reports"},
                  {"pace_ms", parameter::kind::integer, 0, {}, 0, "time that an epoch takes"},
                  {"behaviour", parameter::kind::text, {}, {}, "well", "what goes wrong"}};
  t.options = {{"data", parameter::kind::text, {}, {}, {}, "\"missing\" to have none"},
               {"api_token", parameter::kind::text, {}, {}, {}, "a secret, whose length is told"}};
  t.checkpoints = true;
  t.load = [](const run_context& c) {
    if (c.options.contains("data")) throw data_error{"no toys in " + c.data_dir.string()};
    if (const auto* token = c.options.if_contains("api_token"))
      c.say("a token of " + std::to_string(token->as_string().size()) + " letters");
  };
  t.test = [](const config& c, const checkpoint& from) {
    (void)from.at("state.txt");
    return metrics{{"accuracy", 1 - param<double>(c, "x")}};
  };
  return t;
}

} // namespace

int main(int argc, char** argv) {
  return cli_main(argc, argv, registry{}.add(toy()));
}
