#include "cli/control_client.hpp"

#include "base/json.hpp"
#include "cli/control_address.hpp"
#include "cli/holder_in.hpp"
#include "store/former_study.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <sys/socket.h>

namespace troupe {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

/// It answers at once, but for what waits for a slow disk.
constexpr auto answer_patience = 30s;

[[noreturn]] void explain_silence(const study_layout& layout) {
  const auto folder = layout.root().string();
  const auto holder = holder_in(layout);
  if (holder.is_asked)
    throw folder_error{folder + ": nobody runs this study: its trials are trained by those that "
                                "ask for them"};
  if (!holder.is_held)
    throw folder_error{fmt::format("{0}: nobody runs this study; `troupe status {0}` says how far "
                                   "it is, `troupe resume {0}` lets it go on",
                                   folder)};
  throw folder_error{fmt::format(
      "{}: {} runs this study and does not listen here: it begins or ends, or is on another "
      "machine, or is no `troupe` of its own; try again, or send it SIGINT to stop it",
      folder, holder.who)};
}

} // namespace

json::object ask_running(const study_layout& layout, const json::object& request) {
  existing_journal(layout);
  const control_address address{layout};
  const file_handle connection{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!connection || connect(connection.descriptor(), address.get(), address.size()) != 0 ||
      !send_line(connection.descriptor(), to_text(request), answer_patience))
    explain_silence(layout);
  const auto line = receive_line(connection.descriptor(), answer_patience);
  if (!line) explain_silence(layout);
  auto said = parse_json(*line).as_object();
  if (const auto* why = said.if_contains("error"))
    throw std::invalid_argument{std::string{why->as_string()}};
  return said;
}

} // namespace troupe
