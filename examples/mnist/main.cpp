// MNIST with a training function, after Ray Tune's mnist_pytorch: a training program with
// command-line options, which Troupe tunes too. The first trains once, the second tunes:
//
//     mnist --lr 0.02 --momentum 0.8 --epochs 3 --data fashion-mnist
//     mnist run examples/mnist/study.json
//
// The study asks for Fashion-MNIST, which Debian has (dataset-fashion-mnist). For MNIST itself put
// its four IDX files, gzipped or not, into data/mnist and add --set trainable/data=mnist.

#include "../convnet/convnet.hpp"

#include <troupe/cli.hpp>

#include <iostream>
#include <map>
#include <sstream>

// What the program was like before: options with defaults …
struct options {
  double lr = 0.01, momentum = 0.5;
  std::int64_t batch_size = 64;
  int epochs = 10;
  std::uint64_t seed = 1;
  std::string data = "mnist", data_dir = "data";
};

template <class T>
void read(const std::string& text, T& number) {
  std::istringstream in{text};
  if (!(in >> number && in.eof()))
    throw std::invalid_argument{"\"" + text + "\" is no such number"};
}

options parse(int argc, char** argv) {
  options o;
  const std::map<std::string, std::function<void(const std::string&)>> known{
      {"--lr", [&](auto& v) { read(v, o.lr); }},
      {"--momentum", [&](auto& v) { read(v, o.momentum); }},
      {"--batch-size", [&](auto& v) { read(v, o.batch_size); }},
      {"--epochs", [&](auto& v) { read(v, o.epochs); }},
      {"--seed", [&](auto& v) { read(v, o.seed); }},
      {"--data", [&](auto& v) { o.data = v; }},
      {"--data-dir", [&](auto& v) { o.data_dir = v; }}};
  for (int i = 1; i < argc; i += 2) {
    const auto option = known.find(argv[i]);
    if (option == known.end() || i + 1 == argc) {
      std::string names;
      for (const auto& [name, set] : known)
        names += " [" + name + " VALUE]";
      throw std::invalid_argument{"usage: mnist" + names + "\n       mnist run STUDY.json"};
    }
    option->second(argv[i + 1]);
  }
  return o;
}

// … and a loop.
void train_once(const options& o) {
  digits data;
  data.load(
      {.options = {{"data", o.data}}, .data_dir = o.data_dir, .seed = o.seed, .say = [](auto line) {
         std::cerr << line << '\n';
       }});
  const auto& images = data.train->on(torch::kCPU);
  convnet net;
  troupe::reset_parameters(net, troupe::generator(o.seed));
  troupe::sgd optimizer{net, {.lr = o.lr, .momentum = o.momentum}};
  for (int epoch = 0; epoch < o.epochs; ++epoch) {
    auto order = troupe::shuffled(data.known, o.seed, static_cast<std::uint64_t>(epoch));
    learn(net, optimizer, {images, std::move(order), o.batch_size});
    const auto m = judge(net, {images, data.unseen, 1000});
    std::cout << "epoch " << epoch + 1 << ": loss " << *m.find("loss") << ", accuracy "
              << *m.find("accuracy") << std::endl;
  }
}

// What it takes to be tuned: the same loop, but options, seeds and device come from the trial, and
// it reports instead of printing.
void train(troupe::trial& t, digits& data) {
  const troupe::device_scope scope{t};
  const auto& images = data.train->on(scope.device());
  convnet net;
  troupe::reset_parameters(net, troupe::generator(t.seed("weights")));
  net.to(scope.device());
  troupe::sgd optimizer{net,
                        {.lr = t.param<double>("lr"), .momentum = t.param<double>("momentum")}};
  if (t.last_checkpoint()) troupe::restore(net, optimizer, t.last_checkpoint());
  for (int epoch = t.iteration(); epoch < t.param<int>("epochs"); ++epoch) {
    auto order = troupe::shuffled(data.known, t.seed("shuffle"), static_cast<std::uint64_t>(epoch));
    if (!learn(net, optimizer, {images, std::move(order), t.param<std::int64_t>("batch_size")}, &t))
      return;
    if (!t.report(judge(net, {images, data.unseen, 1000}), troupe::to_checkpoint(net, optimizer)))
      return;
  }
}

// The options become parameters; what the study leaves open has the program's default.
troupe::trainable mnist() {
  using kind = troupe::parameter::kind;
  const options o;
  const auto data = std::make_shared<digits>();
  return on_digits({.name = "mnist",
                    .help = "a ConvNet on MNIST",
                    .train = [data](troupe::trial& t) { train(t, *data); },
                    .parameters = {{"lr", kind::real, 0, {}, o.lr, "learning rate"},
                                   {"momentum", kind::real, 0, 1, o.momentum, "of SGD"},
                                   {"batch_size", kind::integer, 1, {}, o.batch_size, "images"},
                                   {"epochs", kind::integer, 1, {}, o.epochs, "at most"}}},
                   data);
}

int main(int argc, char** argv) try {
  if (argc > 1 && argv[1][0] != '-')
    return troupe::cli_main(argc, argv, troupe::registry{}.add(mnist()));
  train_once(parse(argc, argv));
} catch (const std::exception& e) {
  std::cerr << e.what() << '\n';
  return 2;
}
