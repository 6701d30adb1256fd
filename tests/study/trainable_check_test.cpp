#include "study/faults_of.hpp"

#include <troupe/trainable.hpp>

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace troupe;

namespace {

registry one_network() {
  trainable t{.name = "net", .train = [](trial&) {}};
  t.parameters = {{"lr", parameter::kind::real, 1e-9, {}, {}, "step size"},
                  {"width", parameter::kind::integer, 1, 1024, {}, ""},
                  {"epochs", parameter::kind::integer, 1, {}, 10, ""}};
  t.options = {{"data", parameter::kind::text, {}, {}, nullptr, ""},
               {"images", parameter::kind::integer, 1, {}, nullptr, ""}};
  t.metrics = {"loss", "accuracy"};
  return registry{}.add(std::move(t)).add("free", [](trial&) {});
}

/// The faults of a study with this space and these further members, one a line.
std::string faults(const std::string& space, const std::string& more = R"("metric": "loss")",
                   const std::string& trained = R"({"name": "net"})") {
  const auto known = one_network();
  const auto text = R"({"trainable": )" + trained + R"(, "space": )" + space + ", " + more + "}";
  try {
    parse_study(text, "s.json", {}, &known);
    return {};
  } catch (const invalid_study& e) {
    std::string all;
    for (const auto& f : e.faults())
      all += (f.path.empty() ? f.where : f.path) + ": " + f.problem + "\n";
    return all;
  }
}

const std::string good = R"({"lr": {"loguniform": [1e-4, 1]}, "width": {"choice": [4, 8]}})";

} // namespace

TEST_CASE("a study that fits its trainable gets the fallbacks of what it leaves out") {
  const auto known = one_network();
  const auto s =
      parse_study(R"({"trainable": {"name": "net"}, "metric": "loss", "space": )" + good + "}",
                  "s.json", {}, &known);
  REQUIRE(s.space.find("epochs"));
  CHECK(std::get<constant>(*s.space.find("epochs")).value == 10);
}

TEST_CASE("a study without a trainable, or with an unknown one, cannot be run") {
  const auto known = one_network();
  CHECK_THROWS_WITH_AS(
      parse_study(R"({"metric": "loss"})", "s.json", {}, &known),
      R"(s.json:1:1: trainable: is missing; it says what to train, as in {"name": "cifar10"})",
      invalid_study);
  CHECK(faults(good, R"("metric": "loss")", R"({"name": "nett"})") ==
        "trainable/name: unknown trainable \"nett\"; did you mean \"net\"?\n");
}

TEST_CASE("parameters that a trainable reads must be there, and others may not") {
  CHECK(faults(R"({"lr": 0.1})") ==
        "space/width: is missing: trainable \"net\" wants an integer >= 1 and <= 1024\n");
  CHECK(faults(R"({"lr": 0.1, "width": 3, "widht": 4})") ==
        "space/widht: trainable \"net\" does not read this; did you mean \"width\"?\n");
}

TEST_CASE("a parameter with a fault of its own is not called missing too") {
  const auto said = faults(R"({"lr": {"loguniform": [0, 1]}, "width": 3})");
  CHECK(said.find("space/lr/loguniform: ") == 0);
  CHECK(said.find("is missing") == said.npos);
}

TEST_CASE("every value that a domain can take must fit") {
  const auto wrong = [](const std::string& lr, const std::string& width) {
    return faults(R"({"lr": )" + lr + R"(, "width": )" + width + "}");
  };
  CHECK(wrong("0.1", R"({"choice": [4, 2.5]})").find("this may be 2.5") != std::string::npos);
  CHECK(wrong("0.1", R"({"choice": [4, 2048]})").find("this may be 2048") != std::string::npos);
  CHECK(wrong("0.1", R"({"randint": [0, 4]})").find("this may be 0") != std::string::npos);
  CHECK(wrong("0.1", R"({"randint": [1, 1026]})").find("this may be 1025") != std::string::npos);
  CHECK(wrong("0.1", R"({"randint": [1, 1025]})").empty());
  CHECK(wrong("0.1", R"({"uniform": [1, 4]})").find("numbers with a fraction") !=
        std::string::npos);
  CHECK(wrong(R"({"uniform": [-1, 1]})", "4").find("this may be -1") != std::string::npos);
  CHECK(wrong(R"("fast")", "4").find(R"(this may be the text "fast")") != std::string::npos);
  CHECK(wrong("1", "16.0").empty());
}

