#pragma once

#include "data/image_task.hpp"
#include "model/lenet.hpp"

#include <troupe/torch.hpp>

#include <functional>
#include <optional>

namespace troupe {

/// Judges `net` by images `order`, which are not empty. The loss is that of a loop over batches of
/// `batch_size`, of which the last may be smaller and counts as much as the others, though the
/// network sees more images at a time. Returns nothing if `stopping` comes true meanwhile.
std::optional<score> evaluate(lenet& net, const device_images& images,
                              std::vector<std::int64_t> order, std::int64_t batch_size,
                              const std::function<bool()>& stopping);

} // namespace troupe
