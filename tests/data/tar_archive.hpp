#pragma once

#include <string>
#include <vector>

/// A member of an archive: a plain file, or a link to `link`.
struct tar_member {
  enum class kind { file, symbolic_link, hard_link };

  std::string path;
  std::string content;
  kind type = kind::file;
  std::string link{};
};

/// Returns a gzipped tar archive of `members`, with paths as they are.
std::string make_tar_gz(const std::vector<tar_member>& members);
