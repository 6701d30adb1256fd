#include "trainables/late_trainable.hpp"

#include <memory>
#include <utility>

namespace troupe {

trainable late_trainable(trainable description, std::function<trainable(const run_context&)> open) {
  const auto opened = std::make_shared<trainable>();
  description.load = [opened, open = std::move(open)](const run_context& context) {
    *opened = open(context);
    opened->load(context);
  };
  description.train = [opened](trial& t) { opened->train(t); };
  description.test = [opened](const config& c, const checkpoint& best) {
    return opened->test(c, best);
  };
  return description;
}

} // namespace troupe
