#include "data/download.hpp"
#include "download_fixture.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <utility>

using namespace troupe;

namespace {

/// Whatever proxy the environment names, the server of these tests is reached without.
[[maybe_unused]] const auto no_proxy = ::setenv("no_proxy", "127.0.0.1", 1);

/// Answers the first request with `first`, all others with `then`.
http_server::handler first_and_then(http_answer first, http_answer then) {
  return [first, then, begun = false](const http_request&) mutable {
    return std::exchange(begun, true) ? then : first;
  };
}

http_server::handler always(http_answer answer) {
  return [answer](const http_request&) { return answer; };
}

} // namespace

TEST_CASE("an archive is downloaded, unpacked and removed") {
  const download it;
  const http_server server{always(it.whole())};
  it.fetch(server);
  CHECK(it.complete());
  CHECK(server.requests().size() == 1);
  CHECK_FALSE(server.requests()[0].begin);
}

TEST_CASE("what is there already is not downloaded again") {
  const download it;
  const http_server server{always(it.whole())};
  it.fetch(server);
  it.fetch(server);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a data folder that does not exist, or is a symbolic link, will do") {
  const download it;
  const http_server server{always(it.whole())};
  const auto source = it.source(server.url("/small.tar.gz"));
  fetch_archive(source, it.dir / "new/folder", {}, [](std::string_view) {});
  CHECK(read_cifar10(it.dir / "new/folder" / cifar10_folder).train.size() == 2);
  create_directory(it.dir / "target");
  create_symlink("target", it.dir / "link");
  fetch_archive(source, it.dir / "link", {}, [](std::string_view) {});
  CHECK(read_cifar10(it.dir / "target" / cifar10_folder).train.size() == 2);
}

TEST_CASE("a download tells what it does and how far it is") {
  download it;
  it.limits.first_word = {};
  const http_server server{always(it.whole())};
  std::string said;
  fetch_archive(it.source(server.url("/small.tar.gz")), it.dir.path(), it.limits,
                [&](std::string_view line) { said.append(line).append("\n"); });
  CHECK(has_all(said, {server.url("/small.tar.gz"), it.dir.path().string(),
                       "small.tar.gz: ", " % (", "MB/s)", "unpacking small.tar.gz"}));
}

TEST_CASE("a download that is cut off is an error, and the next one fetches only the rest") {
  const download it;
  auto half = it.whole();
  half.sent = it.archive.size() / 2;
  const http_server server{first_and_then(half, it.whole())};
  CHECK(has_all(it.message(server), {server.url("/small.tar.gz"), "could not be downloaded",
                                     "what has arrived is kept", "--data-dir"}));
  CHECK_FALSE(exists(it.folder()));
  CHECK(file_size(it.part()) == half.sent);
  it.fetch(server);
  CHECK(it.complete());
  CHECK(server.requests()[1].begin == half.sent);
}

TEST_CASE("a server that cannot send the rest alone sends all again") {
  const download it;
  auto half = it.whole(), whole = it.whole();
  half.sent = it.archive.size() / 2;
  whole.ranges = false;
  const http_server server{first_and_then(half, whole)};
  CHECK(it.message(server) != "(no error)");
  it.fetch(server);
  CHECK(it.complete());
}

TEST_CASE("an archive that was downloaded but not unpacked is not downloaded again") {
  const download it;
  write_file(it.part(), it.archive);
  const http_server server{always({.status = 404})};
  it.fetch(server);
  CHECK(it.complete());
  CHECK(server.requests().empty());
}

TEST_CASE("an archive with a wrong checksum is removed, and nothing of it unpacked") {
  const download it;
  auto other = it.whole();
  other.body[other.body.size() / 2] ^= 1;
  const http_server server{first_and_then(other, it.whole())};
  CHECK(has_all(it.message(server),
                {"SHA-256", sha256_hex(other.body), sha256_hex(it.archive), "removed"}));
  CHECK_FALSE(exists(it.folder()));
  CHECK_FALSE(exists(it.part()));
  it.fetch(server);
  CHECK(it.complete());
}

TEST_CASE("a rest that does not belong to the beginning is removed") {
  const download it;
  write_file(it.part(), std::string(100, 'x'));
  const http_server server{always(it.whole())};
  CHECK(has_all(it.message(server), {"SHA-256"}));
  it.fetch(server);
  CHECK(it.complete());
}

TEST_CASE("content of another size is refused and leaves alone what was there") {
  const download it;
  const std::string page = "<html>please log in</html>";
  const http_server server{always({.body = page, .ranges = false})};
  SUBCASE("nothing was there") {
    CHECK(has_all(it.message(server), {"offers 26 bytes instead of"}));
    CHECK_FALSE(exists(it.part()));
  }
  SUBCASE("half of it was there") {
    write_file(it.part(), it.archive.substr(0, 1000));
    CHECK(has_all(it.message(server), {"offers 26 bytes instead of"}));
    CHECK(file_size(it.part()) == 1000);
  }
  CHECK_FALSE(exists(it.folder()));
}

