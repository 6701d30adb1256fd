#include "search/schedulers/registry.hpp"

#include "base/added_plugin.hpp"
#include "search/life/stoppers.hpp"
#include "search/searchers/registry.hpp"

#include <troupe/plugins.hpp>

#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

template <class Entries>
std::vector<std::string> names_in(const Entries& entries) {
  std::vector<std::string> all;
  all.reserve(entries.size());
  for (const auto& [name, entry] : entries)
    all.push_back(name);
  return all;
}

} // namespace

registry& registry::add(trainable t) {
  if (t.name.empty()) throw std::invalid_argument{"a trainable needs a name"};
  if (!t.train) throw std::invalid_argument{"trainable " + t.name + " has no training function"};
  const std::string name = t.name;
  if (!trainables_.emplace(name, std::move(t)).second)
    throw std::invalid_argument{"there are two trainables called " + name};
  return *this;
}

registry& registry::add(std::string name, std::function<void(trial&)> train) {
  trainable t;
  t.name = std::move(name);
  t.train = std::move(train);
  return add(std::move(t));
}

registry& registry::add(searcher_plugin p) {
  add_searcher(std::move(p));
  return *this;
}

registry& registry::add(scheduler_plugin p) {
  add_scheduler(std::move(p));
  return *this;
}

registry& registry::add(stopper_plugin p) {
  add_stopper(std::move(p));
  return *this;
}

registry& registry::add(callback_plugin p) {
  const added_plugin described{p.name, p.help, p.options}; // throws what is wrong
  if (!p.make) throw std::invalid_argument{"callbacks " + p.name + " have no `make`"};
  const std::string name = p.name;
  if (!callbacks_.emplace(name, std::make_shared<callback_plugin>(std::move(p))).second)
    throw std::invalid_argument{"there are two callbacks called " + name};
  return *this;
}

const trainable* registry::find(std::string_view name) const noexcept {
  const auto found = trainables_.find(name);
  return found == trainables_.end() ? nullptr : &found->second;
}

const callback_plugin* registry::find_callbacks(std::string_view name) const noexcept {
  const auto found = callbacks_.find(name);
  return found == callbacks_.end() ? nullptr : found->second.get();
}

std::vector<std::string> registry::names() const {
  return names_in(trainables_);
}

std::vector<std::string> registry::names_of_callbacks() const {
  return names_in(callbacks_);
}

} // namespace troupe
