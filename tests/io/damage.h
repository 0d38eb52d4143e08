// Files with one thing wrong, for readers of every format.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include <xgrad/core/types/error.h>

#include "io/temporary.h"

/// Reads the file cut at every byte and with every byte changed in three ways. Cut, it must be refused;
/// changed, it may be read. What is thrown is an Error that names the file.
template <class Read>
void check_damaged(const std::string& good, const std::string& path, Read&& read) {
  const auto refused = [&](const std::string& bytes) {
    write_bytes(path, bytes);
    try {
      read(path);
    } catch (const xgrad::Error& error) {
      CHECK_NE(std::string(error.what()).find(path), std::string::npos);
      return true;
    }
    return false;
  };
  for (std::size_t size = 0; size < good.size(); ++size) CHECK(refused(good.substr(0, size)));
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const int mask : {0x01, 0x80, 0xFF}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ mask);
      refused(bad);
    }
}
