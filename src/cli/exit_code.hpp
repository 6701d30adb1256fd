#pragma once

namespace troupe {

/// What a command's exit code says (docs/cli.md). Signals end a run with 128 + their number.
struct exit_code {
  static constexpr int done = 0;
  static constexpr int nothing_succeeded = 1; ///< Or `--check` found a difference.
  static constexpr int usage = 2;             ///< Command line or study file.
  static constexpr int trials_failed = 3;     ///< More failures than max_failures allows.
  static constexpr int folder = 4;            ///< In use, not empty, not writable, damaged; or
                                              ///< standard output cannot be written to.
  static constexpr int resources = 5;         ///< Not there.
  static constexpr int data = 6;              ///< Missing or corrupt.
  static constexpr int beyond_repair = 7;     ///< `doctor`: damage that it cannot repair.
  static constexpr int not_now = 10;          ///< `ask`: nothing to suggest before more is told.
  static constexpr int exhausted = 11;        ///< `ask`: no further trials.
  static constexpr int too_late = 12;         ///< `tell`, `renew`: the trial is held no longer.
  static constexpr int reader_gone = 141;     ///< Whoever read standard output has gone.
};

} // namespace troupe
