#include "base/json.hpp"
#include "store/event_json.hpp"

#include <troupe/actors.hpp>

#include <exception>

/// How values travel to other nodes: as the JSON that the journal has, which is exact.
namespace troupe::detail {

namespace {

/// Calls `read` with the object that `text` is; false if it is none, or not the one expected.
template <class Read>
bool read_object(std::string_view text, Read read) {
  try {
    const auto value = parse_json(text);
    read(value.as_object());
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

} // namespace

std::string to_wire(const event& e) {
  return to_text(to_json(e));
}

std::string to_wire(const config& c) {
  return to_text(c);
}

std::string to_wire(const metrics& m) {
  return to_text(to_json(m));
}

bool from_wire(std::string_view text, event& e) {
  return read_object(text, [&](const auto& object) { e = event_from_json(object); });
}

bool from_wire(std::string_view text, config& c) {
  return read_object(text, [&](const auto& object) { c = object; });
}

bool from_wire(std::string_view text, metrics& m) {
  return read_object(text, [&](const auto& object) {
    m = {};
    for (const auto& [name, value] : object)
      m.set(name, as_number(value));
  });
}

} // namespace troupe::detail
