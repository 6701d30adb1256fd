#pragma once

#include "store/asked_study.hpp"
#include "store/store_kit.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What the tests of leases share.
namespace lease_kit {

/// A study in a folder of its own, and a clock that goes only when it is told to.
class leased_folder {
public:
  explicit leased_folder(const std::string& more)
      : study_{troupe::parse_study(
            R"({"metric": "loss", "space": {"x": {"uniform": [0, 1]}}, "durability": "off", )" +
                more + "}",
            "s.json")} {}

  std::filesystem::path folder() const { return parent_ / "study"; }

  /// The folder, taken by one of those who ask.
  troupe::asked_study asking() const {
    return troupe::asked_study{folder(), study_, troupe::asked_total::as_begun, {}, clock()};
  }
  /// The same by one of those who tell.
  troupe::asked_study telling() const { return troupe::asked_study{folder(), {}, clock()}; }

  troupe::asked_study::answer ask(const std::optional<std::string>& client = {},
                                  std::optional<double> lease_s = 60) const {
    return asking().ask(client, lease_s);
  }

  /// Asks for a trial, which there must be.
  troupe::asked_study::trial asked(const std::optional<std::string>& client = {},
                                   std::optional<double> lease_s = 60) const {
    const auto answer = ask(client, lease_s);
    REQUIRE(std::holds_alternative<troupe::asked_study::trial>(answer));
    return std::get<troupe::asked_study::trial>(answer);
  }

  void pass(double seconds) { *now_ += static_cast<std::int64_t>(seconds * 1e9); }
  std::int64_t now() const { return *now_; }

  std::vector<troupe::event> events() const {
    std::vector<troupe::event> all;
    troupe::journal_reader reader{folder() / "study.db"};
    while (auto e = reader.next())
      all.push_back(std::move(*e));
    return all;
  }

  /// Returns the bodies of the events of one kind.
  template <class Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const auto& e : events())
      if (const auto* body = std::get_if<Kind>(&e.body)) found.push_back(*body);
    return found;
  }

private:
  troupe::wall_clock clock() const {
    return [now = now_] { return *now; };
  }

  temp_dir parent_;
  troupe::study study_;
  std::shared_ptr<std::int64_t> now_ = std::make_shared<std::int64_t>(store_kit::noon_ns);
};

} // namespace lease_kit
