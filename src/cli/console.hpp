#pragma once

#include "cli/terminal.hpp"
#include "cli/view_state.hpp"

#include <troupe/actors.hpp>

#include <caf/fwd.hpp>

#include <atomic>
#include <memory>
#include <optional>

namespace troupe {

/// What a console shows, and where.
struct console_options {
  view_state so_far; ///< The study, as far as it has come.
  /// Where the live view goes or, if it is not interactive, plain lines. Others may say things on
  /// it meanwhile. Not null.
  std::shared_ptr<terminal> screen;
  /// Descriptor to which each event goes as a line of JSON, as it comes; borrowed, and written to
  /// until the actor has ended. A terminal there keeps the view off the screen: they would tear
  /// each other.
  std::optional<int> event_lines;
  /// Where errno goes if an event line could not be written, after which there are no more; may be
  /// null.
  std::shared_ptr<std::atomic<int>> event_lines_error{};
};

/// Spawns the actor that shows a study to a person: make it a subscriber of the controller before
/// start_study. It writes to terminals and files, so it runs detached.
///
/// The view is drawn when something happens, but at most every 0.1 s, and every 0.5 s even if
/// nothing does. Messages about failures stand above it.
///
/// It ends by itself after study_ended, with its last frame standing and the cursor back: whoever
/// wants to write below, waits for that with `scoped_actor{system}->wait_for(console)`. If the
/// study never ends, send it an exit message: it keeps the actor system alive until then.
subscriber_actor spawn_console(caf::actor_system&, console_options);

} // namespace troupe
