// MNIST with the class trainable under HyperBand, after Ray Tune's mnist_pytorch_trainable.
//
//     mnist_class run examples/mnist_class/study.json
//
// HyperBand pauses trials until their bracket can be halved. The class has nothing to do with that:
// it saves and loads, and Troupe makes a new object when a trial goes on. At the end every trial
// has the checkpoint of its last step, and `results/mnist_class/summary.json` names the best one's.
//
// The study asks for Fashion-MNIST, which Debian has (dataset-fashion-mnist). For MNIST itself put
// its four IDX files, gzipped or not, into data/mnist and add --set trainable/data=mnist.

#include "../convnet/convnet.hpp"

#include <troupe/class_trainable.hpp>
#include <troupe/cli.hpp>

constexpr std::size_t images_per_step = 2048;

class mnist : public troupe::step_trainable {
public:
  explicit mnist(std::shared_ptr<digits> data) : data_{std::move(data)} {}

  void setup(troupe::trial& t) override {
    trial_ = &t;
    scope_.emplace(t);
    troupe::reset_parameters(net_, troupe::generator(t.seed("weights")));
    net_.to(scope_->device());
    optimizer_.emplace(net_, troupe::sgd_options{.lr = t.param<double>("lr"),
                                                 .momentum = t.param<double>("momentum")});
  }

  troupe::metrics step() override {
    const auto& images = data_->train->on(scope_->device());
    auto order = troupe::shuffled(data_->known, trial_->seed("shuffle"),
                                  static_cast<std::uint64_t>(iteration()));
    order.resize(std::min(order.size(), images_per_step));
    const auto batch_size = trial_->param<std::int64_t>("batch_size");
    if (!learn(net_, *optimizer_, {images, std::move(order), batch_size}, trial_)) return {};
    return judge(net_, {images, data_->unseen, 1000});
  }

  troupe::checkpoint save_checkpoint() override { return to_checkpoint(net_, *optimizer_); }

  void load_checkpoint(const troupe::checkpoint& c) override {
    troupe::restore(net_, *optimizer_, c);
  }

private:
  std::shared_ptr<digits> data_;
  troupe::trial* trial_ = nullptr;
  std::optional<troupe::device_scope> scope_;
  convnet net_;
  std::optional<troupe::sgd> optimizer_;
};

int main(int argc, char** argv) {
  using kind = troupe::parameter::kind;
  const auto data = std::make_shared<digits>();
  auto t = troupe::class_trainable("mnist_class", [data] { return std::make_unique<mnist>(data); });
  t.help = "a ConvNet on MNIST, as a class";
  t.parameters = {{"lr", kind::real, 0, {}, {}, "learning rate"},
                  {"momentum", kind::real, 0, 1, {}, "of SGD"},
                  {"batch_size", kind::integer, 1, {}, 64, "images"}};
  return troupe::cli_main(argc, argv, troupe::registry{}.add(on_digits(std::move(t), data)));
}
