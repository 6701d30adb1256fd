#include "base/escape.hpp"
#include "fused/chain.hpp"
#include "fused/conv_layer.hpp"
#include "fused/linear_layer.hpp"
#include "fused/pointwise_layers.hpp"
#include "fused/pool_layers.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <stdexcept>

namespace troupe::fused {

namespace {

/// Elements of an image, and of all parameters: what 32-bit offsets reach.
constexpr std::size_t most_elements = std::size_t{1} << 31;
constexpr std::int64_t longest_side = 1 << 24;

[[noreturn]] void refuse(const std::string& name, const std::string& problem) {
  throw std::invalid_argument{"block \"" + name + "\": " + problem};
}

void check_range(const std::string& name, const char* what, std::int64_t value,
                 std::int64_t least) {
  if (value < least || value > longest_side)
    refuse(name, std::string{what} + " is " + std::to_string(value) + ", and should be from " +
                     std::to_string(least) + " to " + std::to_string(longest_side));
}

void check_range(const std::string& name, const char* what, extent e, std::int64_t least) {
  check_range(name, what, e.height, least);
  check_range(name, what, e.width, least);
}

/// Refuses a block that has more elements of something than there can be; `factors`: their product.
void check_count(const std::string& name, const char* what,
                 std::initializer_list<std::int64_t> factors) {
  double count = 1;
  for (const auto factor : factors)
    count *= static_cast<double>(factor);
  if (count > static_cast<double>(most_elements))
    refuse(name, std::string{what} + " would be more than 2^31 numbers");
}

void check_fits(const std::string& name, const window& w, const layout& in) {
  check_range(name, "the kernel", w.kernel, 1);
  check_range(name, "the stride", w.stride, 1);
  check_range(name, "the padding", w.padding, 0);
  if (static_cast<std::int64_t>(in.height) + 2 * w.padding.height < w.kernel.height ||
      static_cast<std::int64_t>(in.width) + 2 * w.padding.width < w.kernel.width)
    refuse(name, "its kernel of " + std::to_string(w.kernel.height) + "x" +
                     std::to_string(w.kernel.width) + " is larger than what it gets, " +
                     std::to_string(in.height) + "x" + std::to_string(in.width) +
                     " and the padding");
}

template <class Pool>
window window_of(const Pool& p) {
  return {p.kernel,
          {p.stride.height ? p.stride.height : p.kernel.height,
           p.stride.width ? p.stride.width : p.kernel.width},
          p.padding};
}

template <class Pool>
window pooling_window(const std::string& name, const Pool& p, const layout& in) {
  const auto w = window_of(p);
  check_fits(name, w, in);
  if (2 * w.padding.height > w.kernel.height || 2 * w.padding.width > w.kernel.width)
    refuse(name, "the padding is more than half of the kernel");
  return w;
}

/// Adds one block after the other.
class chain_builder {
public:
  explicit chain_builder(const input& in) : is_flat_{std::holds_alternative<features>(in)} {
    add_signal(std::visit(layout_of{}, in));
  }

  void add(const block& b) {
    name_ = b.name;
    std::visit(*this, b.kind);
  }

