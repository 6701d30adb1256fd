#include "cli/schema_command.hpp"

#include "base/json.hpp"
#include "cli/exit_code.hpp"
#include "study/schema.hpp"

#include <ostream>

namespace troupe {

int schema_command(const registry& known, std::ostream& out) {
  out << to_pretty_text(study_schema(known));
  return exit_code::done;
}

} // namespace troupe
