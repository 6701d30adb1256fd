#include "base/json.hpp"
#include "store/event_json.hpp"
#include "store/event_layout.hpp"
#include "store/event_names.hpp"
#include "store/time_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <concepts>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

/// The other half: how events are read.
namespace troupe {

namespace json = boost::json;

namespace {

[[noreturn]] void refuse(std::string_view key, std::string_view wanted) {
  throw std::invalid_argument{fmt::format("\"{}\" must be {}", key, wanted)};
}

void read(std::string_view key, const json::value& v, stop_rule& out);
void read(std::string_view key, const json::value& v, study_limits& out);

void read(std::string_view key, const json::value& v, bool& out) {
  if (!v.is_bool()) refuse(key, "true or false");
  out = v.get_bool();
}

template <std::integral T>
void read(std::string_view key, const json::value& v, T& out) {
  if (v.is_int64() && std::in_range<T>(v.get_int64()))
    out = static_cast<T>(v.get_int64());
  else if (v.is_uint64() && std::in_range<T>(v.get_uint64()))
    out = static_cast<T>(v.get_uint64());
  else
    refuse(key, "an integer in range");
}

void read(std::string_view key, const json::value& v, trial_number& out) {
  if (!v.is_string()) refuse(key, "a trial's id");
  const std::string_view text = v.get_string();
  std::from_chars(text.data(), text.data() + text.size(), out);
  if (text != trial_id(out)) refuse(key, "a trial's id");
}

void read(std::string_view key, const json::value& v, double& out) {
  try {
    out = as_number(v);
  } catch (const std::invalid_argument&) {
    refuse(key, "a number");
  }
}

void read(std::string_view key, const json::value& v, std::string& out) {
  if (!v.is_string()) refuse(key, "a string");
  out = std::string_view{v.get_string()};
}

void read(std::string_view key, const json::value& v, config& out) {
  if (!v.is_object()) refuse(key, "an object");
  out = v.get_object();
}

void read(std::string_view key, const json::value& v, metrics& out) {
  if (!v.is_object()) refuse(key, "an object");
  for (const auto& [name, value] : v.get_object()) {
    double x = 0;
    read(fmt::format("{}/{}", key, std::string_view{name}), value, x);
    out.set(name, x);
  }
}

void read(std::string_view key, const json::value& v, expression& out) {
  read(key, v, out.text);
}

template <class T>
void read(std::string_view key, const json::value& v, std::map<std::string, T>& out) {
  if (!v.is_object()) refuse(key, "an object");
  for (const auto& [name, value] : v.get_object())
    read(fmt::format("{}/{}", key, std::string_view{name}), value, out[name]);
}

template <class Named>
void read_named(std::string_view key, const json::value& v, Named& out, std::string_view wanted) {
  if (!v.is_string() || !detail::find_named(v.get_string(), out)) refuse(key, wanted);
}

void read(std::string_view key, const json::value& v, verdict& out) {
  read_named(key, v, out, "proceed, stop or pause");
}

void read(std::string_view key, const json::value& v, trial_state& out) {
  read_named(key, v, out, "a trial's state");
}

void read(std::string_view key, const json::value& v, reason_kind& out) {
  read_named(key, v, out, "a kind of reason");
}

void read(std::string_view key, const json::value& v, stop_rule::side& out) {
  read_named(key, v, out, "at_least or at_most");
}

template <class T>
void read(std::string_view key, const json::value& v, std::optional<T>& out) {
  if (!v.is_null()) read(key, v, out.emplace());
}

void read(std::string_view key, const json::value& v, lease& out);
void read(std::string_view key, const json::value& v, resources& out);
template <class T>
void read(std::string_view key, const json::value& v, std::vector<T>& out) {
  if (!v.is_array()) refuse(key, "an array");
  for (const auto& element : v.get_array())
    read(key, element, out.emplace_back());
}

/// Rare fields may be missing: they are then what they mostly are, also in journals that are older
/// than the field.
template <class Struct>
Struct read_fields(const json::object& object) {
  constexpr auto& fields = detail::layout<Struct>::fields;
  Struct out;
  const auto read_one = [&](auto f) {
    const json::value* v = object.if_contains(f.name);
    if (!v && f.rare) return;
    if (!v) throw std::invalid_argument{fmt::format("\"{}\" is missing", f.name)};
    read(f.name, *v, out.*f.member);
  };
  std::apply([&](auto... f) { (read_one(f), ...); }, fields);
  for (const auto& member : object) {
    const std::string_view key = member.key();
    if (!std::apply([&](auto... f) { return ((f.name == key) || ...); }, fields))
      throw std::invalid_argument{fmt::format("\"{}\" is not known", key)};
  }
  return out;
}

void read(std::string_view key, const json::value& v, lease& out) {
  if (!v.is_object()) refuse(key, "an object");
  out = read_fields<lease>(v.get_object());
}

void read(std::string_view key, const json::value& v, resources& out) {
  if (!v.is_object()) refuse(key, "an object");
  out = read_fields<resources>(v.get_object());
}

void read(std::string_view key, const json::value& v, stop_rule& out) {
  if (!v.is_object()) refuse(key, "an object");
  out = read_fields<stop_rule>(v.get_object());
}

void read(std::string_view key, const json::value& v, study_limits& out) {
  if (!v.is_object()) refuse(key, "an object");
  out = read_fields<study_limits>(v.get_object());
}

/// Reads a body as the alternative of event_body whose kind is `kind`.
template <std::size_t Index = 0>
event_body read_body(std::string_view kind, const json::object& object) {
  if constexpr (Index == std::variant_size_v<event_body>) {
    throw std::invalid_argument{fmt::format("\"kind\": \"{}\" is not known", kind)};
  } else {
    using body = std::variant_alternative_t<Index, event_body>;
    if (detail::layout<body>::kind == kind) return read_fields<body>(object);
    return read_body<Index + 1>(kind, object);
  }
}

/// Takes a member that all events have out of `object`.
template <class T>
T take(json::object& object, std::string_view key) {
  const json::value* v = object.if_contains(key);
  if (!v) throw std::invalid_argument{fmt::format("\"{}\" is missing", key)};
  T out{};
  read(key, *v, out);
  object.erase(key);
  return out;
}

template <std::size_t Index = 0>
event_body read_row(std::size_t index, const json::array& row) {
  if constexpr (Index == std::variant_size_v<event_body>) {
    throw std::invalid_argument{fmt::format("kind {} is not known", index)};
  } else {
    if (index != Index) return read_row<Index + 1>(index, row);
    using body = std::variant_alternative_t<Index, event_body>;
    constexpr auto& fields = detail::layout<body>::fields;
    if (row.size() > std::tuple_size_v<std::remove_cvref_t<decltype(fields)>>)
      throw std::invalid_argument{"it has too many fields"};
    body out;
    auto value = row.begin();
    const auto read_one = [&](auto f) {
      static const json::value absent;
      const auto& v = value != row.end() ? *value++ : absent;
      if (!f.rare || !v.is_null()) read(f.name, v, out.*f.member);
    };
    std::apply([&](auto... f) { (read_one(f), ...); }, fields);
    return out;
  }
}

} // namespace

event_body event_body_from_row(std::size_t index, const json::array& row) {
  return read_row(index, row);
}

event_body event_body_from_json(std::string_view kind, const json::object& fields) {
  return read_body(kind, fields);
}

event event_from_json(const json::object& object) {
  auto rest = object;
  event e;
  e.seq = take<std::uint64_t>(rest, "seq");
  e.time_ns = from_utc_text(take<std::string>(rest, "time"));
  e.trial = take<std::optional<trial_number>>(rest, "trial");
  e.body = event_body_from_json(take<std::string>(rest, "kind"), rest);
  return e;
}

} // namespace troupe