TEST_CASE("content of another size is removed if that shows only at its end") {
  const download it;
  auto other = it.whole();
  other.length = false;
  SUBCASE("too long") {
    other.body += "more";
    const http_server server{always(other)};
    CHECK(has_all(it.message(server), {"sends more than", "bytes"}));
  }
  SUBCASE("too short") {
    other.body.pop_back();
    const http_server server{always(other)};
    CHECK(has_all(it.message(server), {"bytes instead of"}));
  }
  CHECK_FALSE(exists(it.part()));
  CHECK_FALSE(exists(it.folder()));
}

TEST_CASE("more than there should be in the folder is not resumed but fetched anew") {
  const download it;
  write_file(it.part(), it.archive + "more");
  const http_server server{always(it.whole())};
  it.fetch(server);
  CHECK(it.complete());
  CHECK_FALSE(server.requests()[0].begin);
}

TEST_CASE("a server's file that ends before the part that is there is an error, once") {
  const download it;
  write_file(it.part(), it.archive.substr(0, 1000));
  const http_server server{first_and_then({.body = "short"}, it.whole())};
  CHECK(has_all(it.message(server), {"416"}));
  CHECK_FALSE(exists(it.part()));
  it.fetch(server);
  CHECK(it.complete());
}

TEST_CASE("an archive that is not there is an error that names what to do") {
  const download it;
  const http_server server{always({.status = 404, .body = "no such page"})};
  CHECK(has_all(it.message(server), {server.url("/small.tar.gz"), "404", "yourself",
                                     it.folder().string(), "--data-dir"}));
  CHECK_FALSE(has_all(it.message(server), {"is kept"}));
  CHECK_FALSE(exists(it.folder()));
}

TEST_CASE("a download that stalls is given up") {
  download it;
  it.limits.stall = std::chrono::milliseconds{50};
  auto stalled = it.whole();
  stalled.sent = 20;
  stalled.hold = true;
  const http_server server{first_and_then(stalled, it.whole())};
  CHECK(has_all(it.message(server), {"stalled", "is kept"}));
  CHECK(file_size(it.part()) == 20);
  it.limits.stall = transfer_limits{}.stall;
  it.fetch(server);
  CHECK(it.complete());
}

TEST_CASE("a server that does not answer is an error") {
  const download it;
  std::string url;
  {
    const http_server gone{always({})};
    url = gone.url("/small.tar.gz");
  }
  CHECK(has_all(message_of([&] { it.fetch(it.source(url)); }), {url, "connect", "--data-dir"}));
}

TEST_CASE("a redirection is followed on the web, but nowhere else") {
  const download it;
  const http_server server{[&](const http_request& request) -> http_answer {
    if (request.target == "/small.tar.gz")
      return {.status = 302, .body = "moved", .location = "/elsewhere"};
    if (request.target == "/elsewhere") return it.whole();
    return {.status = 302, .location = request.target.substr(1)};
  }};
  for (const auto* elsewhere : {"file:///etc/passwd", "ftp://127.0.0.1:1/small.tar.gz"}) {
    const auto source = it.source(server.url("/") + elsewhere);
    CHECK(has_all(message_of([&] { it.fetch(source); }), {"not supported"}));
  }
  it.fetch(server);
  CHECK(it.complete());
}

TEST_CASE("a full disk is an error that says so") {
  const download it;
  create_symlink("/dev/full", it.part());
  const http_server server{always(it.whole())};
  CHECK(has_all(it.message(server), {it.part().string(), "No space left", "--data-dir"}));
}

TEST_CASE("a folder that cannot be made or written to is an error that says so") {
  const download it;
  write_file(it.dir / "file", "");
  const auto fetch_into = [&](const std::filesystem::path& dir) {
    return message_of([&] { fetch_archive(it.source("http://127.0.0.1:1/x"), dir, {}, {}); });
  };
  CHECK(has_all(fetch_into(it.dir / "file"), {(it.dir / "file").string(), "--data-dir"}));
  CHECK(has_all(fetch_into(it.dir / "file/below"),
                {(it.dir / "file/below").string(), "Not a directory", "--data-dir"}));
  CHECK(has_all(fetch_into("/proc"), {"/proc/", "cannot be created", "--data-dir"}));
}

TEST_CASE("an exception of the listener ends the download and comes out") {
  download it;
  it.limits.first_word = {};
  const http_server server{always(it.whole())};
  CHECK_THROWS_AS(fetch_archive(it.source(server.url("/small.tar.gz")), it.dir.path(), it.limits,
                                [](std::string_view line) {
                                  if (has_all(line, {"MB/s"})) throw std::logic_error{"enough"};
                                }),
                  std::logic_error);
}
