#include "base/json.hpp"
#include "search/space/expression.hpp"

#include <troupe/space.hpp>

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <stdexcept>

using namespace troupe;

namespace {

const auto known = config{{"lr", 0.5},          {"n", 3},
                          {"name", "sgd"},      {"off", nullptr},
                          {"layers", {16, 32}}, {"optimizer", {{"momentum", 0.9}, {"on", true}}}};

std::string value_of(const std::string& text) {
  auto random = random_stream{0, 0, "x"};
  return to_text(evaluate(expression{text}, known, random));
}

std::string problem_of(const std::string& text) {
  try {
    return "no problem: " + value_of(text);
  } catch (const std::invalid_argument& e) {
    const std::string what = e.what();
    const auto shown = text.size() > 200 ? text.substr(0, 200) + "…" : text;
    REQUIRE(what.starts_with("expression \"" + shown + "\": "));
    return what.substr(shown.size() + 15);
  }
}

/// The names of an expression, separated by blanks.
std::string names_of(std::string_view text) {
  std::string names;
  for (const auto& path : names_in(text).paths)
    names += (names.empty() ? "" : " ") + path;
  return names;
}

} // namespace

TEST_CASE("an expression computes with the other parameters") {
  CHECK(value_of("lr / n") == to_text(0.5 / 3));
  CHECK(value_of("optimizer.momentum * 10") == "9");
  CHECK(value_of("layers[1] + layers[2] + #layers") == "50");
  CHECK(value_of("name == 'sgd' and 1 or 2") == "1");
  CHECK(value_of("off == nil") == "true");
  CHECK(value_of("math.floor(math.pi * n)") == "9");
  CHECK(value_of("name .. '-' .. n -- a comment") == R"("sgd-3")");
  CHECK(value_of("(function() local s = 0 for i = 1, n do s = s + i end return s end)()") == "6");
}

TEST_CASE("integral floats become integers, other values stay what they are") {
  CHECK(value_of("2 ^ 5") == "32");
  CHECK(value_of("2 ^ 0.5") == to_text(std::sqrt(2)));
  CHECK(value_of("-0.0") == "0");
  CHECK(value_of("2.0 ^ 60") == to_text(std::pow(2, 60)));
  CHECK(value_of("7 // 2") == "3");
  CHECK(value_of("{1, 'a', {x = true}}") == R"([1, "a", {"x": true}])");
  CHECK(value_of("{}") == "{}");
}

TEST_CASE("the laws draw inside expressions") {
  auto random = random_stream{0, 0, "x"};
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i)
    seen.insert(to_text(evaluate(expression{"2 ^ randint(2, 9)"}, {}, random)));
  CHECK(seen == std::set<std::string>{"4", "8", "16", "32", "64", "128", "256"});
  const auto between = [&](const std::string& text, double low, double high) {
    CAPTURE(text);
    for (int i = 0; i < 20; ++i) {
      const auto x = as_number(evaluate(expression{text}, {}, random));
      CHECK(low <= x);
      CHECK(x <= high);
    }
  };
  between("uniform(0, 1)", 0, 1);
  between("loguniform(1, 2)", 1, 2);
  between("quniform(0, 1, 0.25)", 0, 1);
  between("qloguniform(1, 2, 0.5)", 1, 2);
  between("randn(0, 1)", -9, 9);
  between("randn()", -9, 9);
  between("qrandn(0, 1, 1)", -9, 9);
  between("qrandint(0, 10, 5)", 0, 10);
  between("lograndint(1, 5)", 1, 4);
  between("qlograndint(2, 8, 2)", 2, 8);
  between("choice{4, 5}", 4, 5);
  between("choice(4, 5, 6)", 4, 6);
  between("float{low = 1, high = 2}", 1, 2);
  between("int{low = 1, high = 4, log = true}", 1, 4);
}

TEST_CASE("what goes wrong in an expression is said") {
  CHECK(problem_of("foo + 1") == "unknown name \"foo\"");
  CHECK(problem_of("off + 1").find("attempt to perform arithmetic on a nil value") == 0);
  CHECK(problem_of("off") == "it gives nothing (nil)");
  CHECK(problem_of("1 / 0") == "it gives inf, which is no finite number");
  CHECK(problem_of("0 / 0").find("nan") != std::string::npos);
  CHECK(problem_of("math.floor") == "a function is no value of a parameter");
  CHECK(problem_of("{[0.5] = 1}").find("neither 1, 2") != std::string::npos);
  CHECK(problem_of("uniform(0)") == "uniform takes [low, high], two numbers");
  CHECK(problem_of("uniform(1, 0)") == "uniform needs low < high; found [1.0, 0.0]");
  CHECK(problem_of("choice{}") == "choice takes a list of values");
  CHECK(problem_of("choice{print = math.floor}").find("function is no value") == 2);
  CHECK(problem_of("float{low = 1}").find("float takes") == 0);
}

