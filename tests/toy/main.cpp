// A program like a user's, for the tests that look at the command line from outside: its trainable
// is quick, needs no libtorch, and misbehaves on request.

#include <troupe/cli.hpp>
#include <troupe/errors.hpp>
#include <troupe/plugins.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

namespace {

using namespace troupe;

std::vector<std::byte> bytes_of(const std::string& text) {
  std::vector<std::byte> bytes(text.size());
  std::ranges::transform(text, bytes.begin(), [](char c) { return std::byte(c); });
  return bytes;
}

/// What a trial has after so many reports: their number, and so many bytes that depend on it.
checkpoint state_after(int reports, std::size_t ballast) {
  std::vector<blob> blobs{{"state.txt", bytes_of(std::to_string(reports))}};
  if (ballast > 0) blobs.push_back({"ballast.bin", std::vector(ballast, std::byte(reports))});
  return checkpoint{std::move(blobs)};
}

/// A trial that has reported goes on from a whole checkpoint, its own or another's, or not at all.
void check_start(const trial& t, std::size_t ballast) {
  if (!t.last_checkpoint()) {
    if (t.iteration() == 0) return;
    throw std::runtime_error{"the trial goes on without a checkpoint"};
  }
  const auto reported = state_after(t.iteration(), ballast);
  for (const auto& b : reported.blobs())
    if (t.last_checkpoint().at(b.name).bytes != b.bytes)
      throw std::runtime_error{"the trial goes on from something else than it reported: " + b.name};
}

/// Takes more and more memory, at most a gigabyte, and keeps it.
void devour() {
  constexpr std::size_t piece = std::size_t{16} << 20;
  std::vector<std::vector<std::byte>> all;
  for (int i = 0; i < 64; ++i) {
    all.emplace_back(piece, std::byte(i));
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  std::this_thread::sleep_for(std::chrono::hours{1});
}

/// Does what parameter "behaviour" says; the rest of the time it reports x / iteration. Its
/// checkpoints have so many bytes more than they need.
void train(trial& t, std::size_t ballast) {
  check_start(t, ballast);
  const auto behaviour = t.param<std::string>("behaviour");
  const double x = t.param<double>("x");
  for (int i = t.iteration() + 1; i <= t.param<int>("epochs"); ++i) {
    if (behaviour == "throw") throw std::runtime_error{"the toy is broken\nfar down below"};
    if (behaviour == "no_memory") throw std::bad_alloc{};
    if (behaviour == "no_words") throw std::runtime_error{""};
    if (behaviour == "no_exception") throw 7;
    if (behaviour == "own_kind") throw trial_error{reason_kind::lost, "its data are gone"};
    const bool waits_once = behaviour == "wait_once" && i == 2 && t.iteration() == 0;
    if (behaviour == "wait" || waits_once)
      while (!t.stopping())
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    if (behaviour == "segfault") std::raise(SIGSEGV);
    if (behaviour == "abort") std::abort();
    if (behaviour == "exit") std::_Exit(3);
    if (behaviour == "devour") devour();
    if (behaviour == "hang") std::this_thread::sleep_for(std::chrono::hours{1});
    std::this_thread::sleep_for(std::chrono::milliseconds{t.param<int>("pace_ms")});
    t.log("epoch " + std::to_string(i));
    if (behaviour == "print") std::printf("printed by %s\n", t.id().c_str());
    metrics m{{"loss", behaviour == "nan" ? std::nan("") : x / i}, {"accuracy", 1 - x / i}};
    if (behaviour == "no_metric") m = {{"score", x}};
    if (!t.report(std::move(m), state_after(i, ballast))) return;
  }
}

trainable toy() {
  const auto ballast = std::make_shared<std::size_t>(0);
  trainable t{.name = "toy", .help = "x / iteration", .train = [ballast](trial& one) {
                train(one, *ballast);
              }};
  t.parameters = {{"x", parameter::kind::real, 0, {}, {}, "a number"},
                  {"epochs", parameter::kind::integer, 1, {}, 3, "reports"},
                  {"pace_ms", parameter::kind::integer, 0, {}, 0, "time that an epoch takes"},
                  {"behaviour", parameter::kind::text, {}, {}, "well", "what goes wrong"}};
  t.options = {
      {"data", parameter::kind::text, {}, {}, nullptr, "\"missing\" to have none"},
      {"api_token", parameter::kind::text, {}, {}, nullptr, "a secret, whose length is told"},
      {"ballast_kb", parameter::kind::integer, 0, 1e6, nullptr, "what checkpoints have too much"},
      {"loads",
       parameter::kind::text,
       {},
       {},
       nullptr,
       "a file for the numbers of those who load"}};
  t.checkpoints = true;
  t.load = [ballast](const run_context& c) {
    if (const auto* kb = c.options.if_contains("ballast_kb"))
      *ballast = kb->to_number<std::size_t>() * 1024;
    if (c.options.contains("loads"))
      std::ofstream{param<std::string>(c.options, "loads"), std::ios::app}
          << std::to_string(getpid()) + "\n";
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

/// Writes down, a line each, what it hears.
callback_plugin notes() {
  return {.name = "notes",
          .help = "writes down what it hears",
          .options = {{.name = "file", .type = parameter::kind::text, .help = "where"}},
          .make = [](const study&, const boost::json::object& options) {
            const auto note = [file = param<std::string>(options, "file")](const char* what) {
              return [file, what](const trial_summary& t) {
                std::ofstream{file, std::ios::app} << what << ' ' << trial_id(t.number) << '\n';
              };
            };
            return study_callbacks{.trial_started = note("started"),
                                   .trial_ended = note("ended"),
                                   .improved = note("improved")};
          }};
}

} // namespace

int main(int argc, char** argv) {
  return cli_main(argc, argv, registry{}.add(toy()).add(notes()));
}
