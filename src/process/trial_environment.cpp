#include "process/trial_environment.hpp"

#include "base/json.hpp"
#include "base/machine_view.hpp"
#include "process/spawn.hpp"

#include <charconv>
#include <map>

namespace troupe {

std::optional<std::string> visible_gpus(const std::vector<std::string>& devices,
                                        std::optional<std::string_view> visible) {
  constexpr std::string_view prefix = "cuda:";
  std::optional<std::string> all;
  for (const auto& device : devices) {
    if (!device.starts_with(prefix)) continue;
    const auto number = std::string_view{device}.substr(prefix.size());
    int index = 0;
    std::from_chars(number.data(), number.data() + number.size(), index);
    if (!all) all.emplace();
    *all += (all->empty() ? "" : ",") + names_of_gpus(index + 1, visible).back();
  }
  return all;
}

namespace {

using variables = std::map<std::string, std::string, std::less<>>;

variables variables_of(const std::vector<std::string>& environment) {
  variables all;
  for (const auto& variable : environment) {
    const auto equals = variable.find('=');
    if (equals == variable.npos) continue;
    all[variable.substr(0, equals)] = variable.substr(equals + 1);
  }
  return all;
}

std::vector<std::string> environment_of(const variables& all) {
  std::vector<std::string> out;
  out.reserve(all.size());
  for (const auto& [name, value] : all)
    out.emplace_back(name).append("=").append(value);
  return out;
}

variables lease_variables(const std::vector<std::string>& inherited, const command_spec& command,
                          const trial& t) {
  auto all = variables_of(inherited);
  const auto before = all.find("CUDA_VISIBLE_DEVICES");
  if (auto gpus = visible_gpus(t.devices(), before == all.end()
                                                ? std::nullopt
                                                : std::optional<std::string_view>{before->second}))
    all["CUDA_VISIBLE_DEVICES"] = std::move(*gpus);
  all["OMP_NUM_THREADS"] = std::to_string(t.threads());
  all.try_emplace("PYTHONUNBUFFERED", "1"); // else its reports come when it ends
  for (const auto& [name, value] : command.env)
    all[name] = value;
  // Of a trial in which this program may run itself.
  for (const auto* name : {"TROUPE_PARAMS", "TROUPE_TRIAL", "TROUPE_FD"})
    all.erase(name);
  if (command.protocol) all["TROUPE_FD"] = std::to_string(extra_descriptor);
  return all;
}

} // namespace

std::vector<std::string> lease_environment(const std::vector<std::string>& inherited,
                                           const command_spec& command, const trial& t) {
  return environment_of(lease_variables(inherited, command, t));
}

std::vector<std::string> trial_environment(const std::vector<std::string>& inherited,
                                           const command_spec& command, const trial& t) {
  auto all = lease_variables(inherited, command, t);
  all["TROUPE_TRIAL"] = t.id();
  // No variable may be longer than 128 KiB. Who speaks the protocol is told the parameters anyway.
  constexpr std::size_t longest = 100'000;
  if (auto params = to_text(boost::json::value(t.config()));
      !command.protocol || params.size() < longest)
    all["TROUPE_PARAMS"] = std::move(params);
  return environment_of(all);
}

} // namespace troupe
