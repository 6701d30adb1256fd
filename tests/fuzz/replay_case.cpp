// What the replay of recorded decisions holds for any line: it replays it, or says what is wrong.

#include "base/json.hpp"
#include "search/replay/replay.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace {

using namespace troupe;

void check(const boost::json::object& recorded) {
  try {
    replay(recorded);
  } catch (const std::invalid_argument&) {
    return; // it says what is wrong
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto v = parse_json({reinterpret_cast<const char*>(data), size});
    if (v.is_object()) check(v.get_object());
  } catch (const json_error&) {
    return 0;
  }
  return 0;
}