TEST_CASE("options and metrics are checked as well") {
  CHECK(faults(good, R"("metric": "loss")", R"({"name": "net", "dta": "x"})") ==
        "trainable/dta: unknown option of trainable \"net\"; did you mean \"data\"?\n");
  CHECK(faults(good, R"("metric": "loss")", R"({"name": "net", "images": 0})") ==
        "trainable/images: must be an integer >= 1; found 0\n");
  CHECK(faults(good, R"("metric": "los")") ==
        "metric: trainable \"net\" does not report \"los\"; did you mean \"loss\"?\n");
  CHECK(faults(good, R"("metric": "loss", "keep": {"metric": "acuracy", "mode": "max"})") ==
        "keep/metric: trainable \"net\" does not report \"acuracy\"; did you mean \"accuracy\"?\n");
  CHECK(
      faults(good, R"("metric": "loss", "stop": {"training_iteration": 3, "acuracy": 1})") ==
      "stop/acuracy: trainable \"net\" does not report \"acuracy\"; did you mean \"accuracy\"?\n");
}

TEST_CASE("a trainable that has not said what it wants takes anything") {
  CHECK(faults(R"({"x": 1})", R"("metric": "anything")", R"({"name": "free"})").empty());
  CHECK(faults(R"({"x": 1})", R"("metric": "m")", R"({"name": "free", "y": 1})") ==
        "trainable/y: unknown option of trainable \"free\"; it has none\n");
}

TEST_CASE("a scheduler that must pause needs a trainable with checkpoints") {
  const auto with = [](const std::string& scheduler, const std::string& trained) {
    return faults(good, R"("metric": "loss", "scheduler": {"name": ")" + scheduler + "\"}",
                  trained);
  };
  const std::string net = R"({"name": "net"})";
  CHECK(with("hyperband", net) ==
        "scheduler/name: \"hyperband\" pauses trials, but trainable \"net\" reports no checkpoints "
        "to go on from; schedulers that do without: fifo, median, moasha, "
        "optuna_median, optuna_percentile, optuna_successive_halving, optuna_hyperband, wilcoxon, "
        "patient, "
        "threshold, asha\n");
  CHECK(with("asha\", \"variant\": \"promotion", net)
            .starts_with("scheduler/name: \"asha\" pauses trials, but trainable \"net\""));
  CHECK(with("bohb", net).starts_with("scheduler/name: \"bohb\" pauses trials"));
  CHECK(with("asha", net).empty());
  CHECK(with("median", net).empty());
  CHECK(with("hyperband", R"({"name": "free"})").empty());
}

TEST_CASE("a trainable with checkpoints takes every scheduler") {
  trainable t{.name = "saves", .train = [](trial&) {}};
  t.parameters = {{"lr", parameter::kind::real, {}, {}, {}, ""}};
  t.checkpoints = true;
  const auto known = registry{}.add(std::move(t));
  CHECK_NOTHROW(parse_study(R"({"trainable": {"name": "saves"}, "metric": "loss",
                                "space": {"lr": 1}, "scheduler": {"name": "hyperband"}})",
                            "s.json", {}, &known));
}

TEST_CASE("whether a trainable has checkpoints may depend on its options") {
  trainable t{.name = "saves", .train = [](trial&) {}};
  t.parameters = {{"lr", parameter::kind::real, {}, {}, {}, ""}};
  t.options = {{"saving", parameter::kind::boolean, {}, {}, nullptr, ""}};
  t.checkpoints_if = [](const boost::json::object& options) { return options.contains("saving"); };
  const auto known = registry{}.add(std::move(t));
  const auto parse = [&known](const std::string& options) {
    parse_study(R"({"trainable": {"name": "saves")" + options + R"(}, "metric": "loss",
                    "space": {"lr": 1}, "scheduler": {"name": "hyperband"}})",
                "s.json", {}, &known);
  };
  CHECK_NOTHROW(parse(R"(, "saving": true)"));
  CHECK_THROWS_AS(parse(""), invalid_study);
}

TEST_CASE("every law is checked against the kind and range of its parameter") {
  const auto width = [](const std::string& law) {
    const auto text = faults(R"({"lr": 0.1, "width": )" + law + "}");
    const auto may_be = text.find("this may be ");
    return may_be == text.npos ? text : text.substr(may_be + 12, text.size() - may_be - 13);
  };
  const auto lr = [](const std::string& law) {
    const auto text = faults(R"({"width": 4, "lr": )" + law + "}");
    const auto may_be = text.find("this may be ");
    return may_be == text.npos ? text : text.substr(may_be + 12, text.size() - may_be - 13);
  };
  CHECK(width(R"({"quniform": [8, 64, 8]})").empty());
  CHECK(width(R"({"quniform": [0.5, 64, 0.5]})") == "numbers with a fraction");
  CHECK(width(R"({"quniform": [0, 64, 8]})") == "0");
  CHECK(width(R"({"qloguniform": [8, 2048, 8]})") == "2048");
  CHECK(width(R"({"randn": [8, 1]})") == "numbers with a fraction");
  CHECK(width(R"({"qrandn": [8, 1, 1]})") == "any number");
  CHECK(width(R"({"qrandint": [1, 1030, 4]})") == "1028");
  CHECK(width(R"({"qrandint": [1, 1025, 1]})").empty());
  CHECK(width(R"({"lograndint": [1, 1025]})").empty());
  CHECK(width(R"({"lograndint": [1, 1026]})") == "1025");
  CHECK(width(R"({"qlograndint": [1, 2000, 512]})") == "1536");
  CHECK(width(R"({"int": {"low": 1, "high": 1025}})") == "1025");
  CHECK(width(R"({"float": {"low": 1, "high": 9, "step": 2}})").empty());
  CHECK(width(R"({"float": {"low": 1, "high": 9}})") == "numbers with a fraction");
  CHECK(width(R"({"grid_search": [4, {"uniform": [0, 1]}, 8.5]})") == "8.5");
  CHECK(width(R"({"expr": "'unknown'"})").empty());
  CHECK(lr(R"({"float": {"low": 0, "high": 1}})") == "0");
  CHECK(lr(R"({"int": {"low": 1, "high": 2}})").empty());
  CHECK(lr(R"({"randn": []})") == "any number");
  CHECK(lr(R"({"qloguniform": [0.5, 2, 0.5]})").empty());
}

