#include "fused/optimizers.hpp"

#include <array>
#include <cmath>
#include <stdexcept>

namespace troupe::fused {

namespace {

using parameter_list = std::span<const parameter_tensor>;

void check_option(const char* name, double value, double end) {
  if (!(value >= 0 && value < end))
    throw std::invalid_argument{std::string{"optimizer: "} + name + " is " + std::to_string(value) +
                                (end == 1 ? ", and should be at least 0 and below 1"
                                          : ", and should be a number that is at least 0")};
}

constexpr double no_end = HUGE_VAL;

/// Reads one tensor for each parameter, called prefix + its name + suffix.
buffer<float> read_all(blob_reader& from, parameter_list parameters, std::size_t size,
                       const std::string& prefix, const std::string& suffix) {
  buffer<float> values{size};
  for (const auto& p : parameters) {
    auto name = prefix + p.name;
    name += suffix;
    from.take(name, p, values.data());
  }
  return values;
}

// -- SGD -----------------------------------------------------------------------------------------

class sgd_state : public optimizer_state {
public:
  sgd_state(const sgd& o, buffer<float>& weights)
      : step_{static_cast<float>(o.lr), static_cast<float>(o.momentum),
              static_cast<float>(o.weight_decay)},
        weights_{weights},
        velocity_{weights.size()} {
    check_option("lr", o.lr, no_end);
    check_option("momentum", o.momentum, no_end);
    check_option("weight_decay", o.weight_decay, no_end);
  }

  void set_lr(double lr) override {
    check_option("lr", lr, no_end);
    step_.lr = static_cast<float>(lr);
  }

  void update(std::size_t first, std::size_t count, const float* gradient) override {
    sgd_update(step_, count, gradient, weights_.data() + first, velocity_.data() + first);
  }

  void write(blob_writer& to, parameter_list parameters) const override {
    for (const auto& p : parameters)
      to.add("momentum." + p.name, p, velocity_.data());
  }

  std::function<void()> read(blob_reader& from, parameter_list parameters) override {
    auto next = std::make_shared<buffer<float>>(
        read_all(from, parameters, weights_.size(), "momentum.", ""));
    return [this, next] { velocity_ = std::move(*next); };
  }

private:
  sgd_step step_;
  buffer<float>& weights_;
  buffer<float> velocity_;
};

// -- Adam and AdamW ------------------------------------------------------------------------------

/// PyTorch's names; true where the decay is decoupled from the gradient.
struct adam_options {
  double lr, beta1, beta2, eps, weight_decay;
  bool is_decoupled;
};

class adam_state : public optimizer_state {
public:
  adam_state(const adam_options& o, buffer<float>& weights)
      : options_{o},
        weights_{weights},
        mean_{weights.size()},
        square_{weights.size()} {
    check_option("lr", o.lr, no_end);
    check_option("beta1", o.beta1, 1);
    check_option("beta2", o.beta2, 1);
    check_option("eps", o.eps, no_end);
    check_option("weight_decay", o.weight_decay, no_end);
  }

  void set_lr(double lr) override {
    check_option("lr", lr, no_end);
    options_.lr = lr;
  }

  void begin_step() override {
    ++steps_;
    const auto& o = options_;
    step_ = {.beta1 = static_cast<float>(o.beta1),
             .rest1 = static_cast<float>(1 - o.beta1),
             .beta2 = static_cast<float>(o.beta2),
             .rest2 = static_cast<float>(1 - o.beta2),
             .eps = static_cast<float>(o.eps),
             .weight_decay = static_cast<float>(o.is_decoupled ? 0 : o.weight_decay),
             .shrink = static_cast<float>(o.is_decoupled ? 1 - o.lr * o.weight_decay : 1),
             .step_size = static_cast<float>(o.lr / (1 - std::pow(o.beta1, steps_))),
             .root_of_correction = static_cast<float>(std::sqrt(1 - std::pow(o.beta2, steps_)))};
  }

  void update(std::size_t first, std::size_t count, const float* gradient) override {
    adam_update(step_, count, gradient, weights_.data() + first, mean_.data() + first,
                square_.data() + first);
  }

  void write(blob_writer& to, parameter_list parameters) const override {
    for (const auto& p : parameters) {
      const auto group = "param_groups." + p.name + '.', state = "state." + p.name + '.';
      const auto& o = options_;
      to.add(group + "lr", std::array{o.lr});
      to.add(group + "betas", std::array{o.beta1, o.beta2});
      to.add(group + "eps", std::array{o.eps});
      to.add(group + "weight_decay", std::array{o.weight_decay});
      to.add(group + "amsgrad", false);
      if (steps_ == 0) continue;
      to.add(state + "step", std::array{steps_});
      to.add(state + "exp_avg", p, mean_.data());
      to.add(state + "exp_avg_sq", p, square_.data());
    }
  }

  std::function<void()> read(blob_reader& from, parameter_list parameters) override {
    for (const auto& p : parameters)
      for (const auto* option : {"lr", "betas", "eps", "weight_decay", "amsgrad"})
        from.skip("param_groups." + p.name + '.' + option);
    const auto next = std::make_shared<content>();
    if (!parameters.empty() && from.has("state." + parameters.front().name + ".step")) {
      next->steps = from.take_count(parameters, "state.", ".step");
      next->mean = read_all(from, parameters, weights_.size(), "state.", ".exp_avg");
      next->square = read_all(from, parameters, weights_.size(), "state.", ".exp_avg_sq");
    } else {
      next->mean = buffer<float>{weights_.size()};
      next->square = buffer<float>{weights_.size()};
    }
    return [this, next] {
      steps_ = next->steps;
      mean_ = std::move(next->mean);
      square_ = std::move(next->square);
    };
  }

private:
  struct content {
    double steps = 0;
    buffer<float> mean, square;
  };

  adam_options options_;
  adam_step step_{};
  double steps_ = 0;
  buffer<float>& weights_;
  buffer<float> mean_, square_;
};

} // namespace

std::unique_ptr<optimizer_state> make_optimizer(const optimizer& o, buffer<float>& weights) {
  struct maker {
    buffer<float>& weights;

    std::unique_ptr<optimizer_state> operator()(const sgd& s) const {
      return std::make_unique<sgd_state>(s, weights);
    }
    std::unique_ptr<optimizer_state> operator()(const adam& a) const {
      return std::make_unique<adam_state>(
          adam_options{a.lr, a.beta1, a.beta2, a.eps, a.weight_decay, false}, weights);
    }
    std::unique_ptr<optimizer_state> operator()(const adamw& a) const {
      return std::make_unique<adam_state>(
          adam_options{a.lr, a.beta1, a.beta2, a.eps, a.weight_decay, true}, weights);
    }
  };
  return std::visit(maker{weights}, o);
}

} // namespace troupe::fused
