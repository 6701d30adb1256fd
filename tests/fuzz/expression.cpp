// What expressions hold for any text: it has the right syntax or not; if it has, it gives a value
// of bounded size or says what is wrong, and the same value again for the same random numbers.

#include "search/space/expression.hpp"

#include "base/json.hpp"

#include <boost/json/array.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace troupe;

[[noreturn]] void refute(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

const config& parameters() {
  static const auto all =
      config{{"lr", 0.5},          {"n", 3},
             {"name", "sgd"},      {"off", nullptr},
             {"layers", {16, 32}}, {"optimizer", {{"momentum", 0.9}, {"on", true}}}};
  return all;
}

std::string outcome_of(const expression& e) {
  auto random = random_stream{0, 0, "x"};
  try {
    return to_text(evaluate(e, parameters(), random));
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = std::string{reinterpret_cast<const char*>(data), size};
  for (const auto& path : names_in(text).paths)
    if (path.size() > 2 * size) refute("a name that is not there: " + path);
  if (!wrong_syntax(text).empty()) return 0;
  const auto first = outcome_of({text});
  if (first.size() > (8U << 20)) refute("a value without an end");
  if (first != outcome_of({text})) refute("first " + first + ", then " + outcome_of({text}));
  return 0;
}
