#pragma once

#include <troupe/space.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Values that a study file gives its trainable and that nobody else is to see: those whose names
/// say so (base/secret_names.hpp), at any depth of the trainable's options. They reach the
/// trainable in memory, and are never written down; where they would stand, there is a placeholder:
///
///     "api_token": {"$secret": "not stored: give it again, as with --set
///     trainable/api_token=VALUE"}
///
/// null, true, false and an empty text betray nothing, and stay.
namespace troupe {

/// Returns a trainable's options with placeholders in place of secrets.
boost::json::object without_secrets(const boost::json::object& options);

/// Returns whether `v` is such a placeholder.
bool is_placeholder(const boost::json::value& v);

/// Returns the paths in a study file of all placeholders among a trainable's options:
/// "trainable/api_token".
std::vector<std::string> missing_secrets(const boost::json::object& options);

/// Returns how to call in a message what stands at `path` of a study file: as describe() does, but
/// no secret's value.
std::string describe_at(std::string_view path, const boost::json::value& v);

/// Returns what to warn of if parameters are named like secrets: they are none, and are written
/// down and shown as all parameters are. Empty if none is.
std::string warning_of_secrets(const search_space& space);

} // namespace troupe
