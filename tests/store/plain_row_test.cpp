#include "base/json.hpp"
#include "store/event_json.hpp"
#include "store/event_text.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace store_kit;
using namespace troupe;
using namespace troupe::event_kind;

namespace {

std::string data_of(const event_body& body) {
  std::string text;
  append_journal_data(text, body, written_metrics{body});
  return text;
}

std::string told(const event_body& body) {
  return to_text(boost::json::value(to_json(body)));
}

/// What the long way makes of a row; none if it refuses it.
std::optional<std::string> long_way(std::size_t kind, const std::string& text) {
  try {
    return told(event_body_from_row(kind, parse_json(text).as_array()));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::optional<std::string> short_way(std::size_t kind, const std::string& text) {
  event_body body;
  if (!read_plain_row(kind, text, body)) return std::nullopt;
  return told(body);
}

const std::vector<event_body> frequent{
    study_started{"cifar", 10},
    trial_added{
        {{"lr", 1e-05}, {"net", {{"l1", 64}, {"act", "relu"}}}, {"on", true}, {"x", nullptr}}, 7},
    trial_started{2, 4, {7, 1.5, 0.5, 2.0, {1, 0}}, "client a"},
    trial_started{1, 0, {18446744073709551615U, 1, 0, 0, {}}, {}},
    trial_reported{5, {{"loss", 0.1}, {"gap", -2.5e300}, {"n", 5e-324}}, 3, 1.25, 6.5},
    trial_reported{1, {}, {}, 0, 0},
    trial_decided{5, verdict::pause, "rung 4", trial_state::paused, true, reason_kind::max_t},
    trial_failed{1, "boom", true, false, reason_kind::error},
    trial_paused{5, "rung 4"},
    trial_ended{trial_state::completed, ""},
    trial_ended{trial_state::stopped, "asha: loss 1.3 is worse than 1.2", reason_kind::pruned},
    trial_leased{"12-00ab", 2.5},
    choice_asked{},
};

const std::vector<event_body> rare{
    trial_added{{{"name", "\u00fc \"quoted\" \\ \n"}, {"list", {1, 2}}}, 1},
    trial_reported{1, {{"loss", std::numeric_limits<double>::quiet_NaN()}}, {}, 0, 0},
    trial_exploited{12, 3, 20, 6.5, {{"lr", 0.12}}},
    study_resumed{study_limits{}, {1, 2}},
    study_ended{3, "enough"},
};

} // namespace

TEST_CASE("what is frequent in a journal is read from its text as by way of values") {
  for (const auto& body : frequent) {
    const auto text = data_of(body);
    CAPTURE(text);
    CHECK(short_way(body.index(), text) == told(body));
    CHECK(long_way(body.index(), text) == told(body));
  }
}

TEST_CASE("what is rare is left to the long way, or read as by it") {
  for (const auto& body : rare) {
    const auto text = data_of(body);
    CAPTURE(text);
    CHECK(long_way(body.index(), text).has_value());
    if (const auto read = short_way(body.index(), text)) CHECK(read == told(body));
  }
}

TEST_CASE("rows that are none are never read") {
  const char* const texts[] = {"",
                               "[",
                               "[]",
                               "[1",
                               "[1,",
                               "[1,2,3,4,5,6,7]",
                               "[01,{},null,0,0]",
                               "[1.0,{},null,0,0]",
                               "[1,{},null,.5,0]",
                               "[1,{},null,1.,0]",
                               "[1,{},null,1e,0]",
                               "[1,{},null,inf,0]",
                               "[1,{},null,1e999,0]",
                               "[1,{},null,0e-99999999999999999999,0]",
                               "[99999999999,{},null,0,0]",
                               "[1,{\"a\":1,},null,0,0]",
                               "[1,{\"a\" 1},null,0,0]",
                               "[1,{},null,0,0] 1",
                               "[1,{},nul,0,0]",
                               "[1,{},null,0,0"};
  const auto kind = event_body{trial_reported{}}.index();
  for (const std::string text : texts) {
    CAPTURE(text);
    CHECK_FALSE(short_way(kind, text).has_value());
    CHECK_FALSE(long_way(kind, text).has_value());
  }
}

TEST_CASE("damaged rows are read as by way of values, or not at all") {
  std::mt19937 random{1}; // NOLINT(bugprone-random-generator-seed): the same in every run
  const std::string letters = "[]{}\",:.-+eE0123456789 \\ntrufalsx\x01\xc3";
  std::size_t read = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto& body = frequent[random() % frequent.size()];
    auto text = data_of(body);
    for (auto changes = random() % 3; changes > 0 && !text.empty(); --changes) {
      const auto at = random() % text.size();
      const char letter = letters[random() % letters.size()];
      if (random() % 3 == 0)
        text.erase(at, 1);
      else if (random() % 2 == 0)
        text.insert(at, 1, letter);
      else
        text[at] = letter;
    }
    CAPTURE(text);
    const auto found = short_way(body.index(), text);
    if (!found) continue;
    ++read;
    CHECK(found == long_way(body.index(), text));
  }
  CHECK(read > 5'000);
}
