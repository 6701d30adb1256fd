#include "base/json.hpp"
#include "study/faults_of.hpp"
#include "study/secrets.hpp"

#include <troupe/study.hpp>
#include <troupe/trainable.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace troupe;

namespace {

const std::string value = "hunter2";

/// A study whose trainable has a secret in every corner of its options.
study with_secrets() {
  return parse_study(R"({"metric": "loss", "trainable": {"name": "net", "data": "synthetic",
    "api_token": "hunter2", "password": 1234,
    "env": {"PATH": "/bin", "HF_TOKEN": "hunter2"},
    "clients": [{"user": "me", "key": ["hunter2"]}, 3],
    "credentials": {"user": "me", "word": "hunter2"},
    "token": null, "use_key": true, "secret": ""}})",
                     "s.json");
}

/// Returns all faults of a study that is to train "net", which has options "api_token" and "port".
std::string faults_of_net(const std::string& options, const std::vector<std::string>& overrides) {
  trainable net{.name = "net", .train = [](trial&) {}};
  net.options = {{"api_token", parameter::kind::text, {}, {}, nullptr, ""},
                 {"port", parameter::kind::integer, {}, {}, nullptr, ""}};
  const auto known = registry{}.add(std::move(net));
  try {
    parse_study(R"({"metric": "loss", "trainable": {"name": "net")" + options + "}}", "s.json",
                overrides, &known);
    return {};
  } catch (const invalid_study& e) {
    return e.what();
  }
}

} // namespace

TEST_CASE(
    "a study is written without its secrets, at whatever depth, and says where they come from") {
  const auto s = with_secrets();
  CHECK(s.trainable.options.at("api_token") == "hunter2"); // the trainable gets it
  const auto written = to_json(s);
  CHECK(to_text(written).find(value) == std::string::npos);
  CHECK(to_text(written).find("1234") == std::string::npos);
  const auto& options = written.at("trainable").as_object();
  CHECK(to_text(options.at("api_token")) ==
        R"({"$secret": "not stored: give it again, as with --set trainable/api_token=VALUE"})");
  CHECK(to_text(options.at("env").at("HF_TOKEN")).find("--set trainable/env/HF_TOKEN=VALUE") !=
        std::string::npos);
  CHECK(to_text(options.at("clients").at(0).at("key")).find("trainable/clients/0/key=") !=
        std::string::npos);
  CHECK(options.at("data") == "synthetic");
  CHECK(options.at("env").at("PATH") == "/bin");
  CHECK(options.at("clients").at(0).at("user") == "me");
  CHECK(options.at("clients").at(1) == 3);
}

TEST_CASE("what betrays nothing stays, though its name is a secret's") {
  const auto options = to_json(with_secrets()).at("trainable").as_object();
  CHECK(options.at("token").is_null());
  CHECK(options.at("use_key") == true);
  CHECK(options.at("secret") == "");
}

TEST_CASE("a study without its secrets can be read, and is written as it was read") {
  const auto written = to_text(to_json(with_secrets()));
  const auto again = parse_study(written, "study.json");
  CHECK(to_text(to_json(again)) == written);
  CHECK(missing_secrets(again.trainable.options) ==
        std::vector<std::string>{"trainable/api_token", "trainable/password",
                                 "trainable/env/HF_TOKEN", "trainable/clients/0/key",
                                 "trainable/credentials"});
  const auto given = parse_study(written, "study.json", {"trainable/env/HF_TOKEN=hunter2"});
  CHECK(given.trainable.options.at("env").at("HF_TOKEN") == "hunter2");
  CHECK(missing_secrets(given.trainable.options).size() == 4);
}

TEST_CASE("a trainable that wants a secret is told which one is missing") {
  const std::string stored = R"(, "api_token": {"$secret": "not stored"})";
  CHECK(faults_of_net(stored, {}) ==
        "s.json:1:49: trainable/api_token: is a secret, which is not stored with a study: give it "
        "again, as with --set trainable/api_token=VALUE");
  CHECK(faults_of_net(stored, {"trainable/api_token=hunter2"}).empty());
}

TEST_CASE("no fault shows a secret") {
  const std::string options[] = {
      R"(, "api_token": 77777)",
      R"(, "api_token": ["hunter2"])",
      R"(, "port": {"password": "hunter2"})",
      R"(, "port": "{\"password\": \"hunter2\"")",
  };
  for (const auto& option : options) {
    const auto said = faults_of_net(option, {});
    CAPTURE(said);
    CHECK_FALSE(said.empty());
    CHECK(said.find(value) == said.npos);
    CHECK(said.find("77777") == said.npos);
  }
  const std::string overrides[] = {
      "trainable/api_token/deeper=1",         "trainable/api_token hunter2",
      "trainable/api_token:hunter2",          R"(trainable={"name": "net", "api_token": "hunter2")",
      R"(trainable/name={"key": "hunter2"})", R"(trainable=["password", "hunter2"])",
  };
  for (const auto& override : overrides) {
    const auto said = faults_of_net(R"(, "api_token": "hunter2")", {override});
    CAPTURE(said);
    CHECK_FALSE(said.empty());
    CHECK(said.find(value) == said.npos);
  }
}

TEST_CASE("a parameter that is named like a secret is none, and that is warned of") {
  const auto s = parse_study(
      R"({"metric": "loss", "space": {"api_key": "abc", "net": {"token": {"choice": ["a", "b"]}},
                                      "lr": 0.1, "key_size": 3}})",
      "s.json");
  CHECK(to_text(to_json(s)).find("abc") != std::string::npos);
  CHECK(warning_of_secrets(s.space).find(": api_key, net/token; ") != std::string::npos);
  CHECK(warning_of_secrets(study{}.space).empty());
}
