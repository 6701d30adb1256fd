#include "cli/unzipped_input.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <stdexcept>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace troupe {

namespace {

constexpr std::size_t piece = 1U << 16;
constexpr std::string_view gzip_begins = "\x1f\x8b";
constexpr int gzip_only = 16 + MAX_WBITS;

} // namespace

unzipped_input::unzipped_input(const std::string& file)
    : name_{file == "-" ? "stdin" : file},
      file_{file == "-" ? ::dup(STDIN_FILENO) : ::open(file.c_str(), O_RDONLY | O_CLOEXEC)} {
  if (file_ < 0) throw std::runtime_error{name_ + ": cannot be opened: " + std::strerror(errno)};
  if (inflateInit2(&stream_, gzip_only) == Z_OK) return;
  ::close(file_);
  throw std::bad_alloc{};
}

unzipped_input::~unzipped_input() {
  inflateEnd(&stream_);
  ::close(file_);
}

/// Appends bytes of the file to `raw_`, of which only what is not used up is kept; returns false at
/// the end.
bool unzipped_input::get_more() {
  raw_.erase(0, std::exchange(taken_, 0));
  const auto size = raw_.size();
  raw_.resize(size + piece);
  ssize_t got = 0;
  do
    got = ::read(file_, raw_.data() + size, piece);
  while (got < 0 && errno == EINTR);
  raw_.resize(size + static_cast<std::size_t>(got > 0 ? got : 0));
  if (got < 0) throw std::runtime_error{std::strerror(errno)};
  return got > 0;
}

std::string unzipped_input::read() {
  if (!std::exchange(has_begun_, true)) {
    while (raw_.size() < gzip_begins.size() && get_more()) {
    }
    is_zipped_ = raw_.starts_with(gzip_begins);
  }
  if (is_zipped_) return unzip();
  if (raw_.empty()) get_more();
  return std::exchange(raw_, {});
}

/// Begins a compressed part; returns false if there is no further one.
bool unzipped_input::begin_part() {
  while (raw_.size() - taken_ < gzip_begins.size() && get_more()) {
  }
  const auto rest = std::string_view{raw_}.substr(taken_);
  if (rest.empty()) return false;
  if (!rest.starts_with(gzip_begins))
    throw foreign_bytes{"something else stands behind the end of what gzip compressed; was "
                        "the file put together from others, or padded?"};
  inflateReset(&stream_);
  return is_open_ = true;
}

std::string unzipped_input::unzip() {
  std::string out(piece, '\0');
  stream_.next_out = reinterpret_cast<Bytef*>(out.data());
  stream_.avail_out = static_cast<uInt>(out.size());
  while (stream_.avail_out == out.size() && (is_open_ || begin_part())) {
    if (taken_ == raw_.size() && !get_more())
      throw std::runtime_error{"what gzip compressed is cut off"};
    stream_.next_in = reinterpret_cast<Bytef*>(raw_.data() + taken_);
    stream_.avail_in = static_cast<uInt>(raw_.size() - taken_);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    taken_ = raw_.size() - stream_.avail_in;
    if (code == Z_MEM_ERROR) throw std::bad_alloc{};
    if (code != Z_OK && code != Z_STREAM_END)
      throw std::runtime_error{stream_.msg ? stream_.msg : "what gzip compressed is damaged"};
    if (code == Z_STREAM_END) is_open_ = false;
  }
  out.resize(out.size() - stream_.avail_out);
  return out;
}

} // namespace troupe
