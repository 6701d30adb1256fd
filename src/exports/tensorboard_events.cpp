#include "exports/tensorboard_events.hpp"

#include "base/json.hpp"

#include <boost/crc.hpp>

#include <cstdint>
#include <utility>

namespace troupe::tensorboard {

namespace {

namespace json = boost::json;

constexpr int hparams_version = 0;

std::string little_endian(std::uint64_t n, int bytes) {
  std::string text;
  for (; bytes-- > 0; n >>= 8)
    text += static_cast<char>(n);
  return text;
}

/// The checksum of a record: CRC-32C, turned and shifted so that one of data that has checksums in
/// it is not weak (tensorflow/core/lib/hash/crc32c.h).
std::uint32_t masked_crc(std::string_view data) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(data.data(), data.size());
  const std::uint32_t sum = crc.checksum();
  return ((sum >> 15) | (sum << 17)) + 0xa282ead8U;
}

/// A record: the length of its data, the checksum of that, the data, their checksum.
std::string record_of(const protobuf& event) {
  const auto length = little_endian(event.bytes().size(), 8);
  return length + little_endian(masked_crc(length), 4) + event.bytes() +
         little_endian(masked_crc(event.bytes()), 4);
}

protobuf event_at(double time) {
  protobuf e;
  e.real(1, time);
  return e;
}

/// An event with one value of a summary.
std::string summary_record(double time, int step, const protobuf& value) {
  auto e = event_at(time);
  if (step > 0) e.number(2, static_cast<std::uint64_t>(step));
  return record_of(e.message(5, protobuf{}.message(1, value)));
}

/// What the HParams plugin knows; `field` says which of its kinds it is.
std::string hparams_record(double time, std::string_view tag, int field, const protobuf& content) {
  const auto data = protobuf{}.number(1, hparams_version).message(field, content);
  const auto plugin = protobuf{}.text(1, "hparams").message(2, data);
  return summary_record(time, 0, protobuf{}.text(1, tag).message(9, protobuf{}.message(1, plugin)));
}

/// A google.protobuf.Value.
protobuf value_of(const json::value& v) {
  if (v.is_bool()) return protobuf{}.number(4, v.get_bool() ? 1 : 0);
  if (v.is_number()) return protobuf{}.real(2, v.to_number<double>());
  return protobuf{}.text(3, v.is_string() ? std::string{v.get_string()} : to_text(v));
}

} // namespace

std::string version_record(double time) {
  return record_of(event_at(time).text(3, "brain.Event:2"));
}

std::string scalar_record(double time, int step, std::string_view tag, double value) {
  return summary_record(time, step, protobuf{}.text(1, tag).real(2, static_cast<float>(value)));
}

std::string experiment_record(double time, std::string_view name, const std::vector<hparam>& params,
                              const std::vector<std::string>& metrics) {
  protobuf experiment;
  for (const auto& p : params)
    experiment.message(4, protobuf{}.text(1, p.name).number(4, static_cast<std::uint64_t>(p.kind)));
  for (const auto& m : metrics)
    experiment.message(5, protobuf{}.message(1, protobuf{}.text(2, m)));
  experiment.text(6, name).real(3, time);
  return hparams_record(time, "_hparams_/experiment", 2, experiment);
}

std::string session_start_record(double time,
                                 const std::vector<std::pair<std::string, json::value>>& params) {
  protobuf start;
  for (const auto& [name, v] : params)
    start.message(1, protobuf{}.text(1, name).message(2, value_of(v)));
  return hparams_record(time, "_hparams_/session_start_info", 3, start.real(5, time));
}

std::string session_end_record(double time, session_status status) {
  const auto end = protobuf{}.number(1, static_cast<std::uint64_t>(status)).real(2, time);
  return hparams_record(time, "_hparams_/session_end_info", 4, end);
}

} // namespace troupe::tensorboard
