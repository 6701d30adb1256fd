#include "base/thrown_error.hpp"

#include <exception>
#include <new>

namespace troupe {

trial_error thrown_error() {
  const auto told = [](reason_kind kind, const std::exception& e) {
    return trial_error{kind, *e.what() ? e.what() : "an exception that says nothing"};
  };
  try {
    throw;
  } catch (const trial_error& e) {
    return told(e.reason_kind, e);
  } catch (const std::bad_alloc&) {
    return {reason_kind::out_of_memory, "out of memory"};
  } catch (const std::exception& e) {
    return told(reason_kind::error, e);
  } catch (...) {
    return {reason_kind::error, "an exception that is no std::exception"};
  }
}

} // namespace troupe
