#pragma once

#include "base/options.hpp"

#include <troupe/trainable.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

/// A plugin that a program adds at run time, described as those are that were compiled in.
class added_plugin {
public:
  /// Throws std::invalid_argument if the name is empty, or an option is of a kind that options of
  /// plugins are not: lists and objects.
  added_plugin(std::string name, std::string help, std::vector<parameter> options);
  added_plugin(const added_plugin&) = delete;
  added_plugin& operator=(const added_plugin&) = delete;

  const plugin& about() const noexcept { return about_; }

  /// Returns all its options, as they are written out. Throws std::invalid_argument with all that
  /// is wrong with them.
  boost::json::object read(const boost::json::object& given) const;

private:
  std::string name_, help_;
  std::vector<parameter> parameters_;
  std::vector<std::string> fallbacks_; ///< As JSON; empty: there is none.
  std::vector<option> options_;
  plugin about_;
};

/// What a program has added of one kind, `Made` being how it is made and what it does. It stays
/// until the program ends, whatever takes its name later, because studies may be using it. Safe
/// from several threads.
template <class Made>
class plugin_shelf {
public:
  struct added {
    explicit added(Made m) : plugin{m.name, m.help, m.options}, made{std::move(m)} {}

    added_plugin plugin;
    Made made;
  };

  /// Throws std::invalid_argument as added_plugin does, and if `taken` is true, for then the name
  /// is one of Troupe's, or if there is nothing to make it with.
  void add(Made made, bool taken) {
    if (taken)
      throw std::invalid_argument{"\"" + made.name + "\" is the name of one of Troupe's own"};
    if (!made.make) throw std::invalid_argument{"plugin \"" + made.name + "\" has no `make`"};
    auto one = std::make_unique<const added>(std::move(made));
    const std::scoped_lock lock{mutex_};
    std::erase_if(present_, [&](const added* a) { return a->made.name == one->made.name; });
    present_.push_back(one.get());
    all_.push_back(std::move(one));
  }

  /// Returns the one called `name`, or null.
  const added* find(std::string_view name) const {
    const std::scoped_lock lock{mutex_};
    const auto found =
        std::ranges::find_if(present_, [&](const added* a) { return a->made.name == name; });
    return found == present_.end() ? nullptr : *found;
  }

  std::vector<const added*> all() const {
    const std::scoped_lock lock{mutex_};
    return present_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<const added>> all_;
  std::vector<const added*> present_; ///< Those that have their name still.
};

} // namespace troupe
