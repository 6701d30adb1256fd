#pragma once

#include "base/options.hpp"

#include <troupe/plugins.hpp>
#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// A searcher that a study can name: what it is called and can be told, what it needs and does, and
/// how to make it.
struct known_searcher {
  const plugin& about;

  /// Null if the program has added it.
  std::unique_ptr<searcher> (*make)(const study&) = nullptr;

  /// Whether suggestions depend on results; those that wrap another learn if that does.
  bool learns = true;

  /// Whether it makes use of several objectives, or does not look at them at all.
  bool many_objectives = false;

  /// Whether it goes through the values of a grid_search.
  bool takes_grids = false;

  /// Whether it goes through all values of every parameter, which it must know beforehand.
  bool needs_finite_space = false;

  /// Returns whether it passes on what another suggests.
  bool wraps() const;

  /// Returns what it needs and does in words: "takes several metrics".
  std::vector<std::string> traits() const;
};

/// Makes another one known. Throws std::invalid_argument as registry::add does.
void add_searcher(searcher_plugin p);

/// Returns all there are; the one for studies that name none is the last.
std::vector<known_searcher> known_searchers();

/// Returns the one called `name`, if there is one.
std::optional<known_searcher> find_searcher(std::string_view name);

/// Returns what is to be known of their options.
plugin_list searcher_plugins();

/// Returns the study's searcher and those inside it, outermost first.
std::vector<named_options> searchers_of(const study& s);

/// Returns whether suggestions depend on results.
bool learns(const study& s);

} // namespace troupe
