#pragma once

#include <troupe/domain.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Says what is wrong with the syntax of an expression; empty if nothing.
std::string wrong_syntax(const std::string& text);

/// Evaluates an expression (see troupe::expression) with the parameters `known`, drawing from
/// `random`. Nothing outlives the call: it has a Lua state of its own, with `math` (without its
/// random numbers) and the laws, and limits: a million instructions (fewer while it holds a text of
/// more than 16 kB), 16 MB of memory, 512 MB allocated in all, and a result of at most 131,072
/// values and 1 MB of text. Throws std::invalid_argument, saying what went wrong.
boost::json::value evaluate(const expression& e, const config& known, random_stream& random);

/// The names that an expression reads: "lr", "optimizer/lr", "math/floor", "layers/0" (which it
/// calls layers[1]).
struct expression_names {
  std::vector<std::string> paths;
  bool has_functions = false; ///< Then some of the names may be local ones.
};
expression_names names_in(std::string_view text);

/// Returns whether an expression can use `name` without a parameter of that name: `math`, a law.
bool is_expression_function(std::string_view name) noexcept;

} // namespace troupe
