#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// Returns whether what bears this name is nobody's business, whatever it is. Names are taken apart
/// at everything but letters and digits, and where small letters turn into capital ones; digits at
/// the end of a word do not count, nor does case. A name is a secret's
///
/// - if any of its words is, or ends like, `password`, `passwd`, `passphrase`, `secret`, or
///   `credential`, also in the plural: db_password, PGPASSWORD, clientSecret, secret_id;
/// - if its last word is `token` or `key`, or ends like `token`, `apikey`, `accesskey`, `authkey`,
///   `privatekey` or `secretkey`: token, HF_TOKEN, api_key, apiKey, authtoken;
/// - if its last word is the plural of those, and the one before says what they are for: api_keys,
///   access_tokens.
///
/// So monkey, keep, key_size, tokenizer, token_count and max_tokens are no secrets.
bool names_secret(std::string_view name);

/// Returns `text`, cut behind the first name of a secret in it, if anything comes after that, so
/// that it can be shown: `trainable/api_token=…`, `{"user": "me", "password…`. Names are made of
/// letters, digits, `_` and `-`.
std::string without_secrets(std::string_view text);

} // namespace troupe
