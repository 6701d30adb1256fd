#include "store/former_study.hpp"

#include "base/work_folder.hpp"
#include "store/files.hpp"
#include "store/journal.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <exception>
#include <string_view>
#include <vector>

namespace troupe {

namespace {

namespace fs = std::filesystem;

fs::path with_suffix(fs::path path, std::string_view suffix) {
  return path += suffix;
}

/// What a study is made of. The journal comes first, which says that the rest is ours, and right
/// after it what belongs to it.
std::vector<fs::path> parts_of(const study_layout& layout) {
  return {layout.journal(),
          with_suffix(layout.journal(), "-wal"),
          with_suffix(layout.journal(), "-shm"),
          with_suffix(layout.journal(), "-journal"),
          layout.study_file(),
          layout.summary(),
          layout.trials()};
}

study_layout former_of(const study_layout& layout) {
  return study_layout{layout.former()};
}

bool has_former(const study_layout& layout) {
  return is_journal(former_of(layout).journal());
}

void remove_if_empty(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error) && fs::is_empty(folder, error)) fs::remove(folder, error);
}

/// Removes the study's parts, the journal last.
void remove_parts(const study_layout& layout) {
  const auto parts = parts_of(layout);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part)
    remove_tree(*part);
}

void move_if_there(const fs::path& from, const fs::path& to) {
  if (!fs::exists(fs::symlink_status(from))) return;
  std::error_code error;
  const bool is_empty = fs::symlink_status(to, error).type() == fs::file_type::regular &&
                        fs::file_size(to, error) == 0; // a reader of a database makes such a file
  if (fs::exists(fs::symlink_status(to)) && !is_empty)
    throw folder_error{fmt::format("{} is in the way of {}, which belongs there: move it",
                                   to.string(), from.string())};
  rename_path(from, to);
}

/// Returns whether the study of this journal has begun: has an event, or is damaged, which nothing
/// is that has none.
bool has_begun(const fs::path& journal) {
  try {
    return journal_reader::unchecked(journal).next().has_value();
  } catch (const std::runtime_error&) {
    return true;
  }
}

/// Returns whether `file` may be what a journal's creation has left that was cut short: there is
/// nothing in it, or what a journal begins with.
bool is_begun_journal(const fs::path& file) {
  std::error_code error;
  if (fs::symlink_status(file, error).type() != fs::file_type::regular) return false;
  return fs::file_size(file, error) == 0 || is_journal(file);
}

} // namespace

void set_aside(const study_layout& layout) {
  create_folder(layout.former());
  if (!fs::is_empty(layout.former()))
    throw folder_error{
        fmt::format("{} is in the way of the former study: move it", layout.former().string())};
  const auto from = parts_of(layout);
  const auto to = parts_of(former_of(layout));
  try {
    for (std::size_t i = 0; i < from.size(); ++i)
      move_if_there(from[i], to[i]);
    sync_folder(layout.former());
    sync_folder(layout.root());
  } catch (const std::exception&) {
    if (has_former(layout)) bring_back(layout);
    throw;
  }
}

void bring_back(const study_layout& layout) {
  // Without a journal there is nothing of a new study yet, and what is there is the former one's.
  if (is_journal(layout.journal())) remove_parts(layout);
  if (!has_former(layout)) return;
  const auto from = parts_of(former_of(layout));
  const auto to = parts_of(layout);
  for (std::size_t i = from.size(); i-- > 0;)
    move_if_there(from[i], to[i]);
  remove_if_empty(layout.former());
  sync_folder(layout.root());
}

void discard_former(const study_layout& layout) {
  if (!has_former(layout)) return;
  remove_parts(former_of(layout));
  remove_if_empty(layout.former());
}

fs::path present_journal(const study_layout& layout) {
  const bool is_away =
      has_former(layout) && (!fs::exists(layout.journal()) || !has_begun(layout.journal()));
  return is_away ? former_of(layout).journal() : layout.journal();
}

fs::path existing_journal(const study_layout& layout, std::string_view remedy) {
  auto journal = present_journal(layout);
  if (!fs::exists(journal))
    throw folder_error{fmt::format("{} holds no study: there is no {}{}{}", layout.root().string(),
                                   layout.journal().string(), remedy.empty() ? "" : "; ", remedy)};
  return journal;
}

void settle(const study_layout& layout) {
  for (const auto& work : work_folders_in(layout.root())) {
    std::error_code ignored; // a program that is just being killed may still write there
    fs::remove_all(work, ignored);
  }
  const bool replaced = is_journal(layout.journal()) && fs::exists(layout.study_file()) &&
                        (!has_former(layout) || has_begun(layout.journal()));
  if (has_former(layout)) replaced ? discard_former(layout) : bring_back(layout);
  remove_if_empty(layout.former());
  const auto begun = with_suffix(layout.journal(), ".tmp");
  if (is_begun_journal(begun)) remove_file(begun);
  if (!is_journal(layout.journal())) return;
  for (const auto& file : {layout.study_file(), layout.summary()})
    remove_file(with_suffix(file, ".tmp"));
}

} // namespace troupe
