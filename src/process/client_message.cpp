#include "process/client_message.hpp"

#include "base/json.hpp"
#include "base/nearest.hpp"
#include "process/report_line.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

namespace troupe {

namespace json = boost::json;

namespace {

/// A message's members, each of which must be asked for.
class members {
public:
  explicit members(const json::object& all) : all_{all} {}

  std::string text(std::string_view key) const {
    const auto& v = at(key);
    if (!v.is_string()) refuse(key, "must be a text");
    return std::string{std::string_view{v.get_string()}};
  }

  double number(std::string_view key) const {
    const auto& v = at(key);
    if (!v.is_number()) refuse(key, "must be a number");
    return v.to_number<double>();
  }

  const json::value& at(std::string_view key) const {
    const auto* v = all_.if_contains(key);
    if (!v) refuse(key, "is missing");
    return *v;
  }

  bool has(std::string_view key) const { return all_.contains(key); }

  /// Throws for any other than these, and "type".
  void allow(std::span<const std::string_view> keys) const {
    for (const auto& member : all_)
      if (const std::string_view key = member.key();
          key != "type" && std::ranges::find(keys, key) == keys.end())
        refuse(key, keys.empty() ? "is unknown; there are no others than \"type\""
                                 : "is unknown; " + suggest_name(key, keys));
  }

  [[noreturn]] static void refuse(std::string_view key, const std::string& problem) {
    throw std::invalid_argument{"\"" + std::string{key} + "\" " + problem};
  }

private:
  const json::object& all_;
};

client_message read_hello(const members& m) {
  const auto& version = m.at("version");
  if (!version.is_int64() || version.get_int64() < 1)
    members::refuse("version", "must be a whole number from 1 on");
  if (version.get_int64() > protocol_version)
    throw std::invalid_argument{"the program speaks version " + to_text(version) +
                                " of the protocol, and this Troupe version " +
                                std::to_string(protocol_version) +
                                ": it needs a later Troupe, or an earlier client"};
  return client_hello{};
}

bool is_plain_name(std::string_view name) {
  constexpr std::size_t longest = 255;
  return !name.empty() && name.size() <= longest && name != "." && name != ".." &&
         name.find_first_of(std::string_view{"/\0", 2}) == name.npos;
}

client_message read_report(const members& m) {
  const auto& given = m.at("metrics");
  if (!given.is_object()) members::refuse("metrics", R"(must be an object like {"loss": 0.3})");
  client_report report{metrics_in(given.get_object())};
  if (m.has("checkpoint") && !m.at("checkpoint").is_null()) {
    report.checkpoint = m.text("checkpoint");
    if (!is_plain_name(*report.checkpoint))
      members::refuse("checkpoint", "must be the name of a folder in the one that \"start\" names");
  }
  return report;
}

client_message read_progress(const members& m) {
  const double fraction = m.number("fraction");
  if (!(fraction >= 0 && fraction <= 1)) members::refuse("fraction", "must be from 0 to 1");
  return client_progress{fraction};
}

client_message read_log(const members& m) {
  return client_log{m.text("text")};
}

client_message read_heartbeat(const members&) {
  return client_heartbeat{};
}

client_message read_error(const members& m) {
  auto message = m.text("message");
  if (message.empty()) members::refuse("message", "must say what is wrong");
  if (!m.has("reason_kind")) return client_error{std::move(message)};
  const auto kind = reason_kind_from(m.text("reason_kind"));
  if (!kind || *kind == reason_kind::none)
    members::refuse("reason_kind", "must be a kind of reason, like \"out_of_memory\"");
  return client_error{std::move(message), *kind};
}

struct kind {
  std::string_view name;
  std::array<std::string_view, 2> keys; ///< Beside "type"; the last may be empty.
  client_message (*read)(const members&);

  std::span<const std::string_view> known() const {
    return {keys.begin(), std::ranges::find(keys, std::string_view{})};
  }
};

constexpr std::array<kind, 6> kinds{{{"hello", {"version"}, read_hello},
                                     {"report", {"metrics", "checkpoint"}, read_report},
                                     {"progress", {"fraction"}, read_progress},
                                     {"log", {"text"}, read_log},
                                     {"heartbeat", {}, read_heartbeat},
                                     {"error", {"message", "reason_kind"}, read_error}}};

} // namespace

client_message read_client_message(std::string_view line) {
  json::value v;
  try {
    v = read_python_json(line);
  } catch (const json_error& e) {
    throw std::invalid_argument{std::string{"it is no JSON: "} + e.what()};
  }
  if (!v.is_object()) throw std::invalid_argument{"it is no JSON object"};
  const members all{v.get_object()};
  const auto type = all.text("type");
  const auto found = std::ranges::find(kinds, type, &kind::name);
  if (found == kinds.end()) {
    std::array<std::string_view, kinds.size()> names;
    std::ranges::transform(kinds, names.begin(), &kind::name);
    throw std::invalid_argument{"unknown type \"" + type + "\"; " + suggest_name(type, names)};
  }
  // A later version may have more keys; that it is later is what has to be said.
  if (type != "hello") all.allow(found->known());
  auto message = found->read(all);
  all.allow(found->known());
  return message;
}

} // namespace troupe
