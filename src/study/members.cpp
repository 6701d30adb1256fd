#include "study/members.hpp"

#include "base/nearest.hpp"
#include "base/path.hpp"

#include <algorithm>

namespace troupe {

namespace json = boost::json;

namespace {

/// Who has mistyped a name needs no more than that.
std::string with_hint(std::string suggestion, std::string_view hint) {
  return suggestion.ends_with('?') ? suggestion : suggestion.append(hint);
}

} // namespace

const json::value* member_reader::take(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  return object_.if_contains(key);
}

std::optional<member_reader> member_reader::take_object(std::string_view key,
                                                        std::string_view example) {
  const auto* v = take(key);
  if (!v) return std::nullopt;
  if (const auto* object = v->if_object())
    return member_reader{*object, join_path(path_, key), faults_};
  refuse(key, "must be an object, as in " + std::string{example} + "; found " + describe(*v));
  return std::nullopt;
}

std::vector<member_reader> member_reader::take_objects(std::string_view key,
                                                       std::string_view example) {
  std::vector<member_reader> objects;
  const auto* v = take(key);
  if (!v) return objects;
  if (!v->is_array()) {
    refuse(key, "must be a list, as in " + std::string{example} + "; found " + describe(*v));
    return objects;
  }
  for (std::size_t i = 0; i < v->get_array().size(); ++i) {
    const auto place = join_path(key, std::to_string(i));
    const auto& one = v->get_array()[i];
    if (one.is_object())
      objects.emplace_back(one.get_object(), join_path(path_, place), faults_);
    else
      refuse(place,
             "must be an object, as in " + std::string{example} + "; found " + describe(one));
  }
  return objects;
}

bool member_reader::read(std::string_view key, std::string& out) {
  const auto* v = take(key);
  if (!v) return false;
  if (v->is_string() && !v->get_string().empty()) {
    out = std::string_view{v->get_string()};
    return true;
  }
  refuse(key, "must be a text that is not empty; found " + describe(*v));
  return false;
}

bool member_reader::read(std::string_view key, bool& out) {
  const auto* v = take(key);
  if (!v) return false;
  if (v->is_bool()) {
    out = v->get_bool();
    return true;
  }
  refuse(key, "must be true or false; found " + describe(*v));
  return false;
}

bool member_reader::read(std::string_view key, double& out) {
  const auto* v = take(key);
  if (!v) return false;
  const auto x = real_number(*v);
  if (x)
    out = *x;
  else
    refuse(key, "must be a number; found " + describe(*v));
  return x.has_value();
}

bool member_reader::read(std::string_view key, double& out, lower_bound bound) {
  const auto* v = take(key);
  if (!v) return false;
  const auto x = real_number(*v);
  if (x && (*x > bound.value || (bound.included && *x == bound.value))) {
    out = *x;
    return true;
  }
  refuse(key, std::string{"must be a number "} + (bound.included ? "of at least " : "above ") +
                  to_text(plain_number(bound.value)) + "; found " + describe(*v));
  return false;
}

std::optional<std::uint64_t> member_reader::read_count(std::string_view key, std::uint64_t least,
                                                       std::uint64_t most) {
  const auto* v = take(key);
  if (!v) return std::nullopt;
  const auto n = whole_number(*v);
  auto count = std::optional<std::uint64_t>{};
  if (v->is_uint64()) count = v->get_uint64();
  if (n && *n >= 0) count = static_cast<std::uint64_t>(*n);
  if (count && *count >= least && *count <= most) return count;
  const bool too_large = count && *count > most;
  refuse(key, "must be a whole number of at " +
                  (too_large ? "most " + std::to_string(most) : "least " + std::to_string(least)) +
                  "; found " + describe(*v));
  return std::nullopt;
}

void member_reader::refuse(std::string_view key, std::string problem) {
  faults_.add(key.empty() ? path_ : join_path(path_, key), std::move(problem));
}

void member_reader::require(std::string_view key, std::string_view meaning) {
  if (!contains(key)) refuse(key, "is missing; " + std::string{meaning});
}

void member_reader::refuse_others(std::initializer_list<std::string_view> out,
                                  std::string_view hint) {
  const auto has = [](const auto& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const auto& member : object_) {
    const auto key = std::string_view{member.key()};
    if (!has(known_, key) && !has(out, key))
      refuse(key, "unknown key; " + with_hint(suggest_name(key, known_), hint));
  }
}

} // namespace troupe
