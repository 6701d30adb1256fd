#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe {

/// A message of Protocol Buffers (protobuf.dev/programming-guides/encoding), put together field by
/// field. Fields that have their default values are written, too: so an element of a `oneof` is
/// there.
class protobuf {
public:
  /// An int32, int64, bool or enum.
  protobuf& number(int field, std::uint64_t n) {
    key(field, 0);
    varint(n);
    return *this;
  }

  protobuf& real(int field, double x) {
    key(field, 1);
    fixed(std::bit_cast<std::uint64_t>(x), 8);
    return *this;
  }

  protobuf& real(int field, float x) {
    key(field, 5);
    fixed(std::bit_cast<std::uint32_t>(x), 4);
    return *this;
  }

  /// A string, bytes, or a message.
  protobuf& text(int field, std::string_view bytes) {
    key(field, 2);
    varint(bytes.size());
    bytes_ += bytes;
    return *this;
  }
  protobuf& message(int field, const protobuf& m) { return text(field, m.bytes_); }

  const std::string& bytes() const noexcept { return bytes_; }

private:
  void key(int field, unsigned wire_type) {
    varint(static_cast<std::uint64_t>(field) << 3 | wire_type);
  }

  void varint(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7)
      bytes_ += static_cast<char>(n | 0x80);
    bytes_ += static_cast<char>(n);
  }

  void fixed(std::uint64_t n, int bytes) {
    for (; bytes-- > 0; n >>= 8)
      bytes_ += static_cast<char>(n);
  }

  std::string bytes_;
};

} // namespace troupe
