// The short way of reading events: what it makes of a row, the long way makes of it as well. The
// first letter says which kind of event it is, a for the first.

#include "base/json.hpp"
#include "store/event_json.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace {

using namespace troupe;

bool is_read_alike(std::size_t kind, std::string_view text, const event_body& body) {
  try {
    const auto row = parse_json(text);
    return row.is_array() && to_json(event_body_from_row(kind, row.get_array())) == to_json(body);
  } catch (const json_error&) {
    return false;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t kind = data[0] - std::uint8_t{'a'};
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  event_body body;
  if (read_plain_row(kind, text, body) && !is_read_alike(kind, text, body)) std::abort();
  return 0;
}
