#pragma once

/// Returns the CPU time per step, in seconds, of a loop that trains the same network on the same
/// kind of images as the trainable "cifar10", but without a trial.
double bare_seconds_per_step(int batch_size, int images, int warm_up, int steps);
