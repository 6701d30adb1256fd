#pragma once

#include <troupe/checkpoint.hpp>
#include <troupe/images.hpp>
#include <troupe/torch/dropout.hpp>
#include <troupe/torch/mixed_precision.hpp>
#include <troupe/torch/tensor_batches.hpp>
#include <troupe/torch/training_state.hpp>
#include <troupe/trainable.hpp>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/StreamGuard.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace torch::nn {
class Module;
}

/// What a training function written with libtorch needs beside libtorch (docs/training.md):
///
///     void train(troupe::trial& t) {
///       const troupe::device_scope scope{t};
///       network net{t.param<int>("width")};
///       troupe::reset_parameters(*net, troupe::generator(t.seed("weights")));
///       net->to(scope.device());
///       torch::optim::Adam optimizer{net->parameters(), t.param<double>("lr")};
///       troupe::training_state state{*net, optimizer};
///       if (t.last_checkpoint()) state.restore(t.last_checkpoint());
///       troupe::tensor_batches batches{{x, label}, {.batch_size = 32}, scope.device()};
///       …
///         optimizer.zero_grad();
///         loss(net->forward(batches[0]), batches[1]).backward();
///         optimizer.step();
///       …
///         if (!t.report({{"loss", …}}, state.save())) return;
///     }
///
/// The only public header, with those in troupe/torch, that includes libtorch's.
namespace troupe {

// -- devices -------------------------------------------------------------------------------------

/// Loads libtorch's CUDA library, which a program is not linked with, so that the same program runs
/// where there is no GPU. Call it before the process trains anything, as autograd counts its
/// devices once; a second call costs nothing. Throws std::runtime_error, with the remedy, if the
/// library is not installed or no GPU answers.
void load_cuda();

/// Makes the calling thread train where a trial was told to, for as long as the object lives:
/// libtorch uses as many threads as the trial has, and on a GPU the trial's device is the current
/// one and work goes to streams of its own. Create it first, in the training thread.
class device_scope {
public:
  /// Throws what load_cuda throws if the trial has a GPU.
  explicit device_scope(const trial& t);

  /// Returns the trial's device, the first if there are several.
  c10::Device device() const noexcept { return devices_.front(); }

  const std::vector<c10::Device>& devices() const noexcept { return devices_; }

private:
  std::vector<c10::Device> devices_;
  // In this order: the streams' guard must not outlive the device's.
  c10::OptionalDeviceGuard device_guard_;
  std::optional<c10::MultiStreamGuard> stream_guard_;
};

// -- weights -------------------------------------------------------------------------------------

/// Returns a generator for one trial, on `device`, whose device_scope is there. libtorch's default
/// generators are shared by all threads, so what trials draw from them depends on their timing.
at::Generator generator(std::uint64_t seed, c10::Device device = c10::Device{c10::kCPU});

/// Draws the weights and biases of all layers anew that libtorch draws from its default generator,
/// by libtorch's laws, but from `g` and in the order of registration: Linear, convolutions and
/// their transposes, Embedding, RNN, LSTM and GRU. Other layers with random weights (Bilinear,
/// MultiheadAttention, your own parameters) are yours to draw, `weight.uniform_(-a, a, g)`. Call it
/// before the module goes to a GPU, and every device has the same weights.
void reset_parameters(torch::nn::Module& module, at::Generator g);

// -- optimizer -----------------------------------------------------------------------------------

struct sgd_options {
  double lr;
  double momentum = 0;
  double weight_decay = 0;
};

/// Stochastic gradient descent as torch::optim::SGD does it, in one operation for all parameters.
/// Parameters without a gradient stay as they are.
class sgd {
public:
  /// Optimizes the parameters that `module` has now, on the device where they are.
  sgd(const torch::nn::Module& module, sgd_options options);

  /// Drops all gradients: backward() then stores them without an addition.
  void zero_grad();
  void step();

  /// Returns the parameters that it optimizes.
  const std::vector<at::Tensor>& parameters() const noexcept { return parameters_; }

