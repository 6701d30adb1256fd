#include "data/unpack.hpp"

#include <troupe/errors.hpp>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

namespace troupe {
namespace {

namespace fs = std::filesystem;

struct closer {
  void operator()(archive* a) const noexcept { archive_free(a); }
};
using archive_handle = std::unique_ptr<archive, closer>;

class unpacker {
public:
  unpacker(const fs::path& file, const fs::path& into, std::uint64_t most_bytes)
      : name_{file.string()},
        into_{into},
        left_{most_bytes},
        most_{most_bytes} {
    archive_read_support_filter_gzip(in_.get());
    archive_read_support_format_tar(in_.get());
    archive_write_disk_set_options(out_.get(), ARCHIVE_EXTRACT_SECURE_NODOTDOT |
                                                   ARCHIVE_EXTRACT_SECURE_SYMLINKS);
    expect_read(archive_read_open_filename(in_.get(), file.c_str(), 1 << 16));
  }

  void run() {
    archive_entry* entry = nullptr;
    while (true) {
      const auto status = archive_read_next_header(in_.get(), &entry);
      if (status == ARCHIVE_EOF) break;
      expect_read(status);
      redirect(entry);
      expect_write(archive_write_header(out_.get(), entry));
      copy_content();
      expect_write(archive_write_finish_entry(out_.get()));
    }
    expect_write(archive_write_close(out_.get()));
  }

private:
  [[noreturn]] void refuse(std::string_view fault) const {
    throw data_error{fmt::format("{}: {}", name_, fault)};
  }

  void expect_read(int status) const {
    if (status != ARCHIVE_OK)
      refuse(fmt::format("cannot be unpacked ({}); remove it to have it downloaded again",
                         archive_error_string(in_.get())));
  }

  void expect_write(int status) const {
    if (status != ARCHIVE_OK)
      refuse(fmt::format("cannot be unpacked into {} ({}); free some space there, or name another "
                         "folder with --data-dir",
                         into_.string(), archive_error_string(out_.get())));
  }

  /// Makes a harmless entry point below into_, and refuses any other.
  void redirect(archive_entry* entry) const {
    const auto* const name = archive_entry_pathname(entry);
    const fs::path path{name ? name : ""};
    if (path.empty() || path.is_absolute() || std::ranges::find(path, "..") != path.end())
      refuse(fmt::format("has the path \"{}\", which may lead out of {}", path.string(),
                         into_.string()));
    const auto type = archive_entry_filetype(entry);
    if ((type != AE_IFREG && type != AE_IFDIR) || archive_entry_hardlink(entry))
      refuse(fmt::format("has \"{}\", which is neither a plain file nor a folder", path.string()));
    archive_entry_set_pathname(entry, (into_ / path).c_str());
    archive_entry_set_perm(entry, type == AE_IFDIR ? 0777 : 0666); // Less the umask.
  }

  void copy_content() {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while (true) {
      const auto status = archive_read_data_block(in_.get(), &block, &size, &offset);
      if (status == ARCHIVE_EOF) return;
      expect_read(status);
      if (size > left_) refuse(fmt::format("unpacks to more than {} bytes", most_));
      left_ -= size;
      const auto written = archive_write_data_block(out_.get(), block, size, offset);
      expect_write(written < 0 ? static_cast<int>(written) : ARCHIVE_OK);
    }
  }

  std::string name_;
  fs::path into_;
  std::uint64_t left_, most_;
  archive_handle in_{archive_read_new()};
  archive_handle out_{archive_write_disk_new()};
};

} // namespace

void unpack_archive(const fs::path& archive, const fs::path& into, std::uint64_t most_bytes) {
  unpacker{archive, into, most_bytes}.run();
}

} // namespace troupe
