#pragma once

#include <troupe/checkpoint.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace troupe {

/// Throws std::invalid_argument unless every blob's name is a plain file name and no two are equal.
void check_blob_names(std::span<const blob> blobs);

/// Writes `c` as a new folder: one file per blob, and metadata.json. When it returns, all of it
/// survives a power cut; until then there is no such folder, only a ".NAME.tmp" beside it. One that
/// has taken over a folder is not written but moved: nothing is copied. Replaces
/// a folder of that name that a crash left behind; a blob called metadata.json is left out, for it
/// describes the checkpoint that the trial went on from. Throws std::runtime_error naming the file
/// that could not be written; before anything is written, if the disk has too little room.
void write_checkpoint(const std::filesystem::path& folder, const checkpoint& c,
                      const boost::json::object& metadata);

/// Throws std::runtime_error, saying how much is needed and how much is free, unless the disk that
/// holds `folder` has room for `bytes` more. A disk that does not tell is believed to have it.
void check_room(const std::filesystem::path& folder, std::uintmax_t bytes);

/// Removes a checkpoint, which is there whole or not at all at any moment. Does nothing if it is
/// gone.
void remove_checkpoint(const std::filesystem::path& folder);

/// Returns what a crash in the middle of the above has left in a trial's folder.
std::vector<std::filesystem::path> leftovers_in(const std::filesystem::path& trial_folder);

/// Removes it.
void remove_leftovers(const std::filesystem::path& trial_folder);

} // namespace troupe
