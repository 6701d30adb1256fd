#pragma once

#include "base/packed.hpp"

#include <troupe/scheduler.hpp>
#include <troupe/searcher.hpp>

namespace troupe {

template <class Archive, packed_as<result> Result>
void pack(Archive& a, Result& r) {
  a(r.time, r.value, r.further);
}

template <class Archive, packed_as<outcome> Outcome>
void pack(Archive& a, Outcome& o) {
  a(o.values, o.constraints);
}

} // namespace troupe
