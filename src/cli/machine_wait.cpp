#include "cli/machine_wait.hpp"

#include "cli/share_text.hpp"

#include <fmt/format.h>

#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace troupe {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds between_looks{200};

/// A study that looks for its share of the machine.
class share_seeker {
public:
  share_seeker(const machine_wish& wish, const machine_view& mine, const fs::path& folder,
               const share_wait& how)
      : wish_{wish},
        mine_{mine},
        folder_{folder},
        how_{how} {}

  std::optional<held_share> seek() {
    const machine_ledger ledger{ledger_folder()};
    do {
      if (auto lease = ledger.join([this](const auto& others) { return choose(others); })) {
        if (!said_.empty()) how_.say(said_);
        return held_share{share_, std::move(lease)};
      }
      if (said_ != std::exchange(waits_, said_)) how_.say(said_);
    } while (how_.pause(between_looks));
    return std::nullopt;
  }

private:
  /// Sets what there is to be said of it.
  std::optional<machine_holding> choose(const std::vector<machine_holding>& others) {
    const auto held = held_text(wish_, mine_, others);
    const auto share = share_of(wish_, mine_, others);
    said_.clear();
    if (!share) {
      said_ = fmt::format("{}; this study needs {} and waits; Ctrl-C ends it", held,
                          need_text(wish_, mine_));
      return std::nullopt;
    }
    share_ = *share;
    if (wish_.least_cpus > static_cast<double>(mine_.cpus.size()) && !held.empty())
      said_ =
          fmt::format("{}; this study takes {} beside that, as it is to have more than there are",
                      held, share_text(share_, mine_));
    else if (share_ != share_of(wish_, mine_, {}))
      said_ = fmt::format("{}; this study takes {}", held, share_text(share_, mine_));
    return holding_of(share_);
  }

  machine_holding holding_of(const machine_share& share) const {
    std::error_code error; // where the working folder has been removed
    const auto whole = fs::absolute(folder_, error).lexically_normal().string();
    machine_holding h{::getpid(), error ? folder_.string() : whole, share.cpus, mine_.cpus, {}};
    for (const auto gpu : share.gpus)
      h.gpus.push_back(mine_.gpus.at(gpu));
    return h;
  }

  const machine_wish& wish_;
  const machine_view& mine_;
  const fs::path& folder_;
  const share_wait& how_;
  machine_share share_;
  std::string said_, waits_;
};

} // namespace

std::optional<held_share> take_share(const machine_wish& wish, const machine_view& mine,
                                     const fs::path& folder, const share_wait& how) {
  const auto alone = share_of(wish, mine, {}).value();
  try {
    if (alone.cpus > 0 || !alone.gpus.empty()) return share_seeker{wish, mine, folder, how}.seek();
  } catch (const ledger_error& e) {
    how.say(fmt::format("warning: {}; so this study does not see which CPUs and GPUs others hold; "
                        "TROUPE_LEDGER names another folder for that",
                        e.what()));
  }
  return held_share{alone, std::nullopt};
}

} // namespace troupe
