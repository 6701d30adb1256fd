#include "data/http_fetch.hpp"

#include "base/file_handle.hpp"
#include "data/transfer_watch.hpp"

#include <troupe/errors.hpp>

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <exception>
#include <fcntl.h>
#include <memory>
#include <system_error>

namespace troupe {
namespace {

namespace fs = std::filesystem;

void initialise_curl() {
  static const auto status = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (status != CURLE_OK)
    throw transfer_error{fmt::format("libcurl cannot start: {}", curl_easy_strerror(status))};
}

class transfer {
public:
  transfer(const std::string& url, std::uint64_t bytes, const fs::path& file,
           const transfer_limits& limits, const std::function<void(std::string_view)>& say)
      : bytes_{bytes},
        path_{file},
        file_{::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666)},
        watch_{limits, bytes, say} {
    if (!file_) refuse_file(errno);
    find_start();
    set_up(url, limits);
  }

  void run() {
    if (received_ == bytes_) return;
    watch_.start(received_);
    const auto status = curl_easy_perform(curl_.get());
    if (failure_) std::rethrow_exception(failure_);
    if (status != CURLE_OK) fail(status);
    if (received_ != bytes_)
      discard(fmt::format("the server sent {} bytes instead of {}", received_, bytes_));
  }

private:
  struct closer {
    void operator()(CURL* curl) const noexcept { curl_easy_cleanup(curl); }
  };

  [[noreturn]] void refuse_file(int error) const {
    throw data_error{fmt::format("{}: cannot be written ({}); free some space, or name another "
                                 "folder with --data-dir",
                                 path_.string(), std::generic_category().message(error))};
  }

  [[noreturn]] void discard(const std::string& why) const {
    fs::remove(path_);
    throw transfer_error{why};
  }

  [[noreturn]] void fail(CURLcode status) {
    std::string reason = message_[0] ? message_.data() : curl_easy_strerror(status);
    if (status == CURLE_PEER_FAILED_VERIFICATION || status == CURLE_SSL_CACERT_BADFILE)
      reason += "; are root certificates installed (apt-get install ca-certificates)?";
    constexpr long range_not_satisfiable = 416;
    if (ask<long>(CURLINFO_RESPONSE_CODE) == range_not_satisfiable) discard(reason);
    throw transfer_error{reason};
  }

  void find_start() {
    const auto size = ::lseek(file_.descriptor(), 0, SEEK_END);
    if (size < 0) refuse_file(errno);
    received_ = static_cast<std::uint64_t>(size);
    if (received_ > bytes_) restart_file();
  }

  void restart_file() {
    if (::ftruncate(file_.descriptor(), 0) != 0) refuse_file(errno);
    ::lseek(file_.descriptor(), 0, SEEK_SET);
    received_ = 0;
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    const auto status = curl_easy_setopt(curl_.get(), option, value);
    if (status != CURLE_OK) throw transfer_error{curl_easy_strerror(status)};
  }

  template <class Value>
  Value ask(CURLINFO what) const {
    Value value{};
    curl_easy_getinfo(curl_.get(), what, &value);
    return value;
  }

  void set_up(const std::string& url, const transfer_limits& limits) {
    set(CURLOPT_ERRORBUFFER, message_.data());
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_USERAGENT, "troupe");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https"); // Of redirections too.
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, 5L);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
    set(CURLOPT_WRITEFUNCTION, &transfer::on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &transfer::on_progress);
    set(CURLOPT_XFERINFODATA, this);
    if (received_ > 0) set(CURLOPT_RANGE, fmt::format("{}-", received_).c_str());
  }

  /// Runs `step`, keeping its exception: none may pass through libcurl. Returns whether it had
  /// none.
  template <class Step>
  bool attempt(Step step) noexcept {
    try {
      step();
    } catch (...) {
      failure_ = std::current_exception();
    }
    return !failure_;
  }

  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
    auto& me = *static_cast<transfer*>(self);
    return me.attempt([&] { me.receive(data, size); }) ? size : CURL_WRITEFUNC_ERROR;
  }

  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
    auto& me = *static_cast<transfer*>(self);
    return me.attempt([&] { me.watch_.look(me.received_); }) ? 0 : 1;
  }

  /// Decides by the answer's head where its body belongs. An answer of another length than expected
  /// (a provider's log-in page, say) leaves alone what is there already.
  void begin_body() {
    constexpr long partial_content = 206;
    const auto resumed = ask<long>(CURLINFO_RESPONSE_CODE) == partial_content;
    const auto length = ask<curl_off_t>(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
    const auto end = (resumed ? received_ : 0) + static_cast<std::uint64_t>(length);
    if (length >= 0 && end != bytes_)
      throw transfer_error{fmt::format("the server offers {} bytes instead of {}", end, bytes_)};
    if (!resumed && received_ > 0) restart_file();
    begun_ = true;
  }

  void receive(const char* data, std::size_t size) {
    if (!begun_) begin_body();
    if (size > bytes_ - received_)
      discard(fmt::format("the server sends more than {} bytes", bytes_));
    while (size > 0) {
      const auto written = ::write(file_.descriptor(), data, size);
      if (written < 0) {
        if (errno == EINTR) continue;
        refuse_file(errno);
      }
      data += written;
      size -= static_cast<std::size_t>(written);
      received_ += static_cast<std::uint64_t>(written);
    }
  }

  std::uint64_t bytes_;
  std::uint64_t received_ = 0; ///< The length of the file.
  bool begun_ = false;
  fs::path path_;
  file_handle file_;
  transfer_watch watch_;
  std::array<char, CURL_ERROR_SIZE> message_{};
  std::exception_ptr failure_;
  std::unique_ptr<CURL, closer> curl_{curl_easy_init()};
};

} // namespace

void fetch(const std::string& url, std::uint64_t bytes, const fs::path& file,
           const transfer_limits& limits, const std::function<void(std::string_view)>& say) {
  initialise_curl();
  transfer{url, bytes, file, limits, say}.run();
}

} // namespace troupe
