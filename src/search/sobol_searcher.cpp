#include "search/sobol_searcher.hpp"

#include "search/unit_cube.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
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

sobol_searcher::sobol_searcher(const study& s) : closed_{sample(s.space, s.seed, 0)} {
  const bool scramble = read_scramble(s.searcher.options);
  std::copy_if(s.space.entries().begin(), s.space.entries().end(), std::back_inserter(axes_),
               [](const auto& entry) { return is_open(entry.domain); });
  if (axes_.size() > sobol_sequence::max_dim)
    throw std::invalid_argument{
        fmt::format("sobol: the space has {} parameters, and the sequence {} axes; use random",
                    axes_.size(), sobol_sequence::max_dim)};
  if (!axes_.empty())
    sequence_.emplace(axes_.size(), scramble ? std::optional{s.seed} : std::nullopt);
}

suggestion sobol_searcher::suggest(trial_number n) {
  config c = closed_;
  if (!sequence_) return c;
  const auto point = sequence_->point(n);
  for (std::size_t i = 0; i < axes_.size(); ++i)
    replace(c, axes_[i].path, value_at(axes_[i].domain, point[i]));
  return c;
}

} // namespace troupe
