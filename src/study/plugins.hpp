#pragma once

#include "study/members.hpp"

#include <troupe/study.hpp>

#include <boost/json/object.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace troupe {

/// A searcher or scheduler that a study file can name.
struct plugin {
  std::string_view name;

  /// Reads the options and returns them all, defaults included.
  boost::json::object (*read_options)(member_reader& in);

  /// Returns whether, with these options, it cannot do without pausing trials, which takes
  /// trainables with checkpoints. Null: it can do without.
  bool (*must_pause)(const boost::json::object& options) = nullptr;

  /// Whether it makes use of several objectives, or does not look at them at all.
  bool many_objectives = false;

  /// Whether it goes through all values of every parameter.
  bool needs_finite_space = false;
};

std::span<const plugin> known_searchers();
std::span<const plugin> known_schedulers();

std::span<const plugin> known_stoppers();

/// Reads the member `key` of `in`, `{"name": NAME, …options}`, where NAME is one of `known`.
void read_plugin(member_reader& in, std::string_view key, std::span<const plugin> known,
                 named_options& out);

/// Reads the member `key` of `in`: a list of the same.
void read_plugins(member_reader& in, std::string_view key, std::span<const plugin> known,
                  std::vector<named_options>& out);

} // namespace troupe
