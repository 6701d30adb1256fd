#include "cli/control_requests.hpp"

#include "actors/caf_compat.hpp"

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

namespace json = boost::json;

/// The disk may be slow, but an answer that never comes must not block others for ever.
constexpr auto longest_answer = std::chrono::seconds{25};

/// Sends a message; `take` is given the answer. Throws std::invalid_argument with the words of a
/// refusal.
template <class Message, class Take>
void exchange(caf::actor_system& system, const study_actor& study, Message message, Take take) {
  caf::scoped_actor self{system};
  std::string why_not;
  ask(self, study, longest_answer, std::move(message)).receive(take, [&](const caf::error& e) {
    why_not = explanation(e);
  });
  if (!why_not.empty()) throw std::invalid_argument{why_not};
}

/// The same, where the answer is that it is done.
template <class Message>
json::object tell_study(caf::actor_system& system, const study_actor& study, Message message) {
  exchange(system, study, std::move(message), [] {});
  return {};
}

std::optional<std::uint64_t> count_in(const json::object& request, std::string_view key) {
  const auto* found = request.if_contains(key);
  return found ? std::optional{found->to_number<std::uint64_t>()} : std::nullopt;
}

trial_number trial_in(const json::object& request) {
  return request.at("trial").to_number<trial_number>();
}

json::object pause(caf::actor_system& system, const study_actor& study) {
  json::object answer;
  exchange(system, study, pause_study{"troupe pause"}, [&](const leaving_trials& l) {
    answer = {{"running", l.running}, {"without_checkpoint", l.without_checkpoint}};
  });
  return answer;
}

json::object enqueue(caf::actor_system& system, const study_actor& study,
                     const json::object& request) {
  json::object answer;
  exchange(system, study, add_trial{request.at("config").as_object(), "troupe enqueue", true},
           [&](trial_number n) { answer["id"] = trial_id(n); });
  return answer;
}

} // namespace

json::object carry_out_request(caf::actor_system& system, const study_actor& study,
                               const json::object& request,
                               const std::function<bool()>& interrupt) {
  const std::string_view what = request.at("do").as_string();
  if (what == "pause") return pause(system, study);
  if (what == "continue") return tell_study(system, study, continue_study{});
  if (what == "stop" && request.contains("trial"))
    return tell_study(system, study, stop_trial{trial_in(request), "stopped by `troupe stop`"});
  if (what == "stop") {
    if (!interrupt()) throw std::invalid_argument{"the study is ending already"};
    return {};
  }
  if (what == "retry") return tell_study(system, study, retry_trial{trial_in(request)});
  if (what == "enqueue") return enqueue(system, study, request);
  if (what == "set")
    return tell_study(system, study,
                      change_limits{count_in(request, "num_samples"),
                                    count_in(request, "max_concurrent"), "troupe set"});
  throw std::invalid_argument{"this study is run by a `troupe` that does not know \"" +
                              std::string{what} + "\""};
}

} // namespace troupe
