#include "study/space_file.hpp"

#include "base/json.hpp"
#include "base/nearest.hpp"
#include "base/path.hpp"
#include "base/values.hpp"
#include "search/space/laws.hpp"
#include "search/space/space_json.hpp"
#include "search/space/space_order.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <variant>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::size_t most_conditions = 1'000'000;
constexpr std::size_t most_shown = 8; ///< Values of a list in a message.

std::string write_as_object(std::string_view name) {
  return "for a parameter called " + std::string{name} + " write {\"object\": {\"" +
         std::string{name} + "\": …}}";
}

/// Where a value stands: in the file, and in the space. They differ by "space" and by escapes.
struct place {
  std::string in_file;
  std::string in_space;

  place inside(std::string_view name) const {
    return {join_path(in_file, name), join_path(in_space, name)};
  }
};

class space_reader {
public:
  explicit space_reader(fault_list& faults) : faults_{faults} {}

  void read_members(const json::object& members, const place& at) {
    for (const auto& [key, v] : members) {
      const auto inner = at.inside(key);
      auto problem = wrong_name(key);
      if (problem.empty() && lists_values(v)) problem = choice_or_list(v);
      if (problem.empty())
        read_value(v, inner);
      else
        faults_.add(inner.in_file, std::move(problem));
    }
  }

  void read_value(const json::value& v, const place& at) {
    if (const auto* object = v.if_object())
      read_object(*object, at);
    else if (v.is_array() && holds_special_key(v))
      read_elements(v.get_array(), at);
    else
      add(constant{v}, at.in_file, at);
  }

  /// Adds a fault for each reference among the parameters that is wrong.
  void check_references() {
    for (auto& p : problems(space_)) {
      const auto& [parameter, conditions] = in_file_.at(p.path);
      const auto condition = conditions.find(p.key);
      faults_.add(condition == conditions.end() ? parameter : condition->second,
                  std::move(p.problem));
    }
  }

  search_space result() { return std::move(space_); }

private:
  /// Where a parameter stands in the file, and its conditions, by their keys in space_problem.
  struct file_places {
    std::string parameter;
    std::map<std::string, std::string> conditions;
  };

  static std::string wrong_name(std::string_view name) {
    if (name.empty()) return "a parameter needs a name";
    if (name.find('/') != name.npos)
      return "a name has no '/', which joins nested names; nest objects instead";
    if (list_index(name)) return "a number is no name, as it would stand for a list's element";
    return {};
  }

  static std::string choice_or_list(const json::value& v) {
    const auto shown = v.get_array().size() <= most_shown ? to_text(v) : "[…]";
    return "is a list: for one of its values write {\"choice\": " + shown +
           "}, for the list itself {\"const\": " + shown + "}";
  }

