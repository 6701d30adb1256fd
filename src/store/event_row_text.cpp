#include "store/event_json.hpp"
#include "store/event_layout.hpp"
#include "store/event_names.hpp"
#include "store/plain_json.hpp"

#include <array>
#include <concepts>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// The short way of reading events: it knows what nearly all of them are made of.
namespace troupe {

namespace {

template <class T>
concept named = requires(std::string_view name, T& out) {
  detail::find_named(name, out);
};

template <class T>
concept structured = requires {
  detail::layout<T>::fields;
};

/// What is none of the following is rare enough to be left to the long way.
template <class T>
bool read(plain_json&, T&) {
  return false;
}

bool read(plain_json& in, bool& out) {
  out = in.take_word("true");
  return out || in.take_word("false");
}

template <class T>
requires std::integral<T> &&(!std::same_as<T, trial_number>)bool read(plain_json& in, T& out) {
  return in.read(out);
}

bool read(plain_json& in, double& out) {
  return in.read(out);
}

bool read(plain_json& in, config& out) {
  return in.read(out);
}

bool read(plain_json& in, metrics& out) {
  return in.read(out);
}

bool read(plain_json& in, std::string& out) {
  std::string_view text;
  if (!in.read(text)) return false;
  out = text;
  return true;
}

template <named T>
bool read(plain_json& in, T& out) {
  std::string_view name;
  return in.read(name) && detail::find_named(name, out);
}

bool read(plain_json& in, std::vector<int>& out) {
  if (!in.take('[')) return false;
  if (in.take(']')) return true;
  do {
    if (!in.read(out.emplace_back())) return false;
  } while (in.take(','));
  return in.take(']');
}

/// An object that has all of its fields, in their order.
template <structured T>
bool read(plain_json& in, T& out) {
  char before = '{';
  const auto read_one = [&](auto f) {
    std::string_view name;
    return in.take(std::exchange(before, ',')) && in.read(name) && name == f.name && in.take(':') &&
           read(in, out.*f.member);
  };
  return std::apply([&](auto... f) { return (read_one(f) && ...); }, detail::layout<T>::fields) &&
         in.take('}');
}

template <class T>
bool read(plain_json& in, std::optional<T>& out) {
  return in.take_word("null") || read(in, out.emplace());
}

template <class T>
constexpr bool may_be_null(const std::optional<T>*) {
  return true;
}
constexpr bool may_be_null(const void*) {
  return false;
}

template <class Body>
bool read_row(plain_json& in, event_body& body) {
  auto& out = body.emplace<Body>();
  if (!in.take('[')) return false;
  bool ended = false, first = true;
  const auto read_one = [&](auto f) {
    auto& value = out.*f.member;
    ended = ended || in.take(']');
    if (ended) return f.rare || may_be_null(&value);
    if (!std::exchange(first, false) && !in.take(',')) return false;
    return (f.rare && in.take_word("null")) || read(in, value);
  };
  const bool all =
      std::apply([&](auto... f) { return (read_one(f) && ...); }, detail::layout<Body>::fields);
  return all && (ended || in.take(']')) && in.at_end();
}

using reader = bool (*)(plain_json&, event_body&);

template <std::size_t... Indices>
constexpr auto make_readers(std::index_sequence<Indices...>) {
  return std::array<reader, sizeof...(Indices)>{
      &read_row<std::variant_alternative_t<Indices, event_body>>...};
}

} // namespace

bool read_plain_row(std::size_t index, std::string_view text, event_body& out) {
  constexpr auto readers =
      make_readers(std::make_index_sequence<std::variant_size_v<event_body>>{});
  plain_json in{text};
  return index < readers.size() && readers[index](in, out);
}

} // namespace troupe
