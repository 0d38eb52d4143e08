// Compiled together with the files of the library that use zlib, libpng and libjpeg, which here do not know
// them.
#include <doctest/doctest.h>

#include <xgrad/io/gzip.h>
#include <xgrad/xgrad.h>

#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;

TEST_CASE("a build without zlib, libpng and libjpeg says in one line what a file takes") {
  const std::string pictures = XGRAD_TESTS_DIR "/data/recorded/";
  const TemporaryFolder folder;
  const auto check = [](const std::string& error, const std::string& what) {
    CAPTURE(error);
    CHECK(contains(error, what + ", and xgrad was built without"));
    CHECK_EQ(error.find('\n'), std::string::npos);
  };
  check(message_of([&] { data::read_image(pictures + "color.png"); }), "color.png: at byte 0: this is a PNG");
  check(message_of([&] { data::read_image(pictures + "color.jpg"); }),
        "color.jpg: at byte 0: this is a JPEG");
  check(message_of([&] { load_npz(recorded("compressed.npz")); }), "this is compressed");
  check(message_of([&] { io::ExpandedFile("load", pictures + "t10k-images.idx3-ubyte.gz"); }),
        "this is compressed");
  const std::string error = message_of([&] { save_npz({{"x", ones({2})}}, folder / "a.npz", true); });
  CHECK(contains(error, "compressing takes zlib, and xgrad was built without it"));
  CHECK_EQ(folder.count(), 0);
}

TEST_CASE("a build without zlib reads and writes what is not compressed") {
  const TemporaryFolder folder;
  save_npz(load_npz(recorded("stored.npz")), folder / "a.npz");
  save(arange(3), folder / "a.pt");
  Tensor read;
  load(read, folder / "a.pt");
  CHECK(read.equal(arange(3)));
}
