#include "base/options.hpp"

#include "base/json.hpp"
#include "base/nearest.hpp"
#include "base/option_values.hpp"
#include "base/path.hpp"
#include "base/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

/// A range that is no longer than this is said whole.
constexpr double short_range = 100;

/// A round number in short: 1e+15.
std::string text_of(double x) {
  constexpr std::size_t longest = 7;
  auto text = to_text(plain_number(x));
  auto brief = fmt::format("{:g}", x);
  return text.size() > longest && std::stod(brief) == x ? brief : text;
}

bool same(const json::value& a, const json::value& b) {
  const auto x = real_number(a);
  const auto y = real_number(b);
  return x && y ? *x == *y : a == b;
}

bool is_short(const number_range& r) {
  return !r.without_low && r.high - r.low <= short_range;
}

std::string lower_end(const number_range& r) {
  if (r.low == least_number) return {};
  return (r.without_low ? " above " : " of at least ") + text_of(r.low);
}

/// Returns what is to be said of a number that is too large, or not: of the end that it passed.
std::string ends(const number_range& r, bool too_large) {
  if (is_short(r)) return " from " + text_of(r.low) + " to " + text_of(r.high);
  return too_large ? " of at most " + text_of(r.high) : lower_end(r);
}

std::string both_ends(const number_range& r) {
  if (is_short(r)) return ends(r, false);
  auto text = lower_end(r);
  if (r.high != most_number)
    text += (text.empty() ? " of at most " : ", at most ") + text_of(r.high);
  return text;
}

std::string example_of(const option& o) {
  if (!o.example.empty()) return std::string{o.example};
  const auto known = o.inner();
  return "{\"name\": \"" + std::string{known.front()->name} + "\"}";
}

/// Returns what a value of the option's type is, with these words about its range.
std::string type_words(const option& o, const std::string& range) {
  switch (o.type) {
  case option_type::truth:
    return "true or false";
  case option_type::whole:
    return "a whole number" + range;
  case option_type::number:
    return "a number" + range;
  case option_type::text:
    return "a text that is not empty";
  case option_type::word: {
    std::string text;
    for (std::size_t i = 0; i < o.words.size(); ++i)
      text += (i == 0                    ? "\""
               : i + 1 == o.words.size() ? " or \""
                                         : ", \"") +
              std::string{o.words[i]} + "\"";
    return text;
  }
  case option_type::nested:
    return "an object, as in " + example_of(o);
  case option_type::formed:
    return std::string{o.form->words};
  }
  return {};
}

std::string words_for(const option& o, const std::string& range) {
  auto text = type_words(o, range);
  return o.instead.empty() ? text : std::string{o.instead} + " or " + text;
}

/// Returns the value at `o` as it is written out; none, and a problem, if it is not allowed.
class one_option {
public:
  one_option(const option& o, const json::value& given, std::vector<option_problem>& problems)
      : o_{o},
        given_{given},
        problems_{problems} {}

  std::optional<json::value> read() {
    if (!o_.instead.empty() && same(given_, parse_json(o_.instead))) return parse_json(o_.instead);
    switch (o_.type) {
    case option_type::truth:
      return given_.is_bool() ? std::optional{given_} : refuse();
    case option_type::whole:
    case option_type::number:
      return number();
    case option_type::text:
      return is_text() ? std::optional{given_} : refuse();
    case option_type::word:
      return is_word() ? std::optional{given_} : refuse();
    case option_type::nested:
      return nested();
    case option_type::formed:
      return formed();
    }
    return std::nullopt;
  }

private:
  std::optional<json::value> refuse(bool too_large = false) {
    problems_.push_back(
        {std::string{o_.key},
         "must be " + words_for(o_, ends(o_.range, too_large)) + "; found " + describe(given_)});
    return std::nullopt;
  }

  bool is_text() const { return given_.is_string() && !given_.get_string().empty(); }

  bool is_word() const {
    return given_.is_string() &&
           std::ranges::find(o_.words, std::string_view{given_.get_string()}) != o_.words.end();
  }