  /// Returns the momentum buffer of each parameter by the parameter's name. They share memory with
  /// the optimizer.
  const std::vector<std::pair<std::string, at::Tensor>>& momentum() const noexcept {
    return momentum_;
  }

private:
  sgd_options options_;
  std::vector<at::Tensor> parameters_;
  std::vector<std::pair<std::string, at::Tensor>> momentum_;
};

// -- checkpoints ---------------------------------------------------------------------------------

/// training_state, for a module and sgd: copies the module's state dict into a blob
/// "model.safetensors", and the optimizer's momentum into "optimizer.safetensors"
/// (`momentum.<parameter>`).
checkpoint to_checkpoint(const torch::nn::Module& module, const sgd& optimizer);

/// The inverse. Throws std::runtime_error, naming the tensor, if the checkpoint is corrupt or is of
/// another network; nothing has changed then.
void restore(torch::nn::Module& module, sgd& optimizer, const checkpoint& c);

/// Restores the module alone.
void restore(torch::nn::Module& module, const checkpoint& c);

// -- images --------------------------------------------------------------------------------------

/// An image set where one device can read it. Made by shared_images::on.
struct device_images {
  c10::Device device;
  const image_set* set; ///< Where the device is the CPU.
  /// Elsewhere: uint8 [N, 3, 32, 32] and int64 [N].
  at::Tensor pixels = {}, labels = {};
  /// Elsewhere: byte x becomes x * scale + shift; float [3, 1, 1].
  at::Tensor scale = {}, shift = {};
};

/// An image set that all trials of a process train on: held once in memory and once on each GPU
/// that asks for it. Thread-safe.
class shared_images {
public:
  explicit shared_images(image_set images) : images_{std::move(images)} {}

  std::size_t size() const noexcept { return images_.size(); }

  /// Returns the images for `device`, where the first call copies them to. The reference lives as
  /// long as *this.
  const device_images& on(c10::Device device);

private:
  const image_set images_;
  std::mutex mutex_;
  std::unordered_map<c10::Device, device_images> by_device_;
};

/// Deals images out in batches, normalised by CIFAR-10's channel means and deviations. The last
/// batch may be smaller. Nothing is allocated per image.
///
///     image_batches batches{images.on(device), shuffled(order, seed, epoch), 32};
///     while (batches.next()) step(batches.images(), batches.labels());
class image_batches {
public:
  /// `order`: the numbers of the images to deal out. `images` must outlive *this.
  image_batches(const device_images& images, std::vector<std::int64_t> order,
                std::int64_t batch_size);

  /// Makes the next batch, in the memory of the one before. Returns false if there is none.
  bool next();

  /// float [B, 3, 32, 32]. Valid until next(); graphs that hold it must be gone by then.
  const at::Tensor& images() const noexcept { return images_; }

  /// int64 [B].
  const at::Tensor& labels() const noexcept { return labels_; }

  /// Returns how much of the images has been dealt out, in [0, 1].
  double fraction() const noexcept;

private:
  const device_images& source_;
  std::vector<std::int64_t> order_;
  std::int64_t batch_size_;
  std::int64_t dealt_ = 0;
  at::Tensor image_buffer_, label_buffer_; ///< On the CPU: one whole batch.
  at::Tensor device_order_;                ///< On a GPU: order_.
  at::Tensor images_, labels_;
};

// -- several devices -----------------------------------------------------------------------------

namespace detail {

/// Makes `replica` compute with the parameters and buffers of `master` as they are now; backward()
/// adds the gradients of `replica` to those of `master`.
void follow(torch::nn::Module& replica, const torch::nn::Module& master, c10::Device device);

/// Splits a batch into at most `parts` parts that differ in size by as little as possible.
std::vector<at::Tensor> split(const at::Tensor& batch, std::size_t parts);

at::Tensor gather(const std::vector<at::Tensor>& parts, c10::Device device);

} // namespace detail

/// Runs a network on several devices at once: each gets a part of the batch, gradients add up in
/// the network given. With one device it is that network and nothing more.
///
/// `Network` is a class derived from torch::nn::Module with `at::Tensor forward(at::Tensor)`.
template <class Network>
class data_parallel {
public:
  /// `network` is on the first device. `make` makes another of the same shape; its weights do not
  /// matter.
  template <class Make>
  data_parallel(std::shared_ptr<Network> network, std::vector<c10::Device> devices, Make make)
      : devices_{std::move(devices)},
        networks_{std::move(network)} {
    while (networks_.size() < devices_.size()) {
      networks_.push_back(make());
      networks_.back()->to(devices_[networks_.size() - 1]);
    }
  }

  /// Returns the network's output for `batch`, on the first device.
  at::Tensor operator()(const at::Tensor& batch) {
    if (networks_.size() == 1) return networks_.front()->forward(batch);
    auto parts = detail::split(batch, networks_.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) detail::follow(*networks_[i], *networks_.front(), devices_[i]);
      parts[i] = networks_[i]->forward(parts[i].to(devices_[i]));
    }
    return detail::gather(parts, devices_.front());
  }

private:
  std::vector<c10::Device> devices_;
  std::vector<std::shared_ptr<Network>> networks_; ///< The first is the one that learns.
};

} // namespace troupe
