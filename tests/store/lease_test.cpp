#include "store/lease_kit.hpp"

#include <limits>

using namespace troupe;
using namespace lease_kit;
using store_kit::contains;
using store_kit::message_of;

namespace {

/// Tells of a trial, as somebody who has lost it: returns the refusal.
std::string refusal(const leased_folder& study, const asked_study::trial& t) {
  return message_of<lost_trial>([&] { study.telling().tell(t.number, {0.5}, t.token); });
}

bool is_exhausted(const asked_study::answer& answer) {
  return std::holds_alternative<exhausted>(answer);
}

} // namespace

TEST_CASE("a trial whose lease ran out goes on with the next who asks, where it was") {
  leased_folder study{R"("num_samples": 1, "max_failures": 1)"};
  const auto lost = study.asked("anna");
  study.telling().tell_step(0, {0.5}, 7, lost.token);
  study.pass(60.5);
  const auto found = study.asked("bert");
  CHECK(found.number == 0);
  CHECK(found.params == lost.params);
  CHECK(found.from_iteration == 7);
  CHECK(found.token != lost.token);
  const auto before = study.events().size();
  CHECK(refusal(study, lost) == "too late: trial 00000 is not held by --token " + *lost.token +
                                    " any more: client \"bert\" has it; nothing was recorded");
  CHECK(study.events().size() == before);
  study.telling().tell_step(0, {0.25}, 8, found.token);
  study.telling().tell(0, {0.125}, found.token);
  CHECK(is_exhausted(study.ask()));
  const auto failed = study.all<event_kind::trial_failed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].error ==
        "its lease of 60 s ran out: nothing was heard of client \"anna\" for 60.5 s");
  CHECK(failed[0].retry);
  CHECK(failed[0].counts);
}

TEST_CASE("a trial is taken from the silent as often as it may fail, then it has failed") {
  leased_folder study{R"("num_samples": 1, "max_failures": 2)"};
  for (int attempt = 1; attempt <= 3; ++attempt) {
    CHECK(study.asked().number == 0);
    study.pass(61);
  }
  CHECK(is_exhausted(study.ask()));
  CHECK(study.all<event_kind::trial_failed>().size() == 3);
  CHECK_FALSE(study.all<event_kind::trial_failed>().back().retry);
  CHECK(study.all<event_kind::trial_ended>().at(0).state == trial_state::failed);
  CHECK(study.all<event_kind::study_ended>().size() == 1);
}

