// Kills a process at a random moment of saving, many times: what is found then must be a whole file, and
// files that were begun must not pile up. torture [TIMES] [SEED]
#include <csignal>
#include <filesystem>
#include <iostream>
#include <random>

#include <sys/wait.h>
#include <unistd.h>

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

// Tensors whose elements are all the number of the save.
OrderedDict<std::string, Tensor> state_of(int64_t number) {
  OrderedDict<std::string, Tensor> state;
  for (int i = 0; i < 8; ++i) state.insert(std::to_string(i), full({50000}, number, kLong));
  return state;
}

[[noreturn]] void save_for_ever(const std::string& path, int64_t number) {
  for (;; ++number) save(state_of(number), path);
}

// The number of the save that is in the file.
int64_t number_in(const std::string& path) {
  OrderedDict<std::string, Tensor> state;
  load(state, path);
  const int64_t number = state["0"][0].item<int64_t>();
  for (const auto& item : state)
    if (!item->eq(number).all().item<bool>()) fail("two saves are mixed in the file");
  return number;
}

}  // namespace

int main(int argc, char** argv) try {
  namespace fs = std::filesystem;
  const int times = argc > 1 ? std::stoi(argv[1]) : 200;
  std::mt19937 random(argc > 2 ? static_cast<unsigned>(std::stoul(argv[2])) : std::random_device()());
  const fs::path folder = fs::temp_directory_path() / ("xgrad_torture_" + std::to_string(getpid()));
  fs::create_directories(folder);
  const std::string path = (folder / "state.pt").string();
  save(state_of(0), path);
  int64_t newest = 0;
  for (int i = 0; i < times; ++i) {
    const pid_t child = fork();
    if (child == 0) save_for_ever(path, newest + 1);
    usleep(std::uniform_int_distribution<unsigned>(0, 60000)(random));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const int64_t number = number_in(path);
    if (number < newest) fail("an older file came back: ", number, " after ", newest);
    newest = number;
    const auto files = std::distance(fs::directory_iterator(folder), fs::directory_iterator());
    if (files > 2) fail(static_cast<int64_t>(files), " files lie in the folder");
  }
  fs::remove_all(folder);
  std::cout << times << " processes killed after " << newest << " saves: every file was whole\n";
  return 0;
} catch (const std::exception& error) {
  std::cerr << "torture: " << error.what() << "\n";
  return 1;
}
