#include "base/options.hpp"
#include "search/life/stoppers.hpp"
#include "search/schedulers/registry.hpp"
#include "search/searchers/registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

// The tables of options in docs/search.md are what the program knows of its plugins. After a change
// of those, `TROUPE_WRITE_DOCS=1 build/release/tests/test_study -tc="*docs/search.md*"` writes them
// anew.

using namespace troupe;

namespace {

constexpr auto document = TROUPE_SOURCE_DIR "/docs/search.md";
constexpr std::string_view first_line =
    "<!-- What follows is written by a test: see CONTRIBUTING.md. -->";

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : "; ") + word;
  return text;
}

std::string sentence(std::string text) {
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text + ".";
}

std::string code(std::string_view json) {
  return "`" + std::string{json} + "`";
}

std::string row(const option& o) {
  const auto fallback = o.required ? "needed" : o.fallback.empty() ? "" : code(o.fallback);
  auto text =
      "| " + code(o.key) + " | " + std::string{o.help} + " | " + allowed(o) + " | " + fallback;
  return text + (fallback.empty() ? "|" : " |");
}

void add_plugin(std::vector<std::string>& lines, const plugin& p,
                const std::vector<std::string>& traits) {
  lines.insert(lines.end(), {"", "### " + std::string{p.name}, ""});
  lines.push_back(sentence(std::string{p.summary}) +
                  (traits.empty() ? "" : " " + sentence(joined(traits))));
  if (p.options.empty()) return;
  lines.insert(lines.end(), {"", "| option | what it says | what it may be | default |",
                             "| --- | --- | --- | --- |"});
  for (const auto& o : p.options)
    lines.push_back(row(o));
}

/// Returns the lines from first_line on.
std::vector<std::string> tables() {
  std::vector<std::string> lines{std::string{first_line}, "", "## Options of searchers"};
  for (const auto& known : known_searchers())
    add_plugin(lines, known.about, known.traits());
  lines.insert(lines.end(), {"", "## Options of schedulers"});
  for (const auto& known : known_schedulers())
    add_plugin(lines, known.about, known.traits());
  lines.insert(lines.end(), {"", "## Options of stoppers"});
  for (const auto* p : stopper_plugins())
    add_plugin(lines, *p, {});
  return lines;
}

std::vector<std::string> lines_of_document() {
  std::ifstream in{document};
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

} // namespace

TEST_CASE("the tables of options in docs/search.md are those of the program") {
  auto lines = lines_of_document();
  const auto begin = std::ranges::find(lines, first_line);
  REQUIRE(begin != lines.end());
  const auto at = begin - lines.begin();
  const auto wanted = tables();
  if (std::getenv("TROUPE_WRITE_DOCS")) {
    std::ofstream out{document};
    std::copy(lines.begin(), begin, std::ostream_iterator<std::string>{out, "\n"});
    std::ranges::copy(wanted, std::ostream_iterator<std::string>{out, "\n"});
    return;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto line = static_cast<std::size_t>(at) + i;
    CAPTURE(line + 1);
    REQUIRE(line < lines.size());
    REQUIRE(lines[line] == wanted[i]);
  }
  CHECK(lines.size() == static_cast<std::size_t>(at) + wanted.size());
}
