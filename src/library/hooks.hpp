#pragma once

#include <troupe/plugins.hpp>
#include <troupe/study.hpp>

#include <filesystem>
#include <functional>
#include <string_view>

namespace troupe {

/// Returns callbacks that run the study's hooks (study::on), one after the other on a thread of
/// their own; none that does anything if it has none. While one runs, only the newest best is
/// remembered. What fails is told to `say`, from that thread. When the study has ended, they have
/// run to their ends. `folder`: the study's results; may be empty.
study_callbacks hook_callbacks(const study& s, const std::filesystem::path& folder,
                               std::function<void(std::string_view)> say);

} // namespace troupe