  void read_elements(const json::array& list, const place& at) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto inner = at.inside(std::to_string(i));
      read_value(list[i], inner);
      // An element with a fault keeps its place, so that those after it have theirs.
      if (!space_.holds(inner.in_space)) space_.add(inner.in_space, constant{nullptr});
    }
  }

  void read_object(const json::object& object, const place& at) {
    const auto key = special_key(object);
    if (object.empty()) return add(constant{object}, at.in_file, at);
    if (key.empty() && !foreign_key(object).empty()) return refuse_foreign(object, at);
    if (key.empty()) return read_members(object, at);
    const auto* when = object.if_contains(when_key);
    if (object.size() > (when ? 2 : 1)) return refuse_company(object, key, at);
    if (!when) return read_special(key, object.at(key), at);
    const auto outer = when_.size();
    const auto outer_places = condition_places_;
    if (read_conditions(*when, join_path(at.in_file, when_key)))
      read_special(key, object.at(key), at);
    when_.resize(outer);
    condition_places_ = outer_places;
  }

  void read_special(std::string_view key, const json::value& argument, const place& at) {
    const auto file_path = join_path(at.in_file, key);
    if (key == const_escape) return add(constant{argument}, file_path, at);
    if (key != object_escape) return read_law(key, argument, at);
    if (const auto* members = argument.if_object())
      return read_members(*members, {file_path, at.in_space});
    faults_.add(file_path, "must be an object; found " + describe(argument));
  }

  /// Adds the conditions of a `when` to those that hold here.
  bool read_conditions(const json::value& v, const std::string& file_path) {
    const auto* members = v.if_object();
    if (!members || members->empty()) {
      faults_.add(file_path, R"(must be an object, as in {"optimizer": "adam"} or )"
                             R"({"optimizer": ["adam", "sgd"]}; found )" +
                                 describe(v));
      return false;
    }
    for (const auto& [path, value] : *members) {
      auto& c = when_.emplace_back();
      c.path = std::string_view{path};
      if (const auto* values = value.if_array())
        c.values.assign(values->begin(), values->end());
      else
        c.values = {value};
      condition_places_[join_path(when_key, path)] = join_path(file_path, path);
    }
    return true;
  }

  void refuse_company(const json::object& object, std::string_view key, const place& at) {
    const auto* other = object.begin();
    while (std::string_view{other->key()} == key || other->key() == when_key)
      ++other;
    faults_.add(join_path(at.in_file, other->key()),
                "a domain has one key, and perhaps \"when\", and here is \"" + std::string{key} +
                    "\" already; " + write_as_object(key));
  }

  void refuse_foreign(const json::object& object, const place& at) {
    const auto key = foreign_key(object);
    faults_.add(
        join_path(at.in_file, key),
        "is not how a domain is written, and would be a constant: the law is the key, as in "
        "{\"float\": {\"low\": 0, \"high\": 1}} or {\"choice\": [1, 2]}; " +
            write_as_object(key));
  }

  void read_law(std::string_view name, const json::value& argument, const place& at) {
    const auto* law = find_law(name);
    const auto file_path = join_path(at.in_file, name);
    if (!law || !law->read) {
      const auto allowed = suggest_name(law ? "" : name, law_names());
      faults_.add(file_path, "unknown primitive; " + allowed + " (" + write_as_object(name) + ")");
    } else if (auto domain = law->read(argument)) {
      if (auto* grid = std::get_if<grid_search>(&*domain)) read_inside(*grid, file_path);
      add(*std::move(domain), file_path, at);
    } else {
      faults_.add(file_path,
                  "must be " + std::string{law->takes} + "; found " + describe(argument));
    }
  }

  /// Reads the values of a grid that have domains in them.
  void read_inside(grid_search& grid, const std::string& file_path) {
    for (std::size_t i = 0; i < grid.values.size(); ++i) {
      if (!holds_special_key(grid.values[i])) continue;
      auto inside = space_reader{faults_};
      inside.read_value(grid.values[i], {join_path(file_path, std::to_string(i)), "value"});
      grid.inside.resize(grid.values.size());
      grid.inside[i] = std::make_shared<const search_space>(inside.result());
    }
  }

  void add(domain d, const std::string& file_path, const place& at) {
    auto problem = impossible(d);
    if (!problem.empty()) return faults_.add(file_path, std::move(problem));
    if (!when_.empty()) problem = wrong_conditions(at.in_space, d, when_);
    if (problem.empty()) problem = count_conditions();
    if (!problem.empty()) return faults_.add(join_path(at.in_file, when_key), std::move(problem));
    in_file_[at.in_space] = {file_path, condition_places_};
    space_.add(at.in_space, std::move(d), when_);
  }

  /// Each parameter has its own conditions and those of all objects that it lies in.
  std::string count_conditions() {
    for (const auto& c : when_)
      conditions_ += 1 + c.values.size();
    if (conditions_ <= most_conditions) return {};
    return "the conditions of this space name more than " + std::to_string(most_conditions) +
           " values, those of an object once for each parameter in it; use fewer";
  }

  search_space space_;
  std::size_t conditions_ = 0;  ///< And their values, of all parameters.
  std::vector<condition> when_; ///< What holds where the reader is.
  std::map<std::string, std::string> condition_places_;
  std::map<std::string, file_places> in_file_;
  fault_list& faults_;
};

} // namespace

search_space read_space(const json::value& v, fault_list& faults) {
  auto reader = space_reader{faults};
  if (const auto* members = v.if_object())
    reader.read_members(*members, {"space", ""});
  else
    faults.add("space",
               R"(must be an object, as in {"lr": {"uniform": [0, 1]}}; found )" + describe(v));
  reader.check_references();
  return reader.result();
}

} // namespace troupe
