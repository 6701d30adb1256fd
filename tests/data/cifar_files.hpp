#pragma once

#include <troupe/images.hpp>

#include <initializer_list>
#include <string>

/// One record of CIFAR-10's binary version: a label, then pixels that count up from it.
inline std::string cifar_record(int label) {
  std::string record(1 + troupe::image_set::bytes_per_image, '\0');
  for (std::size_t i = 0; i < record.size(); ++i)
    record[i] = static_cast<char>(label + static_cast<int>(i));
  return record;
}

inline std::string cifar_records(std::initializer_list<int> labels) {
  std::string records;
  for (const auto label : labels)
    records += cifar_record(label);
  return records;
}
