#include "data/idx.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

namespace troupe {
namespace {

constexpr std::uint32_t unsigned_bytes = 0x08; ///< The element type, in the magic number.
constexpr std::size_t most_values = std::size_t{1} << 30;

/// A file that is unzipped as it is read, if it is gzipped.
class gzip_reader {
public:
  explicit gzip_reader(const std::filesystem::path& file)
      : name_{file.string()},
        file_{gzopen(file.c_str(), "rb")} {
    if (!file_) refuse(std::generic_category().message(errno));
  }

  [[noreturn]] void refuse(std::string_view fault) const {
    throw data_error{
        fmt::format("{}: {}; put a sound copy of the file in its place", name_, fault)};
  }

  /// Reads up to `count` bytes: fewer only at the end of the file.
  std::size_t read(std::uint8_t* to, std::size_t count) {
    const auto got = gzread(file_.get(), to, static_cast<unsigned>(count));
    int code = Z_OK;
    const auto* const reason = gzerror(file_.get(), &code);
    if (code == Z_BUF_ERROR) refuse("is truncated: its gzip stream has no end");
    if (got < 0 || code != Z_OK) refuse(fmt::format("cannot be unzipped ({})", reason));
    return static_cast<std::size_t>(got);
  }

  std::uint32_t read_big_endian() {
    std::array<std::uint8_t, 4> b{};
    if (read(b.data(), b.size()) != b.size()) refuse("is truncated within its header");
    return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
  }

private:
  struct closer {
    void operator()(gzFile file) const noexcept { gzclose(file); }
  };
  std::string name_;
  std::unique_ptr<gzFile_s, closer> file_;
};

std::vector<std::size_t> read_shape(gzip_reader& in, std::size_t rank) {
  const auto wanted = unsigned_bytes << 8 | static_cast<std::uint32_t>(rank);
  if (const auto magic = in.read_big_endian(); magic != wanted)
    in.refuse(fmt::format("is not an IDX file of bytes with {} dimension(s): it begins with "
                          "{:#010x}, not {:#010x}",
                          rank, magic, wanted));
  std::vector<std::size_t> shape;
  std::size_t count = 1;
  for (std::size_t i = 0; i < rank; ++i) {
    shape.push_back(in.read_big_endian());
    if (shape[i] > most_values / std::max<std::size_t>(count, 1))
      in.refuse(fmt::format("claims more than {} values", most_values));
    count *= shape[i];
  }
  return shape;
}

/// Grows with what is really there, so that a false header cannot claim much memory.
std::vector<std::uint8_t> read_values(gzip_reader& in, const std::vector<std::size_t>& shape) {
  std::size_t count = 1;
  for (const auto extent : shape)
    count *= extent;
  constexpr std::size_t chunk = std::size_t{1} << 22;
  std::vector<std::uint8_t> values;
  while (values.size() < count) {
    const auto at = values.size();
    values.resize(std::min(count, at + chunk));
    const auto wanted = values.size() - at;
    if (const auto got = in.read(values.data() + at, wanted); got < wanted)
      in.refuse(fmt::format("is truncated: {} of {} ({}) bytes", at + got, count,
                            fmt::join(shape, " x ")));
  }
  std::uint8_t beyond = 0;
  if (in.read(&beyond, 1) != 0)
    in.refuse(fmt::format("goes on after its {} ({}) bytes", count, fmt::join(shape, " x ")));
  return values;
}

} // namespace

idx_array read_idx(const std::filesystem::path& file, std::size_t rank) {
  gzip_reader in{file};
  auto shape = read_shape(in, rank);
  auto values = read_values(in, shape);
  return {std::move(shape), std::move(values)};
}

} // namespace troupe
