#include "study/wrapper_options.hpp"

#include "study/plugins.hpp"

#include <cstdint>
#include <string_view>

namespace troupe {

namespace json = boost::json;

namespace {

json::object read_wrapped(member_reader& in) {
  in.require("searcher", R"(it names the searcher to wrap, as in {"name": "tpe"})");
  named_options inner;
  read_plugin(in, "searcher", known_searchers(), inner);
  json::object out{{"name", inner.name}};
  for (const auto& option : inner.options)
    out.insert(option);
  return out;
}

/// Reads a count of at least 1 that has no default.
std::uint32_t read_needed(member_reader& in, std::string_view key, std::string_view meaning) {
  std::uint32_t count = 1;
  in.require(key, meaning);
  in.read(key, count, 1);
  return count;
}

} // namespace

json::object read_concurrency_limiter(member_reader& in) {
  const auto searcher = read_wrapped(in);
  const auto most = read_needed(in, "max_concurrent", "it says how many trials at once");
  bool batch = false;
  in.read("batch", batch);
  return {{"searcher", searcher}, {"max_concurrent", most}, {"batch", batch}};
}

json::object read_repeater(member_reader& in) {
  const auto searcher = read_wrapped(in);
  const auto repeat = read_needed(in, "repeat", "it says how often to try each configuration");
  bool set_index = true;
  in.read("set_index", set_index);
  return {{"searcher", searcher}, {"repeat", repeat}, {"set_index", set_index}};
}

} // namespace troupe
