#include "module/open_module.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <dlfcn.h>
#include <filesystem>
#include <string>
#include <string_view>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Returns the module's path.
fs::path find_module(const std::string& file_name) {
  const auto folder = fs::read_symlink("/proc/self/exe").parent_path();
  const auto beside = folder / file_name;
  const auto installed = (folder / TROUPE_MODULE_FOLDER / file_name).lexically_normal();
  for (const auto& file : {beside, installed})
    if (fs::exists(file)) return file;
  throw resource_error{fmt::format(
      "the study's trainable needs the file {}: there is neither {} nor {}; `make build` makes it "
      "beside the program, `make core` makes those alone that need no libtorch",
      file_name, beside.string(), installed.string())};
}

/// Never closed: libtorch's threads, and what trials leave behind, run its code to the end.
void* open(const fs::path& file) {
  if (void* module = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)) return module;
  const std::string why = dlerror();
  throw resource_error{fmt::format("{} cannot be loaded: {}; it needs the libraries that it was "
                                   "built with, where they were then: "
                                   "`make build` installs them and makes this file anew",
                                   file.string(), why)};
}

} // namespace

const trainables_module& open_module(const std::string& file_name) {
  const auto file = find_module(file_name);
  const auto enter = reinterpret_cast<decltype(&troupe_module)>(dlsym(open(file), "troupe_module"));
  const std::string_view build = enter ? enter()->build : "something else";
  if (build != TROUPE_BUILD)
    throw resource_error{fmt::format("{} is of another build ({}) than this program ({}): build or "
                                     "install both together",
                                     file.string(), build, TROUPE_BUILD)};
  return *enter();
}

} // namespace troupe
