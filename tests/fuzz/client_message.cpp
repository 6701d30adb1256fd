// What the reader of a program's messages holds for any line: it returns what a trial can act upon,
// or says what is wrong.

#include "process/client_message.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <variant>

namespace {

using namespace troupe;

void check(const client_message& message) {
  if (const auto* progress = std::get_if<client_progress>(&message))
    if (!(progress->fraction >= 0 && progress->fraction <= 1))
      throw std::logic_error{"no fraction"};
  if (const auto* report = std::get_if<client_report>(&message))
    if (report->checkpoint && (report->checkpoint->empty() || *report->checkpoint == ".." ||
                               report->checkpoint->find('/') != std::string::npos))
      throw std::logic_error{"a checkpoint that leads elsewhere"};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    check(read_client_message({reinterpret_cast<const char*>(data), size}));
  } catch (const std::invalid_argument&) {
    return 0; // it says what is wrong
  }
  return 0;
}
