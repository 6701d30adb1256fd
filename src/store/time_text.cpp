#include "store/time_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <stdexcept>

namespace troupe {

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

std::string format_time(std::string_view pattern, std::int64_t time_ns) {
  const std::chrono::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds{time_ns}};
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{second - day};
  const auto below_second = (time_ns % second_ns + second_ns) % second_ns;
  return fmt::format(fmt::runtime(pattern), static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     below_second);
}

} // namespace

std::string to_utc_text(std::int64_t time_ns) {
  return format_time("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", time_ns);
}

std::string to_sql_time_text(std::int64_t time_ns) {
  auto text = to_utc_text(time_ns);
  text.resize(text.find('.') + 7);
  text[text.find('T')] = ' ';
  return text;
}

std::string to_date_text(std::int64_t time_ns) {
  return format_time("{:04}-{:02}-{:02}_{:02}-{:02}-{:02}", time_ns);
}

std::int64_t from_utc_text(std::string_view text) {
  const auto digits = [&](std::size_t from, std::size_t count) {
    std::int64_t n = 0;
    if (from + count <= text.size())
      std::from_chars(text.data() + from, text.data() + from + count, n);
    return n;
  };
  const std::chrono::sys_days day{std::chrono::year{static_cast<int>(digits(0, 4))} /
                                  static_cast<unsigned>(digits(5, 2)) /
                                  static_cast<unsigned>(digits(8, 2))};
  const auto second = std::chrono::sys_seconds{day} + std::chrono::hours{digits(11, 2)} +
                      std::chrono::minutes{digits(14, 2)} + std::chrono::seconds{digits(17, 2)};
  const auto whole = second.time_since_epoch().count();
  // Before 1970 the parts have different signs; one second is moved between them lest they
  // overflow.
  const std::int64_t shift = whole < 0 ? 1 : 0;
  std::int64_t time_ns = 0;
  // Writing it again checks the form and the ranges in one go.
  if (__builtin_mul_overflow(whole + shift, second_ns, &time_ns) ||
      __builtin_add_overflow(time_ns, digits(20, 9) - shift * second_ns, &time_ns) ||
      to_utc_text(time_ns) != text)
    throw std::invalid_argument{
        fmt::format("\"{}\" is not a time like 2026-03-01T17:04:05.000000123Z", text)};
  return time_ns;
}

} // namespace troupe
