#pragma once

#include "base/file_handle.hpp"
#include "store/machine_holding.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// A ledger that cannot be used. The message names the file and what is wrong with it.
struct ledger_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An entry in a machine_ledger: let go of with the object, and by the system when the process has
/// died.
class machine_lease {
public:
  machine_lease(machine_lease&&) noexcept = default;
  machine_lease& operator=(machine_lease&&) = delete;
  ~machine_lease();

private:
  friend class machine_ledger;
  machine_lease(file_handle folder, file_handle file, std::string name)
      : folder_{std::move(folder)},
        file_{std::move(file)},
        name_{std::move(name)} {}

  file_handle folder_, file_; ///< Both locked.
  std::string name_;
};

/// Who holds what of this machine: a folder in which each process that trains has a file with a
/// line of JSON (machine_holding), locked by it. A file that nobody has locked is what a dead
/// process has left; whoever joins next removes it. What else is in the folder is left alone.
///
/// It keeps nobody from anything: it tells those who ask what others have said that they hold.
class machine_ledger {
public:
  /// Returns what a process wants to hold beside `others`; none: nothing.
  using choice =
      std::function<std::optional<machine_holding>(const std::vector<machine_holding>& others)>;

  /// Opens the ledger in `folder`, which is made if it is not there, though not its parents. Throws
  /// ledger_error if it cannot be, is a link, somebody else's, or open to others.
  explicit machine_ledger(std::filesystem::path folder);

  /// Enters what `choose` returns, if that is something. Nobody else joins meanwhile. Throws
  /// ledger_error if nothing can be entered, or another process is in the midst of joining for
  /// seconds.
  std::optional<machine_lease> join(const choice& choose) const;

private:
  file_handle open_folder() const;
  file_handle lock_for_joining(const file_handle& folder) const;
  std::vector<machine_holding> clear(const file_handle& folder) const;
  /// Sets `name` to what the file is called.
  file_handle make_file(const file_handle& folder, std::string& name) const;
  machine_lease enter(file_handle folder, const machine_holding& h) const;
  [[noreturn]] void fail(std::string_view what, int cause) const;

  std::filesystem::path path_;
};

/// Returns the folder of this machine's ledger for this user: TROUPE_LEDGER, if that is set and not
/// empty, else /tmp/troupe-UID. Not in XDG_RUNTIME_DIR: that goes when the user logs out, though
/// studies may go on, and is not set for all who run studies.
std::filesystem::path ledger_folder();

} // namespace troupe
