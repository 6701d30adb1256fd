#pragma once

#include "search/life/study_origin.hpp"
#include "store/study_layout.hpp"

#include <troupe/events.hpp>
#include <troupe/study.hpp>

#include <boost/json/object.hpp>

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace troupe {

/// Returns study `s` as its study file says it once it has been written and read again: with the
/// defaults of all options, which a study that a program has put together may leave out.
boost::json::object as_read(const study& s);

/// Returns study `s` as its study.json says it: "trial_files" is decided.
study as_written(study s);

/// Returns whether a study that was written down is wrong here for naming a searcher, a scheduler
/// or a stopper that this program does not have: whoever began it has.
bool is_of_another_program(const invalid_study& e);

/// Reads what a study was begun with: its study.json. Throws folder_error if that is damaged or
/// missing.
study stored_study(const study_layout& layout);

/// The same for the study whose journal this is: it may be one that is being replaced.
study study_of(const std::filesystem::path& journal);

/// Returns the study whose journal this is, within the limits that it has now. Throws the same, and
/// what limits_in throws.
study present_study(const std::filesystem::path& journal);

/// Returns whether the study that was begun as `begun` trains its trials itself; else whoever asks
/// for them does. Of journals older than the field `trains` only the study file tells, which names
/// a trainable where trials are trained here.
bool trains_itself(const event_kind::study_started& started, const study& begun);

/// Throws folder_error if it does not.
void refuse_if_asked(const event_kind::study_started& started, const study& begun,
                     const study_layout& layout);

/// Returns where study `s`, whose study.json is its to_json, comes from if it is begun now, by this
/// program.
study_origin origin_of(const study& s);

/// Throws folder_error, saying in what they differ, if the study file, read as `begun`, decides
/// otherwise than the one that the study was begun with: it was changed since.
void refuse_if_changed(const event_kind::study_started& started, const study& begun,
                       const study_layout& layout);

/// Returns whether the first event of a journal may be that of study `s`: by its name and its
/// number of trials.
bool is_of(const event_kind::study_started& started, const study& s);

/// Returns whether two studies, written as JSON, have the same at `key`, or nothing.
bool agree(const boost::json::object& a, const boost::json::object& b, std::string_view key);

/// What decides what a journal means: a study with another one of these is another study.
std::span<const std::string_view> identifying_keys();

/// Says in which of `keys` the studies differ, and how: "seed is 1 there, and 2 here". Empty if in
/// none.
std::string differences_between(const study& there, const study& here,
                                std::span<const std::string_view> keys);

/// The same of studies that are written as JSON already.
std::string differences_between(const boost::json::object& there, const boost::json::object& here,
                                std::span<const std::string_view> keys);

} // namespace troupe
