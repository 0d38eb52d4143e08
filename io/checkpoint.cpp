// Checkpoint: its parts, its files, and the rule that all parts are loaded or none.
#include <xgrad/io/checkpoint.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <xgrad/io/file.h>
#include <xgrad/io/torch_file.h>

namespace xgrad {

namespace fs = std::filesystem;

namespace {

constexpr const char* kStep = "step";

IValue::Dict named(const IValue& value) {
  IValue::Dict names("Field");
  for (const auto& item : value.toGenericDict()) names.insert(item.key().toStringRef(), item.value());
  return names;
}

}  // namespace

Checkpoint& Checkpoint::add_part(const std::string& name, std::function<IValue()> save,
                                 std::function<void(const IValue&)> load) {
  const bool is_new = name != kStep && std::none_of(parts_.begin(), parts_.end(),
                                                    [&](const Part& part) { return part.name == name; });
  XGRAD_CHECK(is_new, "Checkpoint: there is a part '", name, "' already");
  parts_.push_back({name, std::move(save), std::move(load)});
  return *this;
}

Checkpoint& Checkpoint::add_scheduler(const std::string& name, optim::LRScheduler& scheduler) {
  return add_part(
      name, [&] { return IValue(scheduler.state_dict()); },
      [&](const IValue& value) { scheduler.load_state_dict(named(value)); });
}

Checkpoint& Checkpoint::add_generator(const std::string& name, const Generator& generator) {
  return add_part(
      name, [generator] { return IValue(serialize::rng_state(generator)); },
      [generator](const IValue& value) { serialize::set_rng_state(generator, value.toTensor()); });
}

std::string Checkpoint::path_of(int64_t step) const {
  return (fs::path(folder_) / concat(kStep, "-", step, ".pt")).string();
}

std::vector<int64_t> Checkpoint::steps() const {
  std::vector<int64_t> found;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder_, code)) {
    const std::string name = entry.path().filename().string();
    int64_t step = 0;
    if (name.size() < 6) continue;
    const auto [end, error] = std::from_chars(name.data() + 5, name.data() + name.size(), step);
    if (error == std::errc() && name == concat(kStep, "-", step, ".pt")) found.push_back(step);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string Checkpoint::save(int64_t step) const {
  XGRAD_CHECK_AS(ValueError, step >= 0, "Checkpoint: a step is not negative: got ", step);
  GenericDict all;
  all.insert(kStep, step);
  for (const Part& part : parts_) all.insert(part.name, part.save());
  std::error_code code;
  fs::create_directories(folder_, code);
  std::string path = path_of(step);
  serialize::write_value(IValue(std::move(all)), path);
  // Older ones go when the new one is there. One of a higher step is of another run and stays.
  std::vector<int64_t> older = steps();
  older.erase(std::upper_bound(older.begin(), older.end(), step), older.end());
  if (keep_ > 0 && older.size() > keep_)
    for (std::size_t i = 0; i < older.size() - keep_; ++i) fs::remove(path_of(older[i]), code);
  return path;
}

optional<int64_t> Checkpoint::resume() {
  const std::vector<int64_t> found = steps();
  if (found.empty()) return nullopt;
  return load(path_of(found.back()));
}

int64_t Checkpoint::load(const std::string& filename) {
  const io::MappedFile file("load", filename);
  const IValue all = io::read_torch(file.source());
  const std::string& name = file.source().name;
  XGRAD_CHECK(all.isGenericDict(), name, ": this is no checkpoint, but ", all);
  const GenericDict& dict = all.toGenericDict();
  const IValue* step = dict.find(kStep);
  XGRAD_CHECK(step && step->isInt(), name, ": this is no checkpoint: it has no step");
  for (const Part& part : parts_)
    XGRAD_CHECK(dict.contains(part.name), name, ": there is no part '", part.name, "'");
  std::vector<IValue> before;  // copies, for a part that does not fit is found when others are loaded
  for (const Part& part : parts_) before.push_back(pickle_load(pickle_save(part.save())));
  std::size_t done = 0;
  try {
    for (; done < parts_.size(); ++done) parts_[done].load(dict.at(parts_[done].name));
  } catch (const Error& error) {
    for (std::size_t i = 0; i < done; ++i) parts_[i].load(before[i]);
    fail(name, ": the part '", parts_[done].name, "': ", error.what());
  }
  return step->toInt();
}

}  // namespace xgrad
