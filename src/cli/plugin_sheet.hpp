#pragma once

#include "base/options.hpp"

#include <troupe/trainable.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// A line about an option.
struct sheet_line {
  std::string key;
  std::string allowed;  ///< "a number above 0".
  std::string fallback; ///< As JSON; empty: there is none.
  bool required = false;
  std::string help;
};

/// All that is to be known of something that a study file can name.
struct plugin_sheet {
  std::string name;
  std::string summary;
  std::vector<sheet_line> options;
  std::vector<sheet_line> parameters; ///< What a trainable reads from the space.
  std::vector<std::string> traits;    ///< In words.
};

/// Returns what there is of a kind: "searchers", "schedulers", "stoppers" or "trainables", which
/// are the program's.
std::vector<plugin_sheet> sheets_of(std::string_view kind, const registry& known);

std::string to_text(const plugin_sheet& sheet);
boost::json::object to_json(const plugin_sheet& sheet);

} // namespace troupe
