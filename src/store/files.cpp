#include "store/files.hpp"

#include "base/removal.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <fstream>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace troupe {

namespace fs = std::filesystem;

namespace {

std::string_view remedy(std::error_code error) {
  if (error == std::errc::no_space_on_device) return "; free some disk space";
  if (error.value() == EDQUOT) return "; free some of your disk quota";
  if (error == std::errc::file_too_large) return "; allow larger files (ulimit -f)";
  if (error == std::errc::too_many_files_open) return "; allow more open files (ulimit -n)";
  if (error == std::errc::io_error) return "; the disk may be failing: look at the system's log";
  if (error.value() == ESTALE || error == std::errc::timed_out)
    return "; the file server may have lost it: is its folder still mounted?";
  if (error == std::errc::read_only_file_system || error == std::errc::permission_denied)
    return "; choose a folder that may be written to";
  return "";
}

[[noreturn]] void fail(std::string_view what, const fs::path& path, std::error_code error) {
  throw folder_error{
      fmt::format("cannot {} {}: {}{}", what, path.string(), error.message(), remedy(error))};
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

fs::path temporary_of(fs::path path) {
  return path += ".tmp";
}

enum class durable : std::uint8_t { no, yes };

/// Replaces `path` by way of a temporary file, which does not stay if that fails.
void replace(const fs::path& path, std::string_view text, durable wanted) {
  const auto temporary = temporary_of(path);
  remove_file(temporary);
  try {
    auto file = output_file::create(temporary);
    file.write(text);
    if (wanted == durable::yes) file.sync();
    rename_path(temporary, path);
  } catch (const std::exception&) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
}

template <class Bytes>
Bytes read_whole(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) fail("read", path, error);
  Bytes bytes;
  bytes.resize(size);
  std::ifstream file{path, std::ios::binary};
  if (!file.read(reinterpret_cast<char*>(bytes.data()), std::ssize(bytes)))
    fail("read", path, last_error());
  return bytes;
}

} // namespace

// -- output_file ---------------------------------------------------------------------------------

output_file::output_file(fs::path path, int flags)
    : path_{std::move(path)},
      descriptor_{::open(path_.c_str(), O_WRONLY | O_CLOEXEC | flags, 0666)} {
  if (descriptor_ < 0) fail("open", path_, last_error());
}

output_file output_file::create(const fs::path& path) {
  return {path, O_CREAT | O_EXCL};
}

output_file output_file::append_to(const fs::path& path) {
  return {path, O_CREAT | O_APPEND};
}

output_file& output_file::operator=(output_file&& other) noexcept {
  if (this != &other) {
    close();
    path_ = std::move(other.path_);
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

output_file::~output_file() {
  close();
}

void output_file::close() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void output_file::write(std::string_view text) {
  write(std::as_bytes(std::span{text}));
}

void output_file::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written >= 0)
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      fail("write to", path_, last_error());
  }
}

void output_file::sync() {
  if (::fsync(descriptor_) != 0) fail("write to", path_, last_error());
}

// -- functions -----------------------------------------------------------------------------------

void sync_file(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail("open", path, last_error());
  const bool synced = ::fsync(descriptor) == 0;
  const auto error = last_error();
  ::close(descriptor);
  if (!synced) fail("write to", path, error);
}

void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    const auto error = last_error();
    if (error == std::errc::permission_denied) return;
    fail("open", folder, error);
  }
  const bool synced = ::fsync(descriptor) == 0;
  const auto error = last_error();
  ::close(descriptor);
  if (!synced && error != std::errc::invalid_argument) fail("write to", folder, error);
}

void replace_file(const fs::path& path, std::string_view text) {
  replace(path, text, durable::no);
}

void write_atomically(const fs::path& path, std::string_view text) {
  replace(path, text, durable::yes);
  sync_folder(path.has_parent_path() ? path.parent_path() : ".");
}

void create_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail("create folder", folder, error);
}

void remove_file(const fs::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail("remove", path, last_error());
}

void remove_tree(const fs::path& path) {
  if (const auto error = remove_whole(path)) fail("remove", path, error);
}

void rename_path(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) fail("rename " + from.string() + " to", to, error);
}

file_identity identity_of(const fs::path& path) {
  // Opening it is what makes a client of a file server ask for it.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail("read", path, last_error());
  struct stat found = {};
  const bool known = ::fstat(descriptor, &found) == 0;
  const auto error = last_error();
  ::close(descriptor);
  if (!known) fail("read", path, error);
  return {found.st_dev, found.st_ino};
}

std::vector<std::byte> read_bytes(const fs::path& path) {
  return read_whole<std::vector<std::byte>>(path);
}

std::string read_all_text(const fs::path& path) {
  return read_whole<std::string>(path);
}

bool has_text(const fs::path& path, std::string_view text) {
  return fs::exists(path) && read_all_text(path) == text;
}

} // namespace troupe
