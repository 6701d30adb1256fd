#pragma once

#include "base/json.hpp"

#include <boost/json/value.hpp>
#include <doctest/doctest.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace troupe {

/// Returns the lines of a recorded file, `name`.jsonl.gz.
inline std::vector<boost::json::value> recorded_lines(const std::string& name) {
  const auto path = TROUPE_VECTORS "/" + name + ".jsonl.gz";
  const auto file = std::unique_ptr<gzFile_s, int (*)(gzFile)>{gzopen(path.c_str(), "rb"), gzclose};
  REQUIRE(file);
  std::string text;
  std::vector<char> buffer(1 << 16);
  for (int n = 0;
       (n = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(n));
  std::vector<boost::json::value> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.push_back(parse_json(std::string_view{text}.substr(begin, end - begin)));
    begin = end + 1;
  }
  return lines;
}

} // namespace troupe
