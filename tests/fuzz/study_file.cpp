// What the reader of study files holds for any text: it returns a study, or faults that have their
// positions; and a study that it writes out is read as the same.

#include "base/json.hpp"

#include <troupe/study.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace troupe;

[[noreturn]] void refute(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

/// Takes a number from 1 and a colon off `text`; the number is at most `most`.
bool take_number(std::string_view& text, std::size_t most) {
  std::size_t number = 0;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    number = 10 * number + static_cast<std::size_t>(text[0] - '0');
    text.remove_prefix(1);
  }
  if (!text.empty() && text[0] == ':') text.remove_prefix(1);
  return number >= 1 && number <= most;
}

void check(const fault& f, std::size_t size) {
  std::string_view where = f.where;
  constexpr std::string_view file = "s.json:";
  if (!where.starts_with(file)) refute("no position: " + f.text());
  where.remove_prefix(file.size());
  if (!take_number(where, size + 1) || !take_number(where, size + 1) || !where.empty())
    refute("wrong position: " + f.text());
  if (f.problem.empty()) refute("no problem: " + f.text());
}

void check(const study& s) {
  const auto written = to_pretty_text(to_json(s));
  try {
    const auto again = to_pretty_text(to_json(parse_study(written, "s.json")));
    if (again != written) refute("first " + written + "then " + again);
  } catch (const invalid_study& e) {
    refute(written + e.what());
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    check(parse_study({reinterpret_cast<const char*>(data), size}, "s.json"));
  } catch (const invalid_study& e) {
    if (e.faults().empty()) refute("refused without a fault");
    for (const auto& f : e.faults())
      check(f, size);
  }
  return 0;
}
