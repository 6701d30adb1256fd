#pragma once

#include "cli/view_state.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace troupe {

/// What there is to draw on.
struct canvas {
  int columns = 80;
  int rows = 24;
  bool colour = false; ///< Whether lines may contain colours (ANSI SGR sequences).
  bool ascii = false;  ///< Whether what the view draws with must be ASCII.
};

/// Returns the lines of the live view at `now` (Unix time):
///
///     study cifar10  7/10 done · 2 running · 3 stopped · 1 failed
///     elapsed 1:23 · about 2:10 left (mean of 7 trials)
///     best loss 1.18 · trial 00005 at iteration 4 · 0:40 ago, before 1.31 · lr=0.00276 l1=8
///     1 failed: out of memory
///     00008 ████░░░░ iter  4/10 loss 1.31  lr=0.00034 l1=32 l2=64
///     00009 ░░░░░░░░ iter  1/10 loss -     lr=0.0763 l1=16 l2=8
///
/// A bar shows how far a trial is; where it is not known how long a trial is, how much of the
/// iteration beside it is done. A narrow canvas leaves out parameters first, then bars, the
/// metric's name, and iterations. No line is wider than the canvas, and there are at most `rows -
/// 1` of them, so that the cursor can stand below.
std::vector<std::string> live_view(const view_state&, std::chrono::nanoseconds now, const canvas&);

} // namespace troupe
