#pragma once

#include "store/study_layout.hpp"
#include "views/status_table.hpp"

namespace troupe {

/// Returns who works on the study of a folder. Throws folder_error if there is none.
study_holder holder_in(const study_layout& layout);

} // namespace troupe
