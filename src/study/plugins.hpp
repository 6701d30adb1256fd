#pragma once

#include "base/options.hpp"
#include "study/members.hpp"

#include <troupe/study.hpp>

#include <string_view>
#include <vector>

namespace troupe {

/// Reads the member `key` of `in`, `{"name": NAME, …options}`, where NAME is one of `known`. The
/// last of them is the example in messages.
void read_plugin(member_reader& in, std::string_view key, const plugin_list& known,
                 named_options& out);

/// Reads the member `key` of `in`: a list of the same.
void read_plugins(member_reader& in, std::string_view key, const plugin_list& known,
                  std::vector<named_options>& out);

} // namespace troupe
