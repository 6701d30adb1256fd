#pragma once

#include <troupe/config.hpp>
#include <troupe/metrics.hpp>

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

/// Values as bytes: short and quick, for what is derived and can be made anew. There are no names
/// and no versions in it: whoever reads it is the program that wrote it.
///
///     packed_writer out;                    packed_reader in{out.bytes()};
///     out(number, name, sizes);             in(number, name, sizes);
///
/// For a struct of one's own write, in its namespace, once for both ways:
///
///     template <class Archive, packed_as<point> Point>
///     void pack(Archive& a, Point& p) { a(p.x, p.y); }
namespace troupe {

/// Bytes are not what a packed_writer wrote.
struct packed_error : std::runtime_error {
  packed_error() : std::runtime_error{"packed values are damaged"} {}
};

/// `T` is `Of`, or it const.
template <class T, class Of>
concept packed_as = std::same_as<std::remove_const_t<T>, Of>;

class packed_writer {
public:
  template <class... Values>
  void operator()(const Values&... values) {
    (write(values), ...);
  }

  std::string_view bytes() const noexcept { return bytes_; }
  void clear() noexcept { bytes_.clear(); }

private:
  template <class T>
  requires std::integral<T> || std::is_enum_v<T>
  void write(T n) {
    if constexpr (std::is_enum_v<T>)
      write(static_cast<std::underlying_type_t<T>>(n));
    else if constexpr (std::signed_integral<T>) // small ones are short, whatever their sign
      write_number((static_cast<std::uint64_t>(n) << 1U) ^
                   static_cast<std::uint64_t>(n < 0 ? -1 : 0));
    else
      write_number(n);
  }

  /// Those that are most frequent take one byte.
  void write(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    if (bits == 0) return write_byte(0);
    if (x == 1) return write_byte(1);
    write_byte(2);
    char raw[sizeof bits];
    std::memcpy(raw, &bits, sizeof bits);
    bytes_.append(raw, sizeof bits);
  }

  void write(std::string_view text) {
    write_number(text.size());
    bytes_ += text;
  }
  void write(const std::string& text) { write(std::string_view{text}); }

  /// What may be missing.
  /// @{
  template <class T>
  void write(const std::optional<T>& v) {
    write(v.has_value());
    if (v) write(*v);
  }
  template <class T>
  void write(const std::unique_ptr<T>& v) {
    write(v != nullptr);
    if (v) write(*v);
  }
  /// @}

  template <class A, class B>
  void write(const std::pair<A, B>& p) {
    (*this)(p.first, p.second);
  }

  template <class T>
  void write(const std::vector<T>& all) {
    write_all(all);
  }
  template <class T>
  void write(const std::deque<T>& all) {
    write_all(all);
  }
  template <class K>
  void write(const std::set<K>& all) {
    write_all(all);
  }
  template <class K, class V>
  void write(const std::map<K, V>& all) {
    write_all(all);
  }
  /// In order: the same values are the same bytes.
  template <class K>
  void write(const std::unordered_set<K>& all) {
    write_all(std::set<K>(all.begin(), all.end()));
  }
  template <class K, class V>
  void write(const std::unordered_map<K, V>& all) {
    std::vector<const std::pair<const K, V>*> sorted;
    sorted.reserve(all.size());
    for (const auto& one : all)
      sorted.push_back(&one);
    std::ranges::sort(sorted, {}, [](const auto* one) { return one->first; });
    write_number(sorted.size());
    for (const auto* one : sorted)
      write(*one);
  }

  void write(const metrics& m) { write_all(m); }
  void write(const boost::json::value& v);
  void write(const config& c);

  template <class T>
  requires requires(packed_writer& w, const T& v) { pack(w, v); }
  void write(const T& v) { pack(*this, v); }

  template <class All>
  void write_all(const All& all) {
    write_number(all.size());
    for (const auto& one : all)
      write(one);
  }

  void write_byte(int n) { bytes_ += static_cast<char>(n); }
  void write_number(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7U)
      write_byte(static_cast<int>(n & 0x7fU) | 0x80);
    write_byte(static_cast<int>(n));
  }

  std::string bytes_;
};

/// Reads what a packed_writer wrote, in its order. Members throw packed_error.
class packed_reader {
public:
  /// The bytes must live as long.
  explicit packed_reader(std::string_view bytes) noexcept : rest_{bytes} {}

  template <class... Values>
  void operator()(Values&... values) {
    (read(values), ...);
  }

  bool at_end() const noexcept { return rest_.empty(); }

private:
  template <class T>
  requires std::integral<T> || std::is_enum_v<T>
  void read(T& out) {
    if constexpr (std::is_enum_v<T>) {
      std::underlying_type_t<T> n{};
      read(n);
      out = static_cast<T>(n);
    } else {
      const auto n = read_number();
      if constexpr (std::signed_integral<T>) {
        const auto wide = static_cast<std::int64_t>((n >> 1U) ^ (0 - (n & 1U)));
        out = static_cast<T>(wide);
        if (out != wide) throw packed_error{};
      } else {
        out = static_cast<T>(n);
        if (out != n) throw packed_error{};
      }
    }
  }

  void read(double& x) {
    const auto kind = read_byte();
    if (kind > 2) throw packed_error{};
    x = kind;
    if (kind < 2) return;
    std::memcpy(&x, take(sizeof x).data(), sizeof x);
  }

  void read(std::string& text) { text = take(read_number()); }

  template <class T>
  void read(std::optional<T>& v) {
    bool there = false;
    read(there);
    if (there)
      read(v.emplace());
    else
      v.reset();
  }
  template <class T>
  void read(std::unique_ptr<T>& v) {
    bool there = false;
    read(there);
    v = there ? std::make_unique<T>() : nullptr;
    if (v) read(*v);
  }

  template <class A, class B>
  void read(std::pair<A, B>& p) {
    (*this)(p.first, p.second);
  }

  template <class T>
  void read(std::vector<T>& all) {
    const auto size = read_size();
    all.clear();
    all.reserve(size);
    for (std::size_t i = 0; i < size; ++i)
      read(all.emplace_back());
  }
  template <class T>
  void read(std::deque<T>& all) {
    all.clear();
    for (auto left = read_size(); left > 0; --left)
      read(all.emplace_back());
  }

  template <class All>
  requires requires { typename All::key_type; }
  void read(All& all) {
    all.clear();
    for (auto left = read_size(); left > 0; --left) {
      typename All::key_type key{};
      read(key);
      if constexpr (requires { typename All::mapped_type; }) {
        typename All::mapped_type mapped{};
        read(mapped);
        all.emplace(std::move(key), std::move(mapped));
      } else {
        all.insert(std::move(key));
      }
    }
  }

  void read(metrics& m);
  void read(boost::json::value& v);
  void read(config& c);

  template <class T>
  requires requires(packed_reader& r, T& v) { pack(r, v); }
  void read(T& v) { pack(*this, v); }

  unsigned read_byte() { return static_cast<unsigned char>(take(1).front()); }
  std::uint64_t read_number() {
    std::uint64_t n = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = read_byte();
      n |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return n;
    }
    throw packed_error{};
  }
  /// How many values follow: each takes a byte at least.
  std::size_t read_size() {
    const auto n = read_number();
    if (n > rest_.size()) throw packed_error{};
    return n;
  }
  std::string_view take(std::size_t n) {
    if (n > rest_.size()) throw packed_error{};
    const auto taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }

  std::string_view rest_;
  int depth_ = 0; ///< Of JSON values within values.
};

} // namespace troupe
