#include "views/trial_table.hpp"

#include "base/path.hpp"
#include "views/varying_parameters.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <unordered_set>

namespace troupe {

namespace {

namespace json = boost::json;

/// Which columns a narrow terminal does without, in words: the later ones first.
struct rank {
  static constexpr int needed = 0, objective = 1, parameter = 2, metric = 3, name = 4, progress = 5,
                       time = 6, reason = 7;
};

/// The paths of what is no object, each once, in the order of their first appearance.
class path_list {
public:
  void add(const config& c, const std::string& parent = {}) {
    for (const auto& [key, value] : c) {
      auto path = join_path(parent, key);
      if (value.is_object() && !value.get_object().empty())
        add(value.get_object(), path);
      else if (known_.insert(path).second)
        paths_.push_back(std::move(path));
    }
  }

  const std::vector<std::string>& paths() const noexcept { return paths_; }

private:
  std::unordered_set<std::string> known_;
  std::vector<std::string> paths_;
};

/// Adds one column after the other.
class trial_table_builder {
public:
  trial_table_builder(const study_results& r, const search_space& space)
      : results_{r},
        varying_{varying_parameters(space)} {
    for (const auto& t : r.trials)
      paths_.add(t.config);
    table_.rows.resize(r.trials.size());
  }

  table build() && {
    add({"id"}, [](const trial_summary& t) { return json::value(trial_id(t.number)); });
    add({"state"}, [](const trial_summary& t) { return json::value(to_string(t.state)); });
    if (!results_.trial_name.empty())
      add({"name", {}, true, rank::name}, [&](const trial_summary& t) {
        return json::value(name_of(results_.trial_name, t.number, t.config));
      });
    add_parameters();
    add_metrics();
    if (results_.scope != scope::last)
      add({"value", {}, true, rank::objective}, [](const trial_summary& t) {
        return t.score ? json::value(*t.score) : json::value(nullptr);
      });
    add_life();
    return std::move(table_);
  }

private:
  template <class Cell>
  void add(table::column c, Cell cell) {
    for (std::size_t i = 0; i < table_.rows.size(); ++i)
      table_.rows[i].push_back(cell(results_.trials[i]));
    table_.columns.push_back(std::move(c));
  }

  /// What a parameter or a metric is called: its full name if the plain one is another's.
  std::string plain_name(const std::string& name, const std::string& full, bool is_parameter) {
    static const std::set<std::string, std::less<>> own{"id",     "state",       "name",
                                                        "value",  "iterations",  "wall_s",
                                                        "reason", "reason_kind", "checkpoint"};
    const bool is_both = is_parameter
                             ? std::ranges::find(metrics_, name) != metrics_.end()
                             : std::ranges::find(paths_.paths(), name) != paths_.paths().end();
    return own.contains(name) || is_both ? full : name;
  }

  void add_parameters() {
    for (const auto& t : results_.trials)
      for (const auto& [name, value] : t.last)
        if (std::ranges::find(metrics_, name) == metrics_.end()) metrics_.push_back(name);
    for (const auto& path : paths_.paths()) {
      const auto full = "config/" + path;
      const bool shown =
          std::ranges::any_of(varying_, [&](const auto& one) { return lies_in(path, one); });
      add({plain_name(path, full, true), full, shown, rank::parameter},
          [&](const trial_summary& t) {
            const auto* v = find(t.config, path);
            return v ? *v : json::value(nullptr);
          });
    }
  }

  void add_metrics() {
    for (const auto& name : metrics_) {
      const auto full = "metrics/" + name;
      const bool is_objective = name == results_.metric;
      add({plain_name(name, full, false), full, true,
           is_objective ? rank::objective : rank::metric},
          [&](const trial_summary& t) {
            const double* x = t.last.find(name);
            return x ? json::value(*x) : json::value(nullptr);
          });
    }
  }

  void add_life() {
    const auto text = [](std::string_view s) {
      return s.empty() ? json::value(nullptr) : json::value(s);
    };
    add({"iterations", {}, true, rank::progress},
        [](const trial_summary& t) { return json::value(t.iterations); });
    add({"wall_s", {}, true, rank::time},
        [](const trial_summary& t) { return json::value(t.wall_s); });
    add({"reason", {}, true, rank::reason}, [&](const trial_summary& t) { return text(t.reason); });
    add({"reason_kind", {}, false, rank::reason}, [&](const trial_summary& t) {
      return t.reason_kind == reason_kind::none ? json::value(nullptr)
                                                : text(to_string(t.reason_kind));
    });
    add({"checkpoint", {}, false, rank::reason}, [](const trial_summary& t) {
      return t.checkpoint ? json::value(*t.checkpoint) : json::value(nullptr);
    });
  }

  const study_results& results_;
  std::vector<std::string> varying_, metrics_;
  path_list paths_;
  table table_;
};

} // namespace

table trial_table(const study_results& r, const search_space& space) {
  return trial_table_builder{r, space}.build();
}

table of_trials(const table& all, const std::vector<trial_number>& which) {
  table some{all.columns, {}};
  for (const auto n : which)
    some.rows.push_back(all.rows.at(n));
  return some;
}

} // namespace troupe
