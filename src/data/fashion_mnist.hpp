#pragma once

#include <troupe/images.hpp>

#include <filesystem>

namespace troupe {

/// Returns where Fashion-MNIST is: `data_dir`/fashion-mnist if there is such a folder, otherwise
/// where Debian's package dataset-fashion-mnist puts it.
std::filesystem::path find_fashion_mnist(const std::filesystem::path& data_dir);

/// Reads {train,t10k}-{images-idx3,labels-idx1}-ubyte, each with or without ".gz", from `folder`.
/// The grey 28x28 images get a black border of 2 pixels and are repeated to three channels.
///
/// Throws data_error if a file is missing or corrupt, images and labels differ in number, or a
/// label is out of range.
image_data read_fashion_mnist(const std::filesystem::path& folder);

/// The same for MNIST itself, whose files have the same names, shapes and labels.
image_data read_mnist(const std::filesystem::path& folder);

} // namespace troupe
