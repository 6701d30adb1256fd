#pragma once

#include "base/json.hpp"

#include <troupe/study.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Collects what is wrong with a study file, so that all of it can be said at once.
class fault_list {
public:
  /// `document` must outlive the list; `name` is what faults call the file.
  fault_list(std::string name, const json_document& document);

  /// From now on, faults at `made`, which is `key` or above it, and below it belong to the option
  /// `--set key`.
  void blame_option(std::string key, std::string made) {
    options_.push_back({std::move(key), std::move(made)});
  }

  /// Adds a fault at `path`. If nothing stands there, it has the position of what it is missing
  /// from.
  void add(std::string_view path, std::string problem);

  /// Adds a fault at a position of the file.
  void add(text_position at, std::string_view path, std::string problem);

  /// Adds a fault of the option `--set key`; `path` is empty if it is the key's own.
  void add_to_option(std::string_view key, std::string_view path, std::string problem);

  bool empty() const noexcept { return in_file_.empty() && in_options_.empty(); }

  /// Throws invalid_study if anything was added: the file's faults in its order, then the options'.
  void raise_if_any();

private:
  struct entry {
    text_position at;
    fault what;
  };

  struct option {
    std::string key, made;
  };

  text_position position(std::string_view path) const;

  std::string name_;
  const json_document& document_;
  std::vector<option> options_;
  std::vector<entry> in_file_;
  std::vector<fault> in_options_;
};

/// Returns "name:line:column".
std::string to_text(const std::string& name, text_position at);

} // namespace troupe
