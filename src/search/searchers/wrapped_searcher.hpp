#pragma once

#include "base/options.hpp"
#include "search/searchers/registry.hpp"

#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <memory>
#include <optional>

namespace troupe {

/// Searchers that pass on what another suggests name it in their option `searcher`,
/// {"name": NAME, …options}.

/// That option.
inline constexpr option wrapped_option{.key = "searcher",
                                       .type = option_type::nested,
                                       .help = "which searcher to wrap",
                                       .required = true,
                                       .example = R"({"name": "tpe"})",
                                       .inner = searcher_plugins};

/// Returns the searcher that `outer` names so; none if it names none.
std::optional<named_options> wrapped_by(const named_options& outer);

/// Makes the searcher that the searcher of `s` names so. Throws std::invalid_argument if it names
/// none, and as make_searcher does.
std::unique_ptr<searcher> make_wrapped(const study& s);

} // namespace troupe
