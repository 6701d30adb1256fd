#include "tar_archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <stdexcept>

namespace {

struct releaser {
  void operator()(archive* a) const noexcept { archive_free(a); }
  void operator()(archive_entry* e) const noexcept { archive_entry_free(e); }
};

void expect(bool done) {
  if (!done) throw std::runtime_error{"an archive cannot be made"};
}

void add(archive* to, const tar_member& member) {
  const std::unique_ptr<archive_entry, releaser> entry{archive_entry_new()};
  archive_entry_set_pathname(entry.get(), member.path.c_str());
  archive_entry_set_filetype(entry.get(),
                             member.type == tar_member::kind::symbolic_link ? AE_IFLNK : AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.content.size()));
  if (member.type == tar_member::kind::symbolic_link)
    archive_entry_set_symlink(entry.get(), member.link.c_str());
  if (member.type == tar_member::kind::hard_link)
    archive_entry_set_hardlink(entry.get(), member.link.c_str());
  expect(archive_write_header(to, entry.get()) == ARCHIVE_OK);
  expect(archive_write_data(to, member.content.data(), member.content.size()) ==
         static_cast<la_ssize_t>(member.content.size()));
}

} // namespace

std::string make_tar_gz(const std::vector<tar_member>& members) {
  std::string bytes(std::size_t{1} << 24, '\0');
  std::size_t used = 0;
  const std::unique_ptr<archive, releaser> to{archive_write_new()};
  archive_write_add_filter_gzip(to.get());
  archive_write_set_format_pax_restricted(to.get());
  archive_write_set_bytes_in_last_block(to.get(), 1);
  expect(archive_write_open_memory(to.get(), bytes.data(), bytes.size(), &used) == ARCHIVE_OK);
  for (const auto& member : members)
    add(to.get(), member);
  expect(archive_write_close(to.get()) == ARCHIVE_OK);
  bytes.resize(used);
  return bytes;
}