  std::optional<json::value> number() {
    const auto x = real_number(given_);
    if (!x) return refuse();
    const bool is_whole = o_.type == option_type::number || std::trunc(*x) == *x;
    if (is_whole && o_.range.has(*x)) return plain_number(*x);
    return refuse(*x > o_.range.high);
  }

  std::optional<json::value> nested() {
    const auto* object = given_.if_object();
    if (!object) return refuse();
    std::vector<option_problem> inside;
    auto read = read_named(*object, o_.key, o_.inner(), inside);
    return passed_on(std::move(read), std::move(inside), true);
  }

  std::optional<json::value> formed() {
    std::vector<option_problem> inside;
    auto read = o_.form->read(o_.key, given_, inside);
    return passed_on(std::move(read), std::move(inside), false);
  }

  std::optional<json::value> passed_on(json::value read, std::vector<option_problem> inside,
                                       bool below) {
    for (auto& p : inside)
      problems_.push_back(
          {below ? join_path(o_.key, p.path) : std::move(p.path), std::move(p.problem)});
    return inside.empty() ? std::optional{std::move(read)} : std::nullopt;
  }

  const option& o_;
  const json::value& given_;
  std::vector<option_problem>& problems_;
};

/// Adds a problem for each member that is no option.
void refuse_others(const plugin& p, const json::object& given,
                   std::vector<option_problem>& problems) {
  std::vector<std::string_view> known{"name"};
  for (const auto& o : p.options)
    known.push_back(o.key);
  for (const auto& member : given) {
    const std::string_view key = member.key();
    if (std::ranges::find(known, key) != known.end()) continue;
    const bool is_the_studys = key == "metric" || key == "mode";
    problems.push_back(
        {std::string{key}, is_the_studys ? "belongs at the top level of the study, where it holds "
                                           "for searcher and scheduler alike"
                                         : "unknown key; " + suggest_name(key, known)});
  }
}

std::string missing(const option& o) {
  const bool by_example = o.type == option_type::nested || o.type == option_type::formed;
  return "is missing; it says " + std::string{o.help.substr(0, o.help.find_first_of(";:"))} +
         (by_example ? ", as in " + example_of(o) : "");
}

} // namespace

const plugin* find_plugin(const plugin_list& known, std::string_view name) {
  const auto found = std::ranges::find(known, name, &plugin::name);
  return found == known.end() ? nullptr : *found;
}

json::object read_options(const plugin& p, const json::object& given,
                          std::vector<option_problem>& problems) {
  json::object all;
  const auto before = problems.size();
  for (const auto& o : p.options) {
    std::optional<json::value> value;
    if (const auto* v = given.if_contains(o.key))
      value = one_option{o, *v, problems}.read();
    else if (o.required)
      problems.push_back({std::string{o.key}, missing(o)});
    if (!value && !o.fallback.empty()) value = parse_json(o.fallback);
    if (value && !(o.silent && same(*value, parse_json(o.fallback))))
      all[o.key] = *std::move(value);
  }
  refuse_others(p, given, problems);
  if (p.check && problems.size() == before) p.check(option_values{all, given}, problems);
  return all;
}

json::object read_named(const json::object& given, std::string_view kind, const plugin_list& known,
                        std::vector<option_problem>& problems) {
  const auto* v = given.if_contains("name");
  if (!v)
    problems.push_back({"name", "is missing; it says which " + std::string{kind}});
  else if (!v->is_string() || v->get_string().empty())
    problems.push_back({"name", "must be a text that is not empty; found " + describe(*v)});
  if (!v || !v->is_string() || v->get_string().empty()) return {};
  const std::string_view name = v->get_string();
  const auto* p = find_plugin(known, name);
  if (!p) {
    std::vector<std::string_view> names(known.size());
    std::ranges::transform(known, names.begin(), &plugin::name);
    problems.push_back({"name", "unknown " + std::string{kind} + " \"" + std::string{name} +
                                    "\"; " + suggest_name(name, names)});
    return {};
  }
  json::object all{{"name", name}};
  for (auto& member : read_options(*p, given, problems))
    all.insert(std::move(member));
  return all;
}

std::string allowed(const option& o) {
  return words_for(o, both_ends(o.range));
}

} // namespace troupe
