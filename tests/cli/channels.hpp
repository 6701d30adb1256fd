#pragma once

#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <pty.h>
#include <stdexcept>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

/// Stand-ins for what a program writes to.
namespace troupe::testing {

/// Sets an environment variable, or unsets it, while it lives.
class variable {
public:
  variable(const char* name, const char* value) : name_{name} {
    if (const char* before = std::getenv(name)) before_ = before;
    set(value);
  }
  ~variable() { set(before_ ? before_->c_str() : nullptr); }
  variable(const variable&) = delete;
  variable& operator=(const variable&) = delete;

private:
  void set(const char* value) { value ? setenv(name_, value, 1) : unsetenv(name_); }

  const char* name_;
  std::optional<std::string> before_;
};

/// A pair of descriptors: what is written to one is read from the other.
class channel {
public:
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;
  ~channel() {
    close(in_);
    close(out_);
  }

  /// Where the program writes.
  int out() const { return out_; }

  /// Returns what has been written since the last call.
  std::string written() const {
    std::string all;
    char piece[4096];
    for (ssize_t n = 0; (n = read(in_, piece, sizeof piece)) > 0;)
      all.append(piece, static_cast<std::size_t>(n));
    return all;
  }

protected:
  channel() = default;
  void hold(int in, int out) {
    in_ = in;
    out_ = out;
    fcntl(in_, F_SETFL, O_NONBLOCK);
  }

private:
  int in_ = -1, out_ = -1;
};

struct pseudo_terminal : channel {
  pseudo_terminal(unsigned short rows = 24, unsigned short columns = 80) {
    int in = -1, out = -1;
    const winsize size{rows, columns, 0, 0};
    if (openpty(&in, &out, nullptr, nullptr, &size) != 0) throw std::runtime_error{"no pty"};
    hold(in, out);
  }

  void resize(unsigned short rows, unsigned short columns) {
    const winsize size{rows, columns, 0, 0};
    ioctl(out(), TIOCSWINSZ, &size);
  }
};

struct pipe_pair : channel {
  pipe_pair() {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error{"no pipe"};
    hold(ends[0], ends[1]);
  }
};

} // namespace troupe::testing