TEST_CASE("an expression cannot reach the machine") {
  for (const auto* name :
       {"io", "os", "load", "loadstring", "dofile", "require", "package", "debug", "print",
        "string", "table", "coroutine", "pcall", "setmetatable", "collectgarbage", "rawset", "_G"})
    CHECK(problem_of(name + std::string{".x"}) == "unknown name \"" + std::string{name} + '"');
  CHECK(problem_of("math.random()").find("attempt to call a nil value") == 0);
  CHECK(problem_of("('x'):rep(9)").find("attempt to index a string value") == 0);
}

TEST_CASE("an expression that runs too long or takes too much memory is ended") {
  CHECK(problem_of("(function() while true do end end)()") == "it takes more than a million steps");
  CHECK(problem_of("(function() local s = 'x' while true do s = s .. s end end)()") ==
        "not enough memory");
  const auto doubled = [](const std::string& times) {
    return "#(function() local s = 'x' for i = 1, " + times + " do s = s .. s end return s end)()";
  };
  CHECK(value_of(doubled("22")) == "4194304");
  CHECK(problem_of(doubled("24")) == "not enough memory");
  CHECK(problem_of("(function() local t = {} t[1] = t return t end)()").find("nested so deeply") !=
        std::string::npos);
  CHECK(problem_of("(function() local function f() return f() + 1 end return f() end)()")
            .find("no problem") == std::string::npos);
}

TEST_CASE("an expression's syntax is checked without running it") {
  CHECK(wrong_syntax("2 ^ randint(2, 9)").empty());
  CHECK(wrong_syntax("1 -- comment").empty());
  CHECK(wrong_syntax("") == "an expression cannot be empty");
  CHECK(wrong_syntax(" \n") == "an expression cannot be empty");
  CHECK(wrong_syntax("2 +").find("not an expression in Lua: ") == 0);
  for (const auto* text :
       {"x = 1", "1, 2", "return 1", "1; os.exit()", "2 3", "\x1bLua", "1) + (1", "lr) * (2"})
    CHECK_FALSE(wrong_syntax(text).empty());
}

TEST_CASE("the names in an expression are found, and nothing else is taken for one") {
  CHECK(names_of("lr / batch_size") == "lr batch_size");
  CHECK(names_of("optimizer.lr + optimizer [ 'momentum' ] + layers[2].units") ==
        "optimizer/lr optimizer/momentum layers/1/units");
  CHECK(names_of("math.floor(uniform(0, 1))") == "math/floor uniform");
  CHECK(names_of("'lr' .. \"a\\\"b\" .. [[c]] .. [==[ d ]] ]==]") == "");
  CHECK(names_of("1e5 + 0x1F + .5e3 -- lr\n + n --[[ m ]] + k") == "n k");
  CHECK(names_of("not a and b or nil") == "a b");
  CHECK(names_of("a..b") == "a b");
  CHECK(names_of("a[b] + a[0]") == "a b a");
  CHECK(names_of("int{low = 1, high = 9}") == "int");
  CHECK(names_of("float{low = lr, high = n; log = true}") == "float lr n");
  CHECK(names_of("({w = 3}).w + ({3})[1] + (a).b.c") == "a");
  CHECK(names_of("choice({lr = 1, {n = 2}, lr == 1, n})") == "choice lr n");
  CHECK(names_of("{[lr] = n, x = {y = {z = m}}}") == "lr n m");
  CHECK(names_of("a[b].c + ('x'):rep(n) + {1, k}") == "a b n k");
  CHECK(names_of("(function() ::again:: local t = {u = 1} goto again end)()") == "t");
  CHECK_FALSE(names_in("a + b").has_functions);
  CHECK(names_in("(function() return 1 end)()").has_functions);
}

