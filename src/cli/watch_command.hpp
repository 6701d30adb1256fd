#pragma once

#include "store/study_layout.hpp"

namespace troupe {

/// Shows a study that runs, in another process, as the process shows it that runs it: on a terminal
/// a live view, elsewhere lines. Returns when the study has ended, or nobody runs it any more; on a
/// signal, leaves the process. Returns the exit code. Throws folder_error if there is no study.
int watch_command(const study_layout& layout);

} // namespace troupe
