#include "process/program_path.hpp"
#include "process/script_head.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace troupe;
using namespace std::string_literals;

TEST_CASE("a script's first line names what runs it, and one argument") {
  CHECK(read_script_head("#!/bin/sh").interpreter == "/bin/sh");
  CHECK(read_script_head("#! \t/usr/bin/env \tpython3 -u \necho").interpreter == "/usr/bin/env");
  CHECK(read_script_head("#! \t/usr/bin/env \tpython3 -u \necho").argument == "python3 -u");
  CHECK(read_script_head("#!/bin/sh\n").argument.empty());
  CHECK(read_script_head("#!/bin/sh\n").problem.empty());
}

TEST_CASE("what the system will not run is said") {
  const auto problem = [](const std::string& bytes) { return read_script_head(bytes).problem; };
  CHECK(problem("") == "it is empty");
  CHECK(problem("echo hello\n").find("#!/bin/sh") != std::string::npos);
  CHECK(problem("\xEF\xBB\xBF#!/bin/sh\n").find("#!/bin/sh") != std::string::npos);
  CHECK(problem("#!\n").find("names no program") != std::string::npos);
  CHECK(problem("#!   ").find("names no program") != std::string::npos);
  CHECK(problem("#!/bin/sh\r\necho\r\n").find("as on Windows") != std::string::npos);
}

TEST_CASE("what is binary is not judged") {
  const auto head = read_script_head("\x7F"s + "ELF\0\1"s);
  CHECK(head.problem.empty());
  CHECK(head.interpreter.empty());
}

TEST_CASE("a program is found behind folders of PATH that cannot be looked into") {
  const auto impossible = std::string(300, 'a'); // no file system has such a name
  CHECK(find_program("sh", "", impossible + ":/nowhere:/bin") == "/bin/sh");
  CHECK_THROWS_WITH_AS(find_program("no such program", "", impossible),
                       doctest::Contains("no folder of PATH has a program"), std::invalid_argument);
}
