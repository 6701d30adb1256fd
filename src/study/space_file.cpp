#include "study/space_file.hpp"

#include "study/laws.hpp"
#include "study/nearest.hpp"
#include "study/path.hpp"
#include "study/values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <variant>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::string_view const_escape = "const";
constexpr std::string_view object_escape = "object";

/// Returns the key that makes `o` more than a nested object: a law's name, one that is probably a
/// misspelt law, or an escape. Empty if there is none.
std::string_view special_key(const json::object& o) {
  for (const auto& member : o) {
    const auto key = std::string_view{member.key()};
    if (find_law(key) || key == const_escape || key == object_escape) return key;
    const bool may_be_law = o.size() == 1 && member.value().is_array();
    if (may_be_law && !nearest_name(key, law_names()).empty()) return key;
  }
  return {};
}

bool holds_special_key(const json::value& v) {
  if (const auto* list = v.if_array())
    return std::any_of(list->begin(), list->end(), holds_special_key);
  const auto* object = v.if_object();
  if (!object) return false;
  return !special_key(*object).empty() ||
         std::any_of(object->begin(), object->end(),
                     [](const auto& member) { return holds_special_key(member.value()); });
}

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
      const auto problem = wrong_name(key);
      if (problem.empty())
        read_value(v, inner);
      else
        faults_.add(inner.in_file, problem);
    }
  }

  search_space result() { return std::move(space_); }

private:
  static std::string wrong_name(std::string_view name) {
    if (name.empty()) return "a parameter needs a name";
    if (name.find('/') != name.npos)
      return "a name has no '/', which joins nested names; nest objects instead";
    if (list_index(name)) return "a number is no name, as it would stand for a list's element";
    return {};
  }

  void read_value(const json::value& v, const place& at) {
    if (const auto* object = v.if_object())
      read_object(*object, at);
    else if (v.is_array() && holds_special_key(v))
      read_elements(v.get_array(), at);
    else
      add(constant{v}, at.in_file, at);
  }

  void read_elements(const json::array& list, const place& at) {
    for (std::size_t i = 0; i < list.size(); ++i)
      read_value(list[i], at.inside(std::to_string(i)));
  }

  void read_object(const json::object& object, const place& at) {
    const auto key = special_key(object);
    if (object.empty()) return add(constant{object}, at.in_file, at);
    if (key.empty()) return read_members(object, at);
    if (object.size() > 1) return refuse_company(object, key, at);
    const auto& argument = object.begin()->value();
    const auto file_path = join_path(at.in_file, key);
    if (key == const_escape) return add(constant{argument}, file_path, at);
    if (key != object_escape) return read_law(key, argument, at);
    if (const auto* members = argument.if_object())
      return read_members(*members, {file_path, at.in_space});
    faults_.add(file_path, "must be an object; found " + describe(argument));
  }

  void refuse_company(const json::object& object, std::string_view key, const place& at) {
    const auto* other = object.begin();
    if (std::string_view{other->key()} == key) ++other;
    faults_.add(join_path(at.in_file, other->key()), "a domain has one key, and here is \"" +
                                                         std::string{key} + "\" already; " +
                                                         write_as_object(key));
  }

  void read_law(std::string_view name, const json::value& argument, const place& at) {
    const auto* law = find_law(name);
    const auto file_path = join_path(at.in_file, name);
    if (!law || !law->read) {
      const auto allowed = suggest_name(law ? "" : name, law_names());
      faults_.add(file_path, "unknown primitive; " + allowed + " (" + write_as_object(name) + ")");
    } else if (const auto domain = law->read(argument)) {
      add(*domain, file_path, at);
    } else {
      faults_.add(file_path,
                  "must be " + std::string{law->takes} + "; found " + describe(argument));
    }
  }

  void add(domain d, const std::string& file_path, const place& at) {
    auto problem = impossible(d);
    if (problem.empty())
      space_.add(at.in_space, std::move(d));
    else
      faults_.add(file_path, std::move(problem));
  }

  search_space space_;
  fault_list& faults_;
};

/// Returns `d` as it stands in a study file; a constant without an escape if it can do without.
json::value write_domain(const domain& d) {
  const auto* fixed = std::get_if<constant>(&d);
  const bool stands_as_is = fixed && !holds_special_key(fixed->value) &&
                            (!fixed->value.is_object() || fixed->value.get_object().empty());
  return stands_as_is ? fixed->value : to_json(d);
}

/// Returns the value at `path` of the space as it stands in a file, from the entries below `path`.
json::value to_json(const search_space& space, std::string_view path) {
  if (const auto* domain = space.find(path)) return write_domain(*domain);
  json::object members;
  for (const auto& entry : space.entries()) {
    if (!lies_in(entry.path, path)) continue;
    const auto below = std::string_view{entry.path}.substr(path.empty() ? 0 : path.size() + 1);
    const auto name = split_first(below).first;
    if (!members.contains(name)) members.emplace(name, to_json(space, join_path(path, name)));
  }
  if (!path.empty() && list_index(members.begin()->key())) {
    json::array list;
    for (auto& member : members)
      list.push_back(std::move(member.value()));
    return list;
  }
  if (!path.empty() && !special_key(members).empty())
    return json::object{{object_escape, std::move(members)}};
  return members;
}

} // namespace

search_space read_space(const json::value& v, fault_list& faults) {
  auto reader = space_reader{faults};
  if (const auto* members = v.if_object())
    reader.read_members(*members, {"space", ""});
  else
    faults.add("space",
               R"(must be an object, as in {"lr": {"uniform": [0, 1]}}; found )" + describe(v));
  return reader.result();
}

json::object to_json(const search_space& space) {
  return space.entries().empty() ? json::object{} : to_json(space, "").as_object();
}

} // namespace troupe
