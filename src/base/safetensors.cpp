#include "base/safetensors.hpp"

#include "base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace troupe::safetensors {

namespace {

namespace json = boost::json;

constexpr std::size_t length_bytes = 8;
/// The format's own limit: no honest header comes near it.
constexpr std::uint64_t largest_header = 100'000'000;
constexpr std::string_view metadata_key = "__metadata__";

constexpr std::array<std::pair<std::string_view, std::uint64_t>, 13> dtypes{{
    {"BOOL", 1},
    {"U8", 1},
    {"I8", 1},
    {"U16", 2},
    {"I16", 2},
    {"F16", 2},
    {"BF16", 2},
    {"U32", 4},
    {"I32", 4},
    {"F32", 4},
    {"U64", 8},
    {"I64", 8},
    {"F64", 8},
}};

/// Returns how many bytes a tensor of this kind has, or nothing if there is no such tensor.
std::optional<std::uint64_t> size_in_bytes(std::string_view dtype,
                                           std::span<const std::int64_t> shape) {
  const auto* known = std::ranges::find(dtypes, dtype, [](const auto& d) { return d.first; });
  if (known == dtypes.end()) return {};
  std::uint64_t size = known->second;
  for (const auto extent : shape) {
    if (extent < 0) return {};
    const auto factor = static_cast<std::uint64_t>(extent);
    if (factor != 0 && size > std::numeric_limits<std::uint64_t>::max() / factor) return {};
    size *= factor;
  }
  return size;
}

[[noreturn]] void fail(std::string_view what) {
  throw format_error{"not a valid safetensors file: " + std::string{what}};
}

[[noreturn]] void fail(std::string_view tensor, std::string_view what) {
  fail("tensor \"" + std::string{tensor} + "\": " + std::string{what});
}

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::uint64_t read_length(std::span<const std::byte> file) {
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i)
    length |= std::to_integer<std::uint64_t>(file[i]) << (8 * i);
  return length;
}

json::object read_header(std::span<const std::byte> text) {
  try {
    auto header = parse_json(as_text(text));
    if (!header.is_object()) fail("its header is not a JSON object");
    return std::move(header.get_object());
  } catch (const json_error& e) {
    fail(std::string{"its header is not JSON: "} + e.what());
  }
}

/// Returns an array of non-negative integers.
std::vector<std::int64_t> read_integers(const json::object& entry, std::string_view tensor,
                                        std::string_view key) {
  const auto* value = entry.if_contains(key);
  if (!value || !value->is_array()) fail(tensor, std::string{key} + " is missing or no array");
  std::vector<std::int64_t> integers;
  for (const auto& v : value->get_array()) {
    if (!v.is_int64() || v.get_int64() < 0)
      fail(tensor, std::string{key} + " has something other than an integer from 0");
    integers.push_back(v.get_int64());
  }
  return integers;
}

tensor_view read_tensor(std::string_view name, const json::value& description,
                        std::span<const std::byte> data) {
  if (!description.is_object()) fail(name, "its description is no object");
  const auto& entry = description.get_object();
  const auto* dtype = entry.if_contains("dtype");
  if (!dtype || !dtype->is_string()) fail(name, "dtype is missing or no string");
  const auto offsets = read_integers(entry, name, "data_offsets");
  if (offsets.size() != 2 || offsets[0] > offsets[1]) fail(name, "data_offsets are no range");
  const auto begin = static_cast<std::uint64_t>(offsets[0]),
             end = static_cast<std::uint64_t>(offsets[1]);
  if (end > data.size()) fail(name, "its data lies beyond the end of the file");
  tensor_view tensor{std::string{name}, std::string{std::string_view{dtype->get_string()}},
                     read_integers(entry, name, "shape"), data.subspan(begin, end - begin)};
  if (size_in_bytes(tensor.dtype, tensor.shape) != tensor.bytes.size())
    fail(name, "dtype " + tensor.dtype + ", shape and data_offsets do not fit together");
  return tensor;
}

void check_gap_free(std::span<const tensor_view> tensors, std::span<const std::byte> data) {
  const auto* next = data.data();
  for (const auto& tensor : tensors) {
    if (tensor.bytes.data() != next) fail(tensor.name, "its data overlaps or leaves a gap");
    next += tensor.bytes.size();
  }
  if (next != data.data() + data.size()) fail("it has data that belongs to no tensor");
}

json::object make_header(std::span<const tensor_view> tensors) {
  json::object header;
  std::uint64_t offset = 0;
  for (const auto& tensor : tensors) {
    if (size_in_bytes(tensor.dtype, tensor.shape) != tensor.bytes.size())
      throw std::invalid_argument{"tensor \"" + tensor.name +
                                  "\": dtype, shape and size do not fit together"};
    const auto end = offset + tensor.bytes.size();
    json::object entry{{"dtype", tensor.dtype},
                       {"shape", json::array(tensor.shape.begin(), tensor.shape.end())},
                       {"data_offsets", {offset, end}}};
    if (tensor.name == metadata_key || !header.emplace(tensor.name, std::move(entry)).second)
      throw std::invalid_argument{"tensor \"" + tensor.name + "\": this name is taken"};
    offset = end;
  }
  return header;
}

} // namespace

std::vector<std::byte> write(std::span<const tensor_view> tensors) {
  auto header = to_text(make_header(tensors));
  // Padded, so that the data is aligned for those who map the file.
  header.resize((header.size() + 7) / 8 * 8, ' ');
  std::vector<std::byte> file;
  for (std::size_t i = 0; i < length_bytes; ++i)
    file.push_back(static_cast<std::byte>(header.size() >> (8 * i) & 0xff));
  const auto text = std::as_bytes(std::span{header});
  file.insert(file.end(), text.begin(), text.end());
  for (const auto& tensor : tensors)
    file.insert(file.end(), tensor.bytes.begin(), tensor.bytes.end());
  return file;
}

std::vector<tensor_view> read(std::span<const std::byte> file) {
  if (file.size() < length_bytes) fail("it is shorter than its 8 bytes of header length");
  const auto length = read_length(file);
  if (length > largest_header) fail("its header would have " + std::to_string(length) + " bytes");
  const auto rest = file.subspan(length_bytes);
  if (length > rest.size()) fail("it ends within its header");
  const auto data = rest.subspan(length);
  std::vector<tensor_view> tensors;
  for (const auto& [name, description] : read_header(rest.first(length)))
    if (name != metadata_key) tensors.push_back(read_tensor(name, description, data));
  // Empty tensors first where several begin at one place.
  std::ranges::sort(tensors, {}, [](const tensor_view& t) {
    return std::pair{t.bytes.data(), t.bytes.size()};
  });
  check_gap_free(tensors, data);
  return tensors;
}

std::string file_name(std::string_view part) {
  return std::string{part} + ".safetensors";
}

open_file::open_file(const blob& from) : from_{from} {
  try {
    for (auto& view : read(from.bytes))
      left_.emplace(view.name, view);
  } catch (const format_error& e) {
    throw std::runtime_error{from.name + ": " + e.what()};
  }
}

tensor_view open_file::take(const std::string& name) {
  const auto found = left_.find(name);
  if (found == left_.end()) fail(name, "is missing");
  auto view = std::move(found->second);
  left_.erase(found);
  return view;
}

void open_file::finish() const {
  if (!left_.empty()) fail(left_.begin()->first, "belongs to nothing that is restored");
}

void open_file::fail(const std::string& tensor, const std::string& what) const {
  throw std::runtime_error{from_.name + ": tensor \"" + tensor + "\" " + what};
}

} // namespace troupe::safetensors
