// A page in a real browser, Chromium without a window.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <xgrad/core/types/error.h>

namespace browser {

namespace fs = std::filesystem;

/// Whether there is one; the suites are skipped where there is none.
inline bool is_missing() { return !fs::exists(XGRAD_CHROMIUM); }

/// A folder for one page, which goes with it.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("xgrad_browser_" + std::to_string(std::rand()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

  /// Opens `page` and returns what the browser prints.
  std::string open(const std::string& page, const std::string& arguments) const {
    std::ofstream(path_ / "page.html") << page;
    const std::string command =
        xgrad::concat(XGRAD_CHROMIUM, " --headless --no-sandbox --disable-gpu --hide-scrollbars ",
                      "--force-device-scale-factor=1 --user-data-dir=", file("profile"), " ", arguments,
                      " file://", file("page.html"), " 2>/dev/null");
    std::string out;
    std::FILE* pipe = popen(command.c_str(), "r");
    char buffer[4096];
    for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
    pclose(pipe);
    return out;
  }

 private:
  fs::path path_;
};

/// `page` with `text` before the last `tag`.
inline std::string with(std::string page, const std::string& tag, const std::string& text) {
  return page.insert(page.rfind(tag), text);
}

}  // namespace browser
