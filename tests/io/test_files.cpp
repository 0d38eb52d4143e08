// Files that are mapped, and files that are there whole or not at all.
#include <doctest/doctest.h>

#include <csignal>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xgrad/io/file.h>

#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;
using namespace xgrad::io;

namespace {

std::string open_error(const std::string& path) {
  return message_of([&] { const MappedFile file("load", path); });
}

void write_file(const std::string& path, std::string_view text) {
  AtomicFile file("save", path);
  file.write(text);
  file.commit();
}

}  // namespace

TEST_CASE("a mapped file has the bytes of the file") {
  const TemporaryFolder folder;
  write_bytes(folder / "a", "some bytes");
  const MappedFile file("load", folder / "a");
  CHECK(file.source().bytes == "some bytes");
}

TEST_CASE("what is no file to read is one error with the absolute path") {
  const TemporaryFolder folder;
  write_bytes(folder / "empty", "");
  CHECK(open_error(folder / "absent") == "load: " + (folder / "absent") + ": there is no such file");
  CHECK(open_error(folder / "empty") == "load: " + (folder / "empty") + ": the file is empty");
  CHECK(open_error(folder / "") == "load: " + (folder / "") + ": this is a folder, not a file");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(open_error(folder / "pipe") == "load: " + (folder / "pipe") + ": this is no regular file");
  CHECK(contains(open_error("relative"), std::filesystem::current_path().string() + "/relative"));
}

TEST_CASE("a cursor says in which file and at which byte the data end") {
  const Source source{"\x01\x02\x03\x04\x05", "load: /a/b", 100};
  Cursor in(source);
  CHECK(in.get<uint32_t>() == 0x04030201);
  CHECK(message_of([&] { in.get<uint16_t>(); }) ==
        "load: /a/b: at byte 104: the data end here, but 2 bytes are needed and 1 are left");
  CHECK(in.get<uint8_t>() == 5);
  CHECK(message_of([&] { in.bytes(UINT64_MAX); }) != "");
  CHECK(message_of([&] { in.seek(6); }) == "load: /a/b: at byte 106: this lies behind the end");
}

TEST_CASE("a written file takes the place of the old one and leaves nothing beside it") {
  const TemporaryFolder folder;
  write_file(folder / "a", "old");
  chmod((folder / "a").c_str(), 0640);
  write_file(folder / "a", "new");
  CHECK(read_bytes(folder / "a") == "new");
  CHECK(folder.count() == 1);
  struct stat status;
  REQUIRE(stat((folder / "a").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
}

TEST_CASE("a file that is not finished leaves the old one as it was") {
  const TemporaryFolder folder;
  write_file(folder / "a", "old");
  {
    AtomicFile file("save", folder / "a");
    file.write(std::string(100000, 'x'));
    CHECK(folder.count() == 2);
  }
  CHECK(read_bytes(folder / "a") == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("what a killed process left behind is used again, and what another one writes is not") {
  const TemporaryFolder folder;
  write_bytes(folder / ".a.0.tmp", "left behind");
  AtomicFile first("save", folder / "a"), second("save", folder / "a");
  CHECK(folder.count() == 2);
  first.write("first");
  second.write("second");
  first.commit();
  CHECK(read_bytes(folder / "a") == "first");
  second.commit();
  CHECK(read_bytes(folder / "a") == "second");
  CHECK(folder.count() == 1);
}

TEST_CASE("what is written through a link goes to where it points") {
  const TemporaryFolder folder;
  write_file(folder / "a", "old");
  std::filesystem::create_symlink(folder / "a", folder / "link");
  write_file(folder / "link", "new");
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(read_bytes(folder / "a") == "new");
}

TEST_CASE("a place that cannot be written is one error with the absolute path") {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& name) {
    return message_of([&] { write_file(folder / name, "x"); });
  };
  CHECK(error("") == "save: " + (folder / "") + ": this is a folder, not a file");
  CHECK(error("no/a") == "save: " + (folder / "no/a") + ": there is no folder " + (folder / "no"));
  write_bytes(folder / "file", "");
  CHECK(error("file/a") == "save: " + (folder / "file/a") + ": there is no folder " + (folder / "file"));
  CHECK(contains(error(std::string(300, 'n')), "File name too long"));
  CHECK(message_of([] { write_file("", "x"); }) == "save: the name of the file is empty");
  if (geteuid() != 0) {
    chmod((folder / "file").c_str(), 0400);
    CHECK(contains(error("file"), "Permission denied"));
  }
  CHECK(folder.count() == 1);
}

TEST_CASE("a full disk is one error, and the old file is as it was") {
  const TemporaryFolder folder;
  write_file(folder / "a", "old");
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string error = message_of([&] { write_file(folder / "a", std::string(1000000, 'x')); });
  const std::string at_the_end = message_of([&] { write_file(folder / "a", std::string(1001, 'x')); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(error == "save: " + (folder / "a") + ": it cannot be written: File too large");
  CHECK(at_the_end == error);
  CHECK(read_bytes(folder / "a") == "old");
  CHECK(folder.count() == 1);
}
