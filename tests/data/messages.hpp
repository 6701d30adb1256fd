#pragma once

#include <troupe/errors.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

/// Returns what `call` says when it throws data_error, or "(no error)".
template <class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const troupe::data_error& e) {
    return e.what();
  }
  return "(no error)";
}

/// Returns whether `text` has all of `parts`.
inline bool has_all(std::string_view text, std::initializer_list<std::string_view> parts) {
  for (const auto part : parts)
    if (text.find(part) == std::string_view::npos) return false;
  return true;
}
