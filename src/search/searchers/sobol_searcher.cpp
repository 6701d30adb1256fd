#include "search/searchers/sobol_searcher.hpp"

#include "base/option_values.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace troupe {

namespace {

constexpr option sobol_searcher_table[] = {
    {.key = "scramble",
     .type = option_type::truth,
     .help = "whether the sequence is scrambled, by the study's seed; if not, all studies have the "
             "same points, the first of which is the lowest value of every parameter",
     .fallback = "false"},
};

} // namespace

constinit const plugin sobol_plugin{
    .name = "sobol",
    .summary = "points of Sobol's sequence, which fill the space more evenly than random ones",
    .options = sobol_searcher_table};

sobol_searcher::sobol_searcher(const study& s) : axes_{s} {
  const bool scramble = option_values::of(sobol_plugin, s.searcher.options).truth("scramble");
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
