#include "cli/escaped_output.hpp"
#include "cli/output_error.hpp"

#include <doctest/doctest.h>

#include <cerrno>
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
  escaped_output guard{out};
  out << "text" << std::flush;
  CHECK_FALSE(out.good());
  out.clear();
  out.exceptions(std::ios::badbit);
  CHECK_THROWS_AS(out << "text", output_error);
  out.exceptions(std::ios::goodbit);
}

TEST_CASE("what is not taken before the end is noticed at the end") {
  class forgetful final : public std::streambuf {
    std::streamsize xsputn(const char*, std::streamsize size) override { return size; }
    int sync() override {
      errno = ENOSPC;
      return -1;
    }
  };
  forgetful target;
  std::ostream out{&target};
  escaped_output guard{out};
  out << "text";
  CHECK(out.good());
  CHECK_THROWS_WITH_AS(guard.finish(), "cannot write to standard output: No space left on device",
                       output_error);
}