TEST_CASE("a lease begins anew with every report and with every renewal") {
  leased_folder study{R"("num_samples": 1, "max_failures": 1)"};
  const auto t = study.asked();
  study.pass(60); // exactly its lease
  CHECK(std::holds_alternative<not_now>(study.ask()));
  study.telling().tell_step(0, {0.5}, 1, t.token);
  study.pass(60);
  CHECK(std::holds_alternative<not_now>(study.ask()));
  CHECK(study.telling().renew(0, t.token) == study.now() + 60'000'000'000);
  study.pass(60);
  CHECK(std::holds_alternative<not_now>(study.ask()));
  CHECK(study.telling().renew(0, t.token, 600) == study.now() + 600'000'000'000);
  study.telling().tell_step(0, {0.5}, 2, t.token);
  study.pass(600);
  CHECK(std::holds_alternative<not_now>(study.ask()));
  study.pass(0.001);
  CHECK(study.asked().from_iteration == 2);
}

TEST_CASE("what renews a lease is none of the time that an iteration takes") {
  leased_folder study{R"("num_samples": 1)"};
  const auto t = study.asked();
  study.pass(20);
  study.telling().renew(0, t.token);
  study.pass(20);
  study.telling().tell_step(0, {0.5}, 1, t.token);
  CHECK(study.all<event_kind::trial_reported>().at(0).iteration_s == 40);
}

TEST_CASE("who is late still counts if nobody has asked meanwhile") {
  leased_folder study{R"("num_samples": 2, "max_failures": 1)"};
  const auto t = study.asked();
  study.pass(1000);
  study.telling().tell_step(0, {0.5}, 1, t.token);
  CHECK(study.asked().number == 1);
  study.pass(1000);
  study.telling().renew(0, t.token);
  study.telling().tell(0, {0.25}, t.token);
  CHECK(study.asked().number == 1);
}

TEST_CASE("a clock that is set back gives no trial away early") {
  leased_folder study{R"("num_samples": 1, "max_failures": 1)"};
  const auto t = study.asked();
  study.pass(-3600);
  CHECK(std::holds_alternative<not_now>(study.ask()));
  study.telling().renew(0, t.token);
  study.pass(59);
  CHECK(std::holds_alternative<not_now>(study.ask()));
  study.pass(2);
  CHECK(study.asked().number == 0);
}

TEST_CASE("without a lease a trial is its trainer's for ever") {
  leased_folder study{R"("num_samples": 1, "max_failures": 5)"};
  const auto t = study.asked({}, {});
  CHECK_FALSE(t.token);
  study.pass(1e9);
  CHECK(std::holds_alternative<not_now>(study.ask()));
  study.telling().tell(0, {0.5});
  CHECK(study.all<event_kind::trial_leased>().empty());
}

TEST_CASE("who tells of a trial under a lease shows its token, and no other's") {
  leased_folder study{R"("num_samples": 2)"};
  const auto t = study.asked();
  const auto other = study.asked();
  const auto before = study.events().size();
  const auto wanted = "trial 00000 is held under a lease: --token must say by whom; `ask` printed "
                      "it with the trial";
  const auto complaint = [](const auto& f) { return message_of<std::invalid_argument>(f); };
  CHECK(complaint([&] { study.telling().tell(0, {0.5}); }) == wanted);
  CHECK(complaint([&] { study.telling().tell_step(0, {0.5}, 1); }) == wanted);
  CHECK(complaint([&] { study.telling().fail(0, "why"); }) == wanted);
  CHECK(complaint([&] { study.telling().renew(0, {}); }) == wanted);
  CHECK(contains(refusal(study, {0, {}, 0, other.token}), "a client without a name has it"));
  CHECK(contains(complaint([&] { study.telling().tell(7, {0.5}, t.token); }), "no trial 00007"));
  CHECK(study.events().size() == before);
  study.telling().tell(0, {0.5}, t.token);
  CHECK(contains(refusal(study, t), "it is completed; nothing was recorded"));
}

TEST_CASE("a trial without a lease has none to renew, and takes no token") {
  leased_folder study{R"("num_samples": 1)"};
  study.asked({}, {});
  CHECK(contains(message_of<std::invalid_argument>([&] { study.telling().renew(0, {}); }),
                 "trial 00000 is under no lease"));
  CHECK(contains(refusal(study, {0, {}, 0, "1-00000000"}), "a client without a name has it"));
}

TEST_CASE("a client that comes back holds its trial alone, whoever else has its name") {
  leased_folder study{R"("num_samples": 2)"};
  const auto first = study.asked("anna");
  study.pass(1000); // It is late, but the first to ask.
  const auto again = study.asked("anna", {});
  CHECK(again.number == first.number);
  REQUIRE(again.token);
  CHECK(again.token != first.token);
  CHECK(contains(refusal(study, first), "client \"anna\" has it"));
  study.telling().tell(0, {0.5}, again.token);
  CHECK(study.asked("bert", {}).number == 1);
  CHECK_FALSE(study.asked("bert", {}).token);
  CHECK(study.asked("bert", 30).token);
}

TEST_CASE("a trial that is given back by hand is for the next, however often") {
  leased_folder study{R"("num_samples": 1)"};
  for (const std::optional<double> lease_s : {std::optional{60.0}, {}, std::optional{60.0}}) {
    const auto t = study.asked({}, lease_s);
    CHECK(t.number == 0);
    study.telling().drop(0);
    if (lease_s) CHECK(contains(refusal(study, t), "it is pending: given back by hand"));
    CHECK(message_of<std::invalid_argument>([&] { study.telling().drop(0); }) ==
          "trial 00000 does not run: it is pending");
  }
  const auto t = study.asked();
  study.telling().tell(0, {0.5}, t.token);
  CHECK(is_exhausted(study.ask()));
  for (const auto& failed : study.all<event_kind::trial_failed>())
    CHECK_FALSE(failed.counts);
}

TEST_CASE("a study that winds up ends when its last trial is given back, or its lease is out") {
  for (const bool by_hand : {true, false}) {
    CAPTURE(by_hand);
    leased_folder study{R"("num_samples": 9, "stoppers": [{"name": "target", "value": 0.1}])"};
    const auto t = study.asked();
    study.asked();
    study.telling().tell(0, {0.05}, t.token);
    CHECK(std::holds_alternative<not_now>(study.ask()));
    if (by_hand)
      study.telling().drop(1);
    else
      study.pass(61);
    CHECK(is_exhausted(study.ask()));
    CHECK(study.all<event_kind::trial_ended>().back().state == trial_state::stopped);
    CHECK(study.all<event_kind::study_ended>().size() == 1);
  }
}

TEST_CASE("a study is not exhausted while one of its trials may still be somebody's") {
  leased_folder study{R"("num_samples": 2)"};
  study.asked();
  const auto t = study.asked();
  study.telling().tell(1, {0.5}, t.token);
  auto waiting = study.asking();
  CHECK(std::holds_alternative<not_now>(waiting.ask({}, 60.0)));
  CHECK(waiting.holders().next_to_run_out() == study.now() + 60'000'000'000);
}

TEST_CASE("what is left when the last clients have died is settled by whoever asks") {
  leased_folder study{R"("num_samples": 3)"};
  for (int i = 0; i < 3; ++i)
    study.asked();
  study.pass(61);
  CHECK(is_exhausted(study.ask()));
  CHECK(std::filesystem::exists(study.folder() / "summary.json"));
  for (const auto& ended : study.all<event_kind::trial_ended>())
    CHECK(ended.state == trial_state::failed);
}

TEST_CASE("a lease in a journal has a length") {
  leased_folder study{R"("num_samples": 1)"};
  study.asked();
  auto events = study.events();
  REQUIRE(std::holds_alternative<event_kind::trial_leased>(events.back().body));
  for (const double wrong : {0.0, -1.0, 1e10, std::numeric_limits<double>::quiet_NaN()}) {
    std::get<event_kind::trial_leased>(events.back().body).lease_s = wrong;
    journal_check check;
    CHECK(contains(message_of<std::invalid_argument>([&] {
                     for (const auto& e : events)
                       check.take(e);
                   }),
                   "\"lease_s\" must be above 0"));
  }
}