TEST_CASE("a parameter that the trainable always reads has no conditions") {
  CHECK(faults(R"({"k": {"choice": [0, 1]}, "width": 4, "lr": {"const": 1, "when": {"k": 1}}})",
               R"("metric": "loss")")
            .find("space/lr: trainable \"net\" always reads this, so it cannot have \"when\"") !=
        std::string::npos);
}

TEST_CASE("a trainable may judge a study itself, once its options are of the right kinds") {
  trainable t{.name = "judge", .train = [](trial&) {}};
  t.options = {{"words", parameter::kind::texts, {}, {}, nullptr, ""},
               {"named", parameter::kind::named_texts, {}, {}, nullptr, ""}};
  t.check = [](const study& s) {
    return std::vector<study_problem>{{"trainable/words/1", "does not suit " + s.metric}};
  };
  const auto known = registry{}.add(std::move(t));
  const auto said = [&](const std::string& options, const std::string& more = "") {
    try {
      parse_study(R"({"metric": "loss", "trainable": {"name": "judge", )" + options + "}" + more +
                      "}",
                  "s.json", {}, &known);
      return std::string{};
    } catch (const invalid_study& e) {
      return std::string{e.what()};
    }
  };
  CHECK(said(R"("words": ["a", "b"])") == "s.json:1:66: trainable/words/1: does not suit loss");
  CHECK(said(R"("words": ["a", 3])") == "s.json:1:66: trainable/words/1: must be a text; found 3");
  CHECK(said(R"("words": "a")") ==
        "s.json:1:51: trainable/words: must be a list of texts; found the text \"a\"");
  CHECK(said(R"("named": {"a": 3})") == "s.json:1:61: trainable/named/a: must be a text; found 3");
  CHECK(said(R"("named": {"a_token": 3})") ==
        "s.json:1:61: trainable/named/a_token: must be a text; found a secret, which is not shown");
  CHECK(said(R"("named": {"a": "b"})", R"(, "scheduler": {"name": "hyperband"})")
            .find("\"hyperband\" pauses trials, but trainable \"judge\"") != std::string::npos);
}

TEST_CASE("a trainable without a name is a command, and is written without it") {
  const auto s = parse_study(R"({"metric": "loss", "trainable": {"command": ["sh"]}})", "s.json");
  CHECK(s.trainable.name == "command");
  CHECK(to_json(s).at("trainable") == boost::json::parse(R"({"command": ["sh"]})"));
  CHECK_THROWS_AS(parse_study(R"({"metric": "loss", "trainable": {"env": {}}})", "s.json"),
                  invalid_study);
}

TEST_CASE(
    "an option without a fallback is needed, and one whose fallback is null may be left out") {
  trainable t{.name = "net", .train = [](trial&) {}};
  t.parameters = {{"lr", parameter::kind::real, {}, {}, nullptr, ""}};
  t.options = {{"corpus", parameter::kind::text, {}, {}, {}, "where the texts are"},
               {"seed", parameter::kind::integer, {}, {}, nullptr, ""},
               {"workers", parameter::kind::integer, 1, {}, 4, ""}};
  const auto known = registry{}.add(std::move(t));
  const auto parse = [&](const char* trained) {
    return parse_study(std::string{R"({"metric": "m", "space": {}, "trainable": )"} + trained + "}",
                       "s.json", {}, &known);
  };
  CHECK_THROWS_WITH_AS(parse(R"({"name": "net"})"),
                       "s.json:1:30: trainable/corpus: is missing: trainable \"net\" wants a text "
                       "(where the texts are)",
                       invalid_study);
  const auto s = parse(R"({"name": "net", "corpus": "here"})");
  CHECK(s.trainable.options == boost::json::object{{"corpus", "here"}});
  CHECK_FALSE(s.space.find("lr"));
}
