#include "store/trial_texts.hpp"

#include "store/time_text.hpp"

#include <fmt/format.h>

#include <string>

namespace troupe {

namespace fs = std::filesystem;

namespace {

/// Returns the first `size` bytes of `text`, less a character that they would cut in two.
std::string_view start_of(std::string_view text, std::size_t size) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  while (size > 0 && size < text.size() && continues(text[size]))
    --size;
  return text.substr(0, size);
}

} // namespace

void capped_file::open() {
  create_folder(path_.parent_path());
  file_ = output_file::append_to(path_);
  size_ = fs::file_size(path_);
}

void capped_file::append(std::string_view text) {
  if (!file_) open();
  if (size_ > cap_) return;
  if (text.size() <= cap_ - size_) {
    file_.write(text);
    size_ += text.size();
    return;
  }
  // The note fills the file beyond its cap, so that nothing comes after it, in whatever process.
  auto rest = std::string{start_of(text, static_cast<std::size_t>(cap_ - size_))};
  rest += fmt::format("\n[{} has reached its cap of {} bytes: what comes after is left out]\n",
                      path_.filename().string(), cap_);
  size_ += rest.size();
  file_.write(rest);
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
