#pragma once

#include "base/safetensors.hpp"
#include "fused/buffer.hpp"
#include "fused/layer.hpp"

#include <troupe/checkpoint.hpp>

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::fused {

/// Makes one file of a checkpoint, NAME.safetensors.
class blob_writer {
public:
  /// Adds a tensor of the parameter's shape, of which `values` has the elements at the parameter's
  /// places.
  void add(const std::string& name, const parameter_tensor& parameter, const float* values);

  /// Adds numbers of double precision: one without dimensions, several as a vector.
  void add(const std::string& name, std::span<const double> numbers);

  /// Adds one truth value.
  void add(const std::string& name, bool value);

  blob finish(std::string_view part) const;

private:
  std::byte* add(std::string name, std::string type, std::vector<std::int64_t> shape,
                 std::size_t bytes);

  std::deque<std::vector<std::byte>> contents_;
  std::vector<safetensors::tensor_view> doubles_, floats_, bytes_; ///< So that each is aligned.
};

/// Reads one, whose tensors are taken out one by one.
class blob_reader : public safetensors::open_file {
public:
  /// File `part`.safetensors of `c`, which must outlive *this. Throws std::out_of_range if there is
  /// none.
  blob_reader(const checkpoint& c, std::string_view part)
      : open_file{c.at(safetensors::file_name(part))} {}

  /// Puts a tensor of the parameter's shape to the parameter's places.
  void take(const std::string& name, const parameter_tensor& parameter, float* values);

  /// Returns a whole number that is not negative, of whatever type.
  double take_count(const std::string& name);

  /// The same, of one that there is for each parameter: prefix + its name + suffix. Throws also if
  /// they differ.
  double take_count(std::span<const parameter_tensor> parameters, const std::string& prefix,
                    const std::string& suffix);
};

} // namespace troupe::fused
