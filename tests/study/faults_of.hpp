#pragma once

#include <troupe/study.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Returns the faults of a study file called s.json, one a line; empty if it has none.
inline std::string faults_of(std::string_view text,
                             const std::vector<std::string>& overrides = {}) {
  try {
    troupe::parse_study(text, "s.json", overrides);
    return {};
  } catch (const troupe::invalid_study& e) {
    return e.what();
  }
}

/// Returns the faults that a member, like `"seed": -1`, makes in a study that is right otherwise;
/// the member stands at 1:20.
inline std::string faults_with(const std::string& member) {
  return faults_of("{\"metric\": \"loss\", " + member + "}");
}
