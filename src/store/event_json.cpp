#include "store/event_json.hpp"

#include "base/json.hpp"
#include "store/event_layout.hpp"
#include "store/time_text.hpp"

#include <concepts>
#include <map>
#include <string>
#include <utility>

namespace troupe {

namespace {

namespace json = boost::json;

json::value write(const lease& l);
json::value write(const resources& r);
json::value write(const stop_rule& r);
json::value write(const study_limits& l);
json::value write(bool b) {
  return b;
}
// Trials go by their ids; no other field is of this type.
json::value write(trial_number n) {
  return json::value(trial_id(n));
}
json::value write(std::integral auto n) {
  return n;
}
json::value write(double x) {
  return number(x);
}
json::value write(const std::string& s) {
  return json::value(s);
}
json::value write(const config& c) {
  return c;
}
json::value write(const metrics& m) {
  return to_json(m);
}
json::value write(const expression& e) {
  return json::value(e.text);
}
template <class T>
json::value write(const std::map<std::string, T>& all) {
  json::object out;
  for (const auto& [name, value] : all)
    out.emplace(name, write(value));
  return out;
}
json::value write(const std::vector<int>& ns) {
  return json::array(ns.begin(), ns.end());
}
json::value write(const std::vector<trial_number>& ns) {
  json::array out;
  for (const trial_number n : ns)
    out.push_back(write(n));
  return out;
}
json::value write(const std::vector<stop_rule>& rules) {
  json::array out;
  for (const auto& each : rules)
    out.push_back(write(each));
  return out;
}
json::value write(stop_rule::side s) {
  return json::value(detail::side_names[static_cast<std::size_t>(s)]);
}
json::value write(verdict v) {
  return json::value(detail::verdict_names[static_cast<std::size_t>(v)]);
}
json::value write(trial_state s) {
  return json::value(to_string(s));
}
json::value write(reason_kind k) {
  return json::value(to_string(k));
}

template <class T>
json::value write(const std::optional<T>& v) {
  return v ? write(*v) : json::value{};
}

template <class Struct>
json::object write_fields(const Struct& s) {
  json::object out;
  const auto write_one = [&](auto f) {
    auto v = write(s.*f.member);
    if (!f.rare || v != write(Struct{}.*f.member)) out.emplace(f.name, std::move(v));
  };
  std::apply([&](auto... f) { (write_one(f), ...); }, detail::layout<Struct>::fields);
  return out;
}

json::value write(const lease& l) {
  return write_fields(l);
}
json::value write(const resources& r) {
  return write_fields(r);
}
json::value write(const stop_rule& r) {
  return write_fields(r);
}
json::value write(const study_limits& l) {
  return write_fields(l);
}

template <std::size_t... Indices>
std::vector<std::string_view> names(std::index_sequence<Indices...>) {
  return {detail::layout<std::variant_alternative_t<Indices, event_body>>::kind...};
}

} // namespace

std::string_view kind(const event_body& body) noexcept {
  return std::visit(
      [](const auto& b) { return detail::layout<std::remove_cvref_t<decltype(b)>>::kind; }, body);
}

json::object to_json(const metrics& m) {
  json::object out;
  for (const auto& [name, value] : m)
    out.emplace(name, number(value));
  return out;
}

json::object to_json(const event_body& body) {
  return std::visit([](const auto& b) { return write_fields(b); }, body);
}

json::array to_row(const event_body& body) {
  json::array row;
  std::visit(
      [&](const auto& b) {
        const auto written = write_fields(b);
        const auto add = [&](auto f) {
          const auto* v = written.if_contains(f.name);
          row.push_back(v ? *v : json::value{});
        };
        std::apply([&](auto... f) { (add(f), ...); },
                   detail::layout<std::remove_cvref_t<decltype(b)>>::fields);
      },
      body);
  while (!row.empty() && row.back().is_null())
    row.pop_back();
  return row;
}

json::object to_json(const event& e) {
  json::object out{{"seq", e.seq},
                   {"time", to_utc_text(e.time_ns)},
                   {"trial", write(e.trial)},
                   {"kind", kind(e.body)}};
  for (auto& member : to_json(e.body))
    out.insert(std::move(member));
  return out;
}

std::vector<std::string_view> kind_names() {
  return names(std::make_index_sequence<std::variant_size_v<event_body>>{});
}

} // namespace troupe
