#include "search/searchers/sobol_searcher.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace troupe {

namespace {

bool read_scramble(const boost::json::object& options) {
  bool scramble = false;
  for (const auto& [key, value] : options) {
    if (key != "scramble")
      throw std::invalid_argument{
          fmt::format("sobol: unknown option \"{}\"; known is scramble", std::string_view{key})};
    if (!value.is_bool()) throw std::invalid_argument{"sobol: scramble must be true or false"};
    scramble = value.get_bool();
  }
  return scramble;
}

} // namespace

sobol_searcher::sobol_searcher(const study& s) : axes_{s} {
  const bool scramble = read_scramble(s.searcher.options);
  if (axes_.size() > sobol_sequence::max_dim)
    throw std::invalid_argument{
        fmt::format("sobol: the space has {} parameters, and the sequence {} axes; use random",
                    axes_.size(), sobol_sequence::max_dim)};
  if (axes_.size() > 0)
    sequence_.emplace(axes_.size(), scramble ? std::optional{s.seed} : std::nullopt);
}

suggestion sobol_searcher::suggest(trial_number n) {
  if (!sequence_) return axes_.make(n).config;
  auto point = sequence_->point(n);
  for (std::size_t i = 0; i < point.size(); ++i)
    point[i] = axes_.axes()[i].dim.from_coordinate(point[i]);
  return axes_.make(n, point).config;
}

} // namespace troupe
