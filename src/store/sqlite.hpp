#pragma once

#include <troupe/errors.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

/// The part of SQLite that Troupe needs, with owners for its handles. One thread at a time.
namespace troupe::sqlite {

/// Returns `file` as SQLite has to be told it, lest it takes a relative "file:x" for a URI.
std::string plain_name(const std::filesystem::path& file);

/// SQLite has refused something. The message names the file, says what SQLite said and, where there
/// is one, the remedy.
class error : public folder_error {
public:
  error(const std::string& message, int code) : folder_error{message}, code_{code} {}

  /// Returns SQLite's primary result code: SQLITE_FULL, SQLITE_BUSY, …
  int code() const noexcept { return code_; }

private:
  int code_;
};

/// To read, a file is opened as it may be, also for writing: SQLite then puts in order what a
/// writer has left that has died. What is executed cannot change it.
///
/// Mode `alone` is to write where no memory can be shared, on network file systems: nobody else can
/// open the file meanwhile, as far as the file system knows locks. Where it does not, the caller
/// must have seen to it that nobody does.
enum class open_mode : std::uint8_t { read, write, create, alone };

/// An open database file.
class database {
public:
  /// Opens `file`; waits up to ten seconds whenever another process has locked it. Mode `create`
  /// creates the file if needed, the others do not. Throws error.
  database(const std::filesystem::path& file, open_mode mode);

  /// Runs SQL text, any number of statements, without results. Throws error.
  void execute(const std::string& sql);

  /// Ends mode `alone`, and leaves one file, if there is no write-ahead log. Throws error.
  void let_others_in();

  /// Makes closing leave alone what is beside the file: it may be another's that has the same name.
  void close_without_trace() noexcept;

  /// Waits until the write-ahead log, or the rollback journal, survives a power cut.
  void sync_log();

  /// Returns the single integer that `sql` selects; none if it selects nothing, or NULL. Throws
  /// error.
  std::optional<std::int64_t> select_integer(std::string_view sql);

  /// Returns the database as the bytes of a file. Throws error.
  std::string image() const;

  const std::filesystem::path& file() const noexcept { return file_; }

  /// Says what messages call the file.
  void rename(std::filesystem::path file) { file_ = std::move(file); }

private:
  friend class statement;
  [[noreturn]] void fail(int code) const;

  struct closer {
    void operator()(sqlite3*) const noexcept;
  };
  std::filesystem::path file_;
  std::unique_ptr<sqlite3, closer> handle_;
};

/// A prepared statement, to be run any number of times. Must not outlive its database.
class statement {
public:
  /// Throws error.
  statement(const database& db, std::string_view sql);

  /// Binds the parameters, numbered from 1. Text must live until the statement is reset.
  /// @{
  statement& bind(int index, std::int64_t value);
  statement& bind(int index, std::optional<std::int64_t> value);
  statement& bind(int index, std::string_view value);
  statement& bind_real(int index, std::optional<double> value); ///< None, and NaN, are NULL.
  statement& bind_blob(int index, std::string_view bytes);
  /// @}

  /// Goes to the next row; returns false at the end. Throws error.
  bool step();

  /// Runs to the end and resets. Throws error.
  void run();

  /// Makes ready to run again; ends the read transaction of a select.
  void reset() noexcept;

  /// Reads a column of the current row, numbered from 0.
  /// @{
  std::int64_t integer(int column) const noexcept;
  std::optional<std::int64_t> optional_integer(int column) const noexcept;
  double real(int column) const noexcept;
  std::string_view text(int column) const noexcept; ///< Valid until the next step or reset,
  std::string_view blob(int column) const noexcept; ///< as this is.
  /// @}

private:
  void check(int code) const;

  struct finalizer {
    void operator()(sqlite3_stmt*) const noexcept;
  };
  const database* database_;
  std::unique_ptr<sqlite3_stmt, finalizer> handle_;
};

/// A write transaction: rolled back with the object unless it is committed.
class transaction {
public:
  /// Begins. Throws error.
  explicit transaction(database& db);
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  ~transaction();

  /// Throws error; the transaction is then rolled back.
  void commit();

private:
  database& database_;
  bool open_ = true;
};

} // namespace troupe::sqlite