TEST_CASE("no value that an expression comes upon is taken for another kind of value") {
  const auto message = [](const std::string& text, const config& parameters) {
    auto random = random_stream{0, 0, "x"};
    try {
      evaluate(expression{text}, parameters, random);
    } catch (const std::invalid_argument& e) {
      return std::string{e.what()};
    }
    return std::string{"no problem"};
  };
  for (const auto& parameters : {known, config{{"_ENV", 1}}, config{{"math", 1}, {"choice", true}}})
    for (const std::string key : {"{}", "nil", "1", "0.5", "true", "math", "(0 / 0)", "choice"}) {
      CAPTURE(key);
      const auto said = message("(function() return _ENV[" + key + "] end)()", parameters);
      CHECK(said.find("names are texts; found a") != std::string::npos);
    }
  CHECK(problem_of("_ENV") == "a function is no value of a parameter");
  CHECK(problem_of("(function() _ENV = nil return lr end)()").find("attempt to index") == 0);
  CHECK(problem_of("(function() local _ENV = {} return lr end)()") == "it gives nothing (nil)");
  for (const auto* law : {"choice", "int", "float", "uniform", "randn"})
    for (const auto* argument :
         {"(math)", "({[{}] = 1})", "({{math.floor}})", "(nil, nil)", "({low = {}, high = 2})"})
      CHECK(message(std::string{law} + argument, known) != "");
}

TEST_CASE("names and texts may hold any bytes") {
  auto random = random_stream{0, 0, "x"};
  const auto nul = std::string{"a\0b", 3};
  const auto parameters = config{{nul, 1}, {"t", {{nul, 2}}}};
  CHECK(evaluate(expression{"_ENV['a\\0b'] + t['a\\0b']"}, parameters, random) == 3);
  CHECK(problem_of("_ENV['a\\0b']").find("unknown name") == 0);
}

TEST_CASE("a result has its members in the order of their names") {
  CHECK(value_of("{zeta = 1, alpha = {b = 2, a = 3}, [ 'mid' ] = 4}") ==
        R"({"alpha": {"a": 3, "b": 2}, "mid": 4, "zeta": 1})");
}

TEST_CASE("what becomes of a result, and of a law's arguments, is limited as well") {
  const auto is_limited = [](const std::string& text) {
    CAPTURE(text.substr(0, 60));
    CHECK(problem_of(text).find("it makes too much of tables and texts") == 0);
  };
  std::string sparse = "{";
  for (int i = 0; i < 26; ++i)
    sparse += "[" + std::to_string(1 << i) + "] = 1, ";
  const auto in_function = [](const std::string& body) {
    return "(function() " + body + " end)()";
  };
  is_limited(sparse + "}");
  is_limited(in_function("local t = {1} for i = 1, 22 do t = {t, t} end return t"));
  is_limited(in_function("local t = {1} for i = 1, 22 do t = {a = t, b = t} end return t"));
  is_limited(in_function("local s = 'x' for i = 1, 16 do s = s .. s end "
                         "local t = {} for i = 1, 100 do t[i] = s end return t"));
  is_limited(in_function("local t = {1} for i = 1, 22 do t = {t, t} end return choice(t)"));
  is_limited(in_function("local t = {} for i = 1, 3000 do t[i] = i end "
                         "for i = 1, 3000 do choice(t) end return 1"));
  CHECK(value_of("#choice{{1, 2, 3}}") == "3");
}

TEST_CASE("a step on long texts costs more than one") {
  const auto with_long_text = [](const std::string& body) {
    return "(function() local s = 'x' for i = 1, 22 do s = s .. s end local n = 0 " + body +
           " return n end)()";
  };
  CHECK(problem_of(with_long_text(
                       "local t = s .. '' for i = 1, 100000 do n = n + (s == t and 1 or 0) end"))
            .find("it takes more than a million steps") == 0);
  CHECK(problem_of(with_long_text("for i = 1, 3000 do local t = s .. i end")).find("no problem") ==
        std::string::npos);
  CHECK(value_of("(function() local n = 0 for i = 1, 300000 do n = n + 1 end return n end)()") ==
        "300000");
}

TEST_CASE("a very long expression is refused, and what it says is shown in part") {
  CHECK(wrong_syntax("1" + std::string(65535, ' ')).empty());
  CHECK(wrong_syntax("1" + std::string(65536, ' ')) ==
        "an expression has at most 65,536 characters; found 65537");
  auto random = random_stream{0, 0, "x"};
  try {
    evaluate(expression{"x" + std::string(60000, 'y')}, {}, random);
    FAIL("an unknown name");
  } catch (const std::invalid_argument& e) {
    CHECK(std::string{e.what()}.size() < 600);
  }
}
