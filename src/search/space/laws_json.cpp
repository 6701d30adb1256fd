#include "search/space/laws.hpp"
#include "search/space/space_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <variant>

namespace troupe {

namespace json = boost::json;

namespace {

template <class... Argument>
json::value written(std::string_view name, Argument... arguments) {
  return json::object{{name, json::array{arguments...}}};
}

struct domain_writer {
  json::value operator()(const constant& d) const { return json::object{{"const", d.value}}; }
  json::value operator()(const uniform& d) const { return written("uniform", d.low, d.high); }
  json::value operator()(const loguniform& d) const { return written("loguniform", d.low, d.high); }
  json::value operator()(const randint& d) const { return written("randint", d.low, d.high); }
  json::value operator()(const choice& d) const {
    return json::object{{"choice", json::array(d.values.begin(), d.values.end())}};
  }
  json::value operator()(const quniform& d) const {
    return written("quniform", d.low, d.high, d.q);
  }
  json::value operator()(const qloguniform& d) const {
    return written("qloguniform", d.low, d.high, d.q);
  }
  json::value operator()(const randn& d) const { return written("randn", d.mean, d.sd); }
  json::value operator()(const qrandn& d) const { return written("qrandn", d.mean, d.sd, d.q); }
  json::value operator()(const qrandint& d) const {
    return written("qrandint", d.low, d.high, d.q);
  }
  json::value operator()(const lograndint& d) const { return written("lograndint", d.low, d.high); }
  json::value operator()(const qlograndint& d) const {
    return written("qlograndint", d.low, d.high, d.q);
  }

  json::value operator()(const grid_search& d) const {
    json::array values;
    for (std::size_t i = 0; i < d.values.size(); ++i) {
      const bool has_space = i < d.inside.size() && d.inside[i];
      values.push_back(has_space ? to_json(*d.inside[i]).at("value") : write_value(d.values[i]));
    }
    return json::object{{"grid_search", std::move(values)}};
  }

  json::value operator()(const float_range& d) const {
    json::object range{{"low", d.low}, {"high", d.high}};
    if (d.step) range["step"] = *d.step;
    range["log"] = d.log;
    return json::object{{"float", std::move(range)}};
  }

  json::value operator()(const int_range& d) const {
    return json::object{
        {"int", json::object{{"low", d.low}, {"high", d.high}, {"step", d.step}, {"log", d.log}}}};
  }

  json::value operator()(const expression& d) const { return json::object{{"expr", d.text}}; }

  // No study file can say what the function does; that it is there can be told.
  json::value operator()(const sample_from&) const {
    return json::object{{"sample_from", nullptr}};
  }
};

} // namespace

json::value to_json(const domain& d) {
  return std::visit(domain_writer{}, d);
}

} // namespace troupe
