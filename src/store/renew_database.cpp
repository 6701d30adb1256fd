#include "store/renew_database.hpp"

#include "store/database_copy.hpp"
#include "store/files.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

namespace troupe::sqlite {

namespace {

namespace fs = std::filesystem;

/// Goes with `file`, unless it has become something else's.
class temporary_file {
public:
  explicit temporary_file(fs::path file) : file_{std::move(file)} {}
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() {
    std::error_code ignored;
    fs::remove(file_, ignored);
  }

private:
  fs::path file_;
};

} // namespace

void renew_database(const fs::path& file) {
  const auto renewed = fs::path{file} += ".tmp";
  try {
    const database_copy copy{file};
    const temporary_file guard{renewed};
    fs::copy_file(copy.file(), renewed, fs::copy_options::overwrite_existing);
    output_file::append_to(renewed).sync();
    rename_path(renewed, file);
    sync_folder(file.has_parent_path() ? file.parent_path() : ".");
    // What is in them is in the database now: put there again it would change nothing.
    for (const auto* suffix : {"-wal", "-journal", "-shm"})
      remove_file(fs::path{file} += suffix);
  } catch (const fs::filesystem_error& e) {
    throw folder_error{fmt::format(
        "{}: no copy of it could be made, without which another process may still write to it: {}",
        file.string(), e.code().message())};
  }
}

} // namespace troupe::sqlite
