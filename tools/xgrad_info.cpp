// xgrad-info FILE: what tensors are in it. xgrad-info --diff A B: what differs.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <xgrad/core/types/error.h>
#include <xgrad/io/inspect.h>

namespace {

using xgrad::TensorInfo;

std::string shape_of(const TensorInfo& t) {
  std::string text = "[";
  for (const int64_t size : t.sizes) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

std::string described(const TensorInfo& t) { return t.dtype + " " + shape_of(t); }

// A name fit for a terminal.
std::string shown(const std::string& name) {
  std::string text;
  for (const char c : name) text += static_cast<unsigned char>(c) < ' ' || c == 127 ? '?' : c;
  return text.empty() ? "(array)" : text;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

uint64_t elements_of(const TensorInfo& t) {
  uint64_t count = 1;
  for (const int64_t size : t.sizes) count *= static_cast<uint64_t>(size);
  return count;
}

int list(const std::string& path) {
  const std::vector<TensorInfo> infos = xgrad::inspect(path);
  std::size_t width = 0;
  uint64_t elements = 0, bytes = 0;
  for (const TensorInfo& t : infos) width = std::max(width, shown(t.name).size());
  for (const TensorInfo& t : infos) {
    char checksum[16];
    std::snprintf(checksum, sizeof(checksum), "%08x", t.checksum);
    std::cout << padded(shown(t.name), width) << "  " << checksum << "  " << described(t) << "\n";
    elements += elements_of(t);
    bytes += t.bytes;
  }
  std::cout << infos.size() << " tensors, " << elements << " numbers, " << bytes << " bytes\n";
  return 0;
}

std::map<std::string, TensorInfo> by_name(const std::string& path) {
  std::map<std::string, TensorInfo> infos;
  for (TensorInfo& t : xgrad::inspect(path)) infos.emplace(t.name, t);
  return infos;
}

int diff(const std::string& path_a, const std::string& path_b) {
  const auto a = by_name(path_a), b = by_name(path_b);
  std::size_t differences = 0;
  const auto tell = [&](const std::string& name, const std::string& what) {
    std::cout << shown(name) << ": " << what << "\n";
    ++differences;
  };
  for (const auto& [name, t] : a) {
    const auto other = b.find(name);
    if (other == b.end())
      tell(name, "only in " + path_a);
    else if (described(t) != described(other->second))
      tell(name, described(t) + " and " + described(other->second));
    else if (t.checksum != other->second.checksum)
      tell(name, "the numbers differ");
  }
  for (const auto& [name, t] : b)
    if (a.find(name) == a.end()) tell(name, "only in " + path_b);
  if (differences == 0) std::cout << "no difference in " << a.size() << " tensors\n";
  return differences == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  try {
    if (args.size() == 1 && args[0] != "--help") return list(args[0]);
    if (args.size() == 3 && args[0] == "--diff") return diff(args[1], args[2]);
  } catch (const std::exception& error) {
    std::cerr << "xgrad-info: " << error.what() << "\n";
    return 2;
  }
  std::cout << "xgrad-info FILE          names, checksums, dtypes and shapes of its tensors\n"
               "xgrad-info --diff A B    what differs; the status is 1 if anything does\n"
               "The files are safetensors, .npy or .npz.\n";
  return args.size() == 1 ? 0 : 2;
}
