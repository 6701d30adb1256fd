#include "base/packed.hpp"

#include <boost/json/array.hpp>
#include <boost/json/string.hpp>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr int most_depth = 64;

} // namespace

void packed_writer::write(const config& c) {
  write_number(c.size());
  for (const auto& member : c) {
    write(std::string_view{member.key()});
    write(member.value());
  }
}

void packed_writer::write(const json::value& v) {
  write(v.kind());
  switch (v.kind()) {
  case json::kind::null:
    break;
  case json::kind::bool_:
    return write(v.get_bool());
  case json::kind::int64:
    return write(v.get_int64());
  case json::kind::uint64:
    return write(v.get_uint64());
  case json::kind::double_:
    return write(v.get_double());
  case json::kind::string:
    return write(std::string_view{v.get_string()});
  case json::kind::array:
    return write_all(v.get_array());
  case json::kind::object:
    return write(v.get_object());
  }
}

void packed_reader::read(config& c) {
  const auto size = read_size();
  c.clear();
  c.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto name = take(read_number());
    read(c[name]);
  }
}

void packed_reader::read(metrics& m) {
  m = {};
  std::string name;
  for (auto left = read_size(); left > 0; --left) {
    double x = 0;
    read(name);
    read(x);
    m.set(name, x);
  }
}

void packed_reader::read(json::value& v) {
  if (++depth_ > most_depth) throw packed_error{};
  json::kind kind{};
  read(kind);
  switch (kind) {
  case json::kind::null:
    v.emplace_null();
    break;
  case json::kind::bool_:
    read(v.emplace_bool());
    break;
  case json::kind::int64:
    read(v.emplace_int64());
    break;
  case json::kind::uint64:
    read(v.emplace_uint64());
    break;
  case json::kind::double_:
    read(v.emplace_double());
    break;
  case json::kind::string:
    v.emplace_string() = take(read_number());
    break;
  case json::kind::array: {
    auto& all = v.emplace_array();
    for (auto left = read_size(); left > 0; --left)
      read(all.emplace_back(nullptr));
    break;
  }
  case json::kind::object:
    read(v.emplace_object());
    break;
  default:
    throw packed_error{};
  }
  --depth_;
}

} // namespace troupe
