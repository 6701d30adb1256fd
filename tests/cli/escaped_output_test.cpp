#include "cli/escaped_output.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace troupe;

TEST_CASE("what is written to a stream is escaped as long as the guard lives") {
  std::ostringstream out;
  {
    const escaped_output guard{out};
    out << "a\x1b[31m" << 42 << '\a' << "é\n" << std::flush;
    CHECK(out.str() == "a\\u001b[31m42\\u0007é\n");
  }
  out << '\x1b';
  CHECK(out.str().ends_with("\n\x1b"));
}

TEST_CASE("characters may come in parts") {
  const std::string text = "é漢🎭\u202e\xff.";
  for (std::size_t step = 1; step < 5; ++step) {
    std::ostringstream out;
    {
      const escaped_output guard{out};
      for (std::size_t i = 0; i < text.size(); i += step)
        out << text.substr(i, step);
    }
    CHECK(out.str() == "é漢🎭\\u202e\\xff.");
  }
  std::ostringstream out;
  {
    const escaped_output guard{out};
    out << "\xe6\xbc";
  }
  CHECK(out.str() == "\\xe6\\xbc");
}

TEST_CASE("a stream that cannot be written to says so through the guard") {
  class full final : public std::streambuf {};
  full nowhere;
  std::ostream out{&nowhere};
  const escaped_output guard{out};
  out << "text" << std::flush;
  CHECK_FALSE(out.good());
}
