#include "search/random_searcher.hpp"

#include <memory>
#include <stdexcept>
#include <string>

namespace troupe {

std::unique_ptr<searcher> make_searcher(const study& s) {
  const auto& [name, options] = s.searcher;
  if (name != "random")
    throw std::invalid_argument{"unknown searcher \"" + name + "\"; known: random"};
  if (!options.empty())
    throw std::invalid_argument{"searcher random has no option \"" +
                                std::string{options.begin()->key_c_str()} + "\""};
  return std::make_unique<random_searcher>(s);
}

} // namespace troupe
