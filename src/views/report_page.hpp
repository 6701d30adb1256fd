#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace troupe {

/// The page without a study: put together, when Troupe is built, from the files in src/views/page.
extern const std::string_view report_template;

/// Returns a page that draws `data` (report_data), whole, in one file that needs no network. Texts
/// in it cannot become markup.
std::string report_page(const boost::json::object& data);

} // namespace troupe
