#pragma once

#include "data/download.hpp"

#include <troupe/images.hpp>

#include <filesystem>

namespace troupe {

/// The folder of the official binary version of CIFAR-10, within the data folder.
inline constexpr auto cifar10_folder = "cifar-10-batches-bin";

/// Where CIFAR-10 is published, and how its archive is recognised.
archive_source official_cifar10();

/// Reads data_batch_1.bin and those that follow it without a gap, up to data_batch_5.bin, and
/// test_batch.bin. A file is one or more records of 3,073 bytes: the label, 0 to 9, then the red,
/// green and blue planes, row-major. So smaller sets in the same format can be read too.
///
/// Throws data_error if a file is missing, empty or truncated, or a label is out of range.
image_data read_cifar10(const std::filesystem::path& folder);

} // namespace troupe
