#pragma once

#include <troupe/config.hpp>
#include <troupe/domain.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe {

/// The parameter at `path` has one of `values`.
struct condition {
  std::string path;
  std::vector<boost::json::value> values;
};

/// What configurations a study draws from: domains by path, in the order of the study file.
///
///     auto s = search_space{}
///       .add("lr", loguniform{1e-4, 1e-1})
///       .add("optimizer/name", choice{{"sgd", "adam"}})
///       .add("optimizer/momentum", constant{0.9}, {{"optimizer/name", {"sgd"}}});
class search_space {
public:
  struct entry {
    std::string path; ///< Nested names are joined by "/".
    troupe::domain domain;
    /// It is absent from configurations in which one of these does not hold. A condition on an
    /// absent parameter does not hold.
    std::vector<condition> when;
  };

  /// Adds a parameter. A part of a path that is a number is the index of a list; indices are added
  /// in order, from 0. Throws std::invalid_argument, saying what is wrong, for a domain that
  /// nothing can be drawn from, and for a path that is taken or lies inside another's.
  /// Conditions and expressions may name parameters that are added later: see problems().
  search_space& add(std::string path, troupe::domain d, std::vector<condition> when = {});

  const std::vector<entry>& entries() const noexcept { return entries_; }

  /// Returns the domain at `path`, or null.
  const domain* find(std::string_view path) const noexcept;

  /// Returns the place among entries() of the parameter at `path`; none if there is none.
  std::optional<std::size_t> index_of(std::string_view path) const noexcept;

  /// Returns whether there is a parameter at `path`, or one that lies below it.
  bool holds(std::string_view path) const noexcept;

  /// Returns whether configurations may have something at `path`: where it holds(), or inside of a
  /// parameter's values ("net/depth" of a choice of objects). What an expression gives, nobody
  /// knows.
  bool may_have(std::string_view path) const;

private:
  /// A name that a parameter has, or lies below.
  struct name {
    std::size_t first = 0;      ///< The first parameter that is or lies there.
    bool is_parameter = false;  ///< Then it is that one.
    std::size_t next_index = 0; ///< What is below are indices of a list, so many.
    bool has_names = false;     ///< What is below are names.
  };
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  void check_path(std::string_view path) const;
  void check_part(std::string_view path, std::size_t size, std::string_view part) const;
  void note(std::string_view path);

  std::vector<entry> entries_;
  /// All names by path, "" among them: adding n parameters takes time in proportion to n.
  std::unordered_map<std::string, name, text_hash, std::equal_to<>> names_;
};

/// Something that is wrong with a space as a whole.
struct space_problem {
  std::string path;    ///< The parameter.
  std::string key;     ///< The part of it: "when/optimizer", "expr", or empty.
  std::string problem; ///< What is wrong; what is allowed.
};

/// Returns what is wrong with the references among the parameters: conditions and expressions that
/// name what is not there, or depend on each other in a circle.
std::vector<space_problem> problems(const search_space&);

/// Draws configuration `number` of the study with `seed`. Each parameter has its own stream of
/// random numbers, so the draw depends on (seed, number, path, law) alone, and on the parameters
/// that an expression or a function reads. A grid gives the value that trial `number` would have.
/// Throws std::invalid_argument if the space has problems, or an expression fails.
config sample(const search_space&, std::uint64_t seed, std::uint64_t number);

} // namespace troupe
