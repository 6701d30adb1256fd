#include "store/trial_texts.hpp"

#include "store/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

namespace troupe {

namespace fs = std::filesystem;

namespace {

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Returns at most the last `size` bytes of `text`: whole lines, or at least whole characters.
std::string_view end_of(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  const auto end = text.substr(text.size() - size);
  if (const auto line = end.find('\n'); line != end.npos && line + 1 < end.size())
    return end.substr(line + 1);
  return end.substr(
      static_cast<std::size_t>(std::ranges::find_if_not(end, continues_character) - end.begin()));
}

/// Cuts `text` off at `size`; a character that this would cut in two is blanked.
void cut_off(std::string& text, std::size_t size) {
  constexpr std::size_t longest = 4;
  std::size_t begin = size;
  while (begin > 0 && begin < text.size() && continues_character(text[begin]))
    --begin;
  const bool is_character = size - begin < longest; // else it is no UTF-8 at all
  text.resize(is_character ? begin : size);
  text.resize(size, ' ');
}

constexpr std::string_view end_of_note = " bytes are missing here]\n";

std::string begin_of_note(const fs::path& path) {
  return fmt::format("\n[{}: ", path.filename().string());
}

/// Takes the line off `rest` that says how many bytes are missing before it; returns how many.
std::uint64_t take_note(const fs::path& path, std::string_view& rest) {
  const auto begin = begin_of_note(path);
  if (!rest.starts_with(begin)) return 0;
  std::uint64_t missing = 0;
  const auto digits = rest.substr(begin.size());
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), missing);
  const auto after = digits.substr(static_cast<std::size_t>(end - digits.data()));
  if (error != std::errc{} || !after.starts_with(end_of_note)) return 0;
  rest = after.substr(end_of_note.size());
  return missing;
}

} // namespace

void capped_file::open() {
  create_folder(path_.parent_path());
  file_ = output_file::append_to(path_);
  size_ = fs::file_size(path_);
}

void capped_file::append(std::string_view text) {
  if (!file_) open();
  if (text.size() > cap_ - std::min<std::uintmax_t>(size_, cap_)) return drop_middle(text);
  file_.write(text);
  size_ += text.size();
}

/// Keeps a quarter of the room free, so that this is not done for every line. The note always
/// stands behind the first half, where whoever opens the file finds it.
void capped_file::drop_middle(std::string_view text) {
  auto all = read_all_text(path_);
  all += text;
  const auto half = cap_ / 2;
  auto rest = std::string_view{all}.substr(half);
  auto missing = take_note(path_, rest);
  const std::string tail{end_of(rest, cap_ / 4)};
  missing += rest.size() - tail.size();
  cut_off(all, half);
  all += fmt::format("{}{}{}{}", begin_of_note(path_), missing, end_of_note, tail);
  close();
  replace_file(path_, all);
  open();
}

void trial_texts::add_log(std::string_view line) {
  log_.append(fmt::format("{}\n", line));
}

void trial_texts::add_failure(std::string_view error, std::int64_t time_ns) {
  errors_.append(fmt::format("Failure # {} (occurred at {})\n{}\n", ++failures_,
                             to_date_text(time_ns), error));
  errors_.close();
}

void trial_texts::close() {
  log_.close();
  errors_.close();
}

} // namespace troupe
