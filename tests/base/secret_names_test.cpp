#include "base/secret_names.hpp"

#include <doctest/doctest.h>

using namespace troupe;

TEST_CASE("a name is a secret's by its words, whatever their case and however they are joined") {
  for (const auto* name : {"token",          "TOKEN",           "api_token",
                           "HF_TOKEN",       "authToken",       "authtoken",
                           "wandb-token",    "token2",          "key",
                           "api_key",        "apikey",          "apiKey",
                           "API-KEY",        "AWS_ACCESS_KEY",  "AWS_SECRET_ACCESS_KEY",
                           "APIKEY_1",       "API_KEY_2",       "api_keys",
                           "access_tokens",  "password",        "db_password",
                           "PGPASSWORD",     "passwd",          "passwords",
                           "ssh_passphrase", "secret",          "SECRETS",
                           "client_secret",  "clientSecret",    "secret_id",
                           "password_text",  "credential",      "credentials",
                           "AwsCredentials", "service.password"}) {
    CAPTURE(name);
    CHECK(names_secret(name));
  }
}

TEST_CASE("a name that only resembles one of a secret's is none") {
  for (const auto* name :
       {"",         "_",          "42",         "monkey",      "turkey",    "donkeys",
        "hockey",   "keep",       "keys",       "keyboard",    "key_size",  "keyframes",
        "num_keys", "tokens",     "max_tokens", "token_count", "tokenizer", "tokenize",
        "pass",     "passes",     "PWD",        "path",        "compass",   "secretary",
        "lr",       "batch_size", "data",       "keepalive",   "\xc3\xa9"}) {
    CAPTURE(name);
    CHECK_FALSE(names_secret(name));
  }
}

TEST_CASE("a text is shown up to the first name of a secret that something follows") {
  CHECK(without_secrets("trainable/api_token=abc") == "trainable/api_token=…");
  CHECK(without_secrets("--set=trainable/api_token=abc") == "--set=trainable/api_token=…");
  CHECK(without_secrets("trainable/api_token:abc") == "trainable/api_token…");
  CHECK(without_secrets(R"({"user": "me", "password": "abc"})") == R"({"user": "me", "password…)");
  CHECK(without_secrets("trainable/api_token") == "trainable/api_token");
  CHECK(without_secrets("num_samples=3") == "num_samples=3");
  CHECK(without_secrets("--") == "--");
  CHECK(without_secrets("") == "");
}
