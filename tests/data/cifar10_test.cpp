#include "cifar_files.hpp"
#include "data/cifar10.hpp"
#include "messages.hpp"
#include "temp_dir.hpp"

#include <troupe/images.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace troupe;

namespace {

/// A set of two training files and a test file.
struct small_set {
  temp_dir dir;
  std::filesystem::path folder = dir / "cifar-10-batches-bin";

  small_set() {
    write_file(folder / "data_batch_1.bin", cifar_records({0, 9}));
    write_file(folder / "data_batch_2.bin", cifar_records({3}));
    write_file(folder / "test_batch.bin", cifar_records({7, 1}));
  }
  std::string message() const {
    return message_of([&] { read_cifar10(folder); });
  }
};

} // namespace

TEST_CASE("CIFAR-10's files are read in order, planes as they are") {
  const small_set files;
  const auto data = read_cifar10(files.folder);
  CHECK(data.train.labels == std::vector<std::uint8_t>{0, 9, 3});
  CHECK(data.test.labels == std::vector<std::uint8_t>{7, 1});
  REQUIRE(data.train.pixels.size() == 3 * image_set::bytes_per_image);
  CHECK(data.train.pixels[0] == 1);
  CHECK(data.train.pixels[3071] == 3072 % 256);
  CHECK(data.train.pixels[3072] == 10);
  CHECK(data.train.pixels[2 * 3072 + 1024] == (3 + 1025) % 256);
  CHECK(data.test.pixels[3072] == 2);
}

TEST_CASE("CIFAR-10 has up to five training files") {
  const small_set files;
  for (const auto* name : {"data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"})
    write_file(files.folder / name, cifar_records({5}));
  write_file(files.folder / "data_batch_6.bin", cifar_records({6}));
  CHECK(read_cifar10(files.folder).train.labels == std::vector<std::uint8_t>{0, 9, 3, 5, 5, 5});
}

TEST_CASE("a training file missing in between is an error that names it") {
  const small_set files;
  write_file(files.folder / "data_batch_4.bin", cifar_records({5}));
  CHECK(has_all(files.message(),
                {"data_batch_3.bin: is missing, but data_batch_4.bin is there", "remove"}));
  remove(files.folder / "data_batch_1.bin");
  CHECK(has_all(files.message(), {"data_batch_1.bin: is missing, but data_batch_2.bin is there"}));
}

TEST_CASE("CIFAR-10 without any training file, or without the test file, is an error") {
  const small_set files;
  remove(files.folder / "test_batch.bin");
  CHECK(has_all(files.message(), {"test_batch.bin: is missing", files.folder.string()}));
  remove(files.folder / "data_batch_1.bin");
  remove(files.folder / "data_batch_2.bin");
  CHECK(has_all(files.message(), {"data_batch_1.bin: is missing;"}));
}

TEST_CASE("a CIFAR-10 file that is cut off names the record") {
  const small_set files;
  write_file(files.folder / "data_batch_2.bin", cifar_records({3, 4}).substr(0, 3073 + 100));
  CHECK(has_all(files.message(), {"data_batch_2.bin: is truncated: record 1 (from 0) ends after "
                                  "100 of 3073 bytes"}));
  write_file(files.folder / "data_batch_2.bin", cifar_records({3}).substr(0, 3072));
  CHECK(has_all(files.message(), {"record 0 (from 0) ends after 3072 of 3073 bytes"}));
}

TEST_CASE("an empty CIFAR-10 file is an error") {
  const small_set files;
  write_file(files.folder / "test_batch.bin", "");
  CHECK(has_all(files.message(), {"test_batch.bin: is empty"}));
}

TEST_CASE("a label beyond 9 is an error that names file, record and byte") {
  const small_set files;
  write_file(files.folder / "data_batch_1.bin", cifar_records({0, 1, 10}));
  CHECK(
      has_all(files.message(),
              {"data_batch_1.bin: record 2 (from 0, at byte 6146) has the label 10, not 0 to 9"}));
  write_file(files.folder / "data_batch_1.bin", cifar_records({255}));
  CHECK(has_all(files.message(), {"record 0 (from 0, at byte 0) has the label 255"}));
}

TEST_CASE("a folder in the place of a CIFAR-10 file is an error") {
  const small_set files;
  remove(files.folder / "test_batch.bin");
  create_directory(files.folder / "test_batch.bin");
  CHECK(has_all(files.message(), {"test_batch.bin", "directory"}));
}

TEST_CASE("a smaller CIFAR-10 is loaded from the data folder without a download") {
  const small_set files;
  const auto data = load_images({.kind = "cifar-10", .data_dir = files.dir.path()}, {});
  CHECK(data.train.size() == 3);
  CHECK(data.test.size() == 2);
}

TEST_CASE("a subset is the first images") {
  const small_set files;
  const auto data = load_images(
      {.kind = "cifar-10", .data_dir = files.dir.path(), .train_images = 2, .test_images = 1}, {});
  CHECK(data.train.labels == std::vector<std::uint8_t>{0, 9});
  CHECK(data.train.pixels.size() == 2 * image_set::bytes_per_image);
  CHECK(data.test.labels == std::vector<std::uint8_t>{7});
}

TEST_CASE("a subset larger than the set is an error with both numbers") {
  const small_set files;
  image_request request{.kind = "cifar-10", .data_dir = files.dir.path(), .train_images = 4};
  CHECK(has_all(message_of([&] { load_images(request, {}); }),
                {"4 training images were asked for, but there are 3"}));
  request.train_images = 0;
  request.test_images = 3;
  CHECK(has_all(message_of([&] { load_images(request, {}); }),
                {"3 test images were asked for, but there are 2"}));
}

TEST_CASE("--data-dir on the folder of the files itself is answered with the right folder") {
  const small_set files;
  CHECK(has_all(message_of([&] { load_images({.data_dir = files.folder}, {}); }),
                {files.folder.string(), "--data-dir", "contains cifar-10-batches-bin"}));
}

TEST_CASE("images of an unknown kind are an error that names the known ones") {
  CHECK(has_all(message_of([] { load_images({.kind = "imagenet"}, {}); }),
                {"imagenet", "cifar-10", "fashion-mnist", "synthetic"}));
}