  void operator()(const conv2d& c) {
    wants_image();
    check_range(name_, "the number of channels", c.channels, 1);
    check_fits(name_, {c.kernel, c.stride, c.padding}, now());
    const auto channels = static_cast<std::int64_t>(now().channels);
    check_count(name_, "its weights", {c.channels, channels, c.kernel.height, c.kernel.width});
    const auto height = static_cast<std::int64_t>(now().height) + 2 * c.padding.height;
    const auto width = static_cast<std::int64_t>(now().width) + 2 * c.padding.width;
    check_count(name_, "its padded input", {channels, height, width});
    // A stride beyond the whole image makes the same, one output, and no more phases of the image.
    auto bounded = c;
    bounded.stride = {std::min(c.stride.height, height), std::min(c.stride.width, width)};
    add_layer<conv_layer>(output_of(bounded, now()), bounded);
  }
  void operator()(const max_pool2d& p) {
    wants_image();
    const auto w = pooling_window(name_, p, now());
    add_layer<max_pool_layer>(output_of(w, now()), w);
  }
  void operator()(const avg_pool2d& p) {
    wants_image();
    const auto w = pooling_window(name_, p, now());
    add_layer<average_pool_layer>(output_of(w, now()), w);
  }
  void operator()(const relu&) { add_layer<relu_layer>(now()); }
  void operator()(const tanh_activation&) { add_layer<tanh_layer>(now()); }
  void operator()(const flatten&) {
    if (is_flat_) return;
    add_layer<flatten_layer>(layout::features(now().elements()));
    is_flat_ = true;
    chain_.first_of_batch = chain_.layers.size();
  }
  void operator()(const linear& l) {
    if (!is_flat_) refuse(name_, "linear needs features, and gets an image: put flatten before it");
    check_range(name_, "the number of features", l.features, 1);
    check_count(name_, "its weights", {l.features, static_cast<std::int64_t>(now().width)});
    add_layer<linear_layer>(layout::features(static_cast<std::size_t>(l.features)));
  }
  void operator()(const dropout& d) {
    if (!(d.p >= 0 && d.p < 1)) refuse(name_, "the probability should be at least 0 and below 1");
    add_layer<dropout_layer>(now(), d.p, chain_.layers.size());
  }

  chain take() {
    if (!is_flat_)
      throw std::invalid_argument{"the chain ends with an image: put flatten at its end"};
    return std::move(chain_);
  }

private:
  struct layout_of {
    layout operator()(const image& i) const {
      check_range("input", "the number of channels", i.channels, 1);
      check_range("input", "the size", {i.height, i.width}, 1);
      check_count("input", "it", {i.channels, i.height, i.width});
      return layout::image(static_cast<std::size_t>(i.channels), static_cast<std::size_t>(i.height),
                           static_cast<std::size_t>(i.width));
    }
    layout operator()(const features& f) const {
      check_range("input", "the number of features", f.count, 1);
      return layout::features(static_cast<std::size_t>(f.count));
    }
  };

  const layout& now() const { return chain_.signals.back()->shape(); }

  void wants_image() const {
    if (is_flat_) refuse(name_, "it needs an image, and gets features");
  }

  void add_signal(const layout& shape) {
    check_count(
        name_, "its output",
        {static_cast<std::int64_t>(shape.channels), static_cast<std::int64_t>(shape.plane)});
    chain_.signals.push_back(std::make_unique<signal>(shape));
  }

  template <class Layer, class... Arguments>
  void add_layer(const layout& out, const Arguments&... arguments) {
    add_signal(out);
    auto& signals = chain_.signals;
    chain_.layers.push_back(
        std::make_unique<Layer>(arguments..., *signals[signals.size() - 2], *signals.back()));
    chain_.names.push_back(name_);
    parameters_ += chain_.layers.back()->parameter_count();
    if (parameters_ > most_elements)
      refuse(name_, "the network has more than 2^31 parameters here");
  }

  chain chain_;
  std::string name_ = "input";
  bool is_flat_;
  std::size_t parameters_ = 0;
};

void name_all(std::vector<block>& blocks) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].name.empty()) blocks[i].name = std::to_string(i);
    if (!is_utf8(blocks[i].name)) refuse(std::to_string(i), "its name is not UTF-8");
    if (!names.insert(blocks[i].name).second) refuse(blocks[i].name, "another has the same name");
  }
}

bool is_activation(const block& b) {
  return std::holds_alternative<relu>(b.kind) || std::holds_alternative<tanh_activation>(b.kind);
}

} // namespace

chain build_chain(const input& in, std::vector<block> blocks) {
  name_all(blocks);
  for (std::size_t i = 1; i < blocks.size(); ++i)
    if (std::holds_alternative<max_pool2d>(blocks[i].kind) && is_activation(blocks[i - 1]))
      std::swap(blocks[i - 1], blocks[i]);
  chain_builder builder{in};
  for (const auto& b : blocks)
    builder.add(b);
  return builder.take();
}

} // namespace troupe::fused
