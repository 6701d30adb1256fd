#pragma once

#include <caf/error.hpp>
#include <caf/result.hpp>
#include <caf/sec.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace troupe {

/// A searcher or scheduler, which may throw, behind a mailbox, which must not: what it throws is
/// the answer to the question, or to the next one if it was only told something. It is told nothing
/// after that.
template <class Logic>
class candid_logic {
public:
  explicit candid_logic(std::unique_ptr<Logic> logic) : logic_{std::move(logic)} {}

  template <class Action>
  void tell(Action action) {
    if (problem_) return;
    try {
      action(*logic_);
    } catch (const std::exception& e) {
      problem_ = e.what();
    }
  }

  template <class Question>
  auto ask(Question question) -> caf::result<decltype(question(std::declval<Logic&>()))> {
    if (!problem_) try {
        return question(*logic_);
      } catch (const std::exception& e) {
        problem_ = e.what();
      }
    return caf::make_error(caf::sec::runtime_error, *problem_);
  }

private:
  std::unique_ptr<Logic> logic_;
  std::optional<std::string> problem_;
};

} // namespace troupe
