#include "base/json.hpp"
#include "store/checkpoint_folder.hpp"
#include "store/checkpoint_survey.hpp"
#include "store/doctor_parts.hpp"
#include "store/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <string_view>

namespace troupe {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// Returns where the last tensor of a safetensors header ends, from the end of the header.
std::uint64_t end_of_tensors(const json::object& header) {
  std::uint64_t end = 0;
  for (const auto& [name, tensor] : header)
    if (name != "__metadata__")
      end = std::max(end, tensor.at("data_offsets").at(1).to_number<std::uint64_t>());
  return end;
}

/// Says what is wrong with a file of tensors: the length of its header (8 bytes, little-endian),
/// the header, then the tensors.
std::string tensors_problem(const fs::path& file) {
  constexpr std::uint64_t length_bytes = 8;
  const std::uint64_t size = fs::file_size(file);
  std::ifstream in{file, std::ios::binary};
  std::array<unsigned char, length_bytes> length{};
  in.read(reinterpret_cast<char*>(length.data()), length.size());
  std::uint64_t header_size = 0;
  for (std::size_t i = 0; i < length.size(); ++i)
    header_size |= std::uint64_t{length[i]} << (8 * i);
  if (!in || header_size > size - length_bytes) return "is cut short in its header";
  std::string header(header_size, '\0');
  in.read(header.data(), static_cast<std::streamsize>(header_size));
  try {
    const auto wanted = length_bytes + header_size + end_of_tensors(parse_json(header).as_object());
    if (wanted == size) return {};
    return fmt::format("has {} bytes where its header says {}", size, wanted);
  } catch (const std::exception&) {
    return "has no header that can be read";
  }
}

std::string metadata_problem(const fs::path& file) {
  try {
    return parse_json(read_all_text(file)).is_object() ? "" : "is no JSON object";
  } catch (const std::exception& e) {
    return fmt::format("cannot be read: {}", e.what());
  }
}

/// Returns the number of "checkpoint_000003"; none for any other name.
std::optional<int> checkpoint_number(std::string_view name) {
  const auto digits = name.substr(std::min(name.size(), name.find('_') + 1));
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (name != checkpoint_name(number)) return std::nullopt;
  return number;
}

void check_needed(const fs::path& folder, diagnosis& d) {
  ++d.checkpoints;
  constexpr auto remedy = "it cannot be made anew: put back a copy; else the trial's state at that "
                          "report is lost, its metrics are not";
  if (!fs::is_directory(folder))
    d.findings.push_back({folder.string(), "is missing, but the journal needs it", remedy});
  else if (auto problem = checkpoint_problem(folder); !problem.empty())
    d.findings.push_back({folder.string(), std::move(problem), remedy});
}

void look_for_unneeded(const study_layout& layout, const study_state& state, trial_number n,
                       diagnosis& d) {
  const auto trial = layout.trial(n);
  if (!fs::is_directory(trial)) return;
  auto needed = state.checkpoints_of(n);
  if (const auto other = stand_in(layout, state, n)) needed.push_back(*other);
  for (const auto& entry : fs::directory_iterator{trial}) {
    const auto number = checkpoint_number(entry.path().filename().string());
    if (!number || std::ranges::find(needed, *number) != needed.end()) continue;
    d.findings.push_back({entry.path().string(), "is a checkpoint that nothing needs", "removes it",
                          "removed", [path = entry.path()] { remove_checkpoint(path); }});
  }
}

} // namespace

std::string checkpoint_problem(const fs::path& folder) {
  if (const auto problem = metadata_problem(folder / "metadata.json"); !problem.empty())
    return "is damaged: metadata.json " + problem;
  for (const auto& entry : fs::directory_iterator{folder})
    if (entry.path().extension() == ".safetensors")
      if (const auto problem = tensors_problem(entry.path()); !problem.empty())
        return fmt::format("is damaged: {} {}", entry.path().filename().string(), problem);
  return {};
}

void examine_checkpoints(const study_layout& layout, const study_state& state, diagnosis& d) {
  for (trial_number n = 0; n < state.next_number(); ++n) {
    for (const int number : state.checkpoints_of(n))
      if (const auto folder = layout.checkpoint(n, number);
          state.has_saved(n, number) || fs::exists(folder))
        check_needed(folder, d);
    look_for_unneeded(layout, state, n, d);
  }
}

void examine_unneeded(const study_layout& layout, const study_state& state, diagnosis& d) {
  for (trial_number n = 0; n < state.next_number(); ++n)
    look_for_unneeded(layout, state, n, d);
}

} // namespace troupe
