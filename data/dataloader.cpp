// Where a loader is, in archives.
#include <xgrad/data/dataloader.h>

namespace xgrad::data::detail {

namespace {

IValue read(serialize::InputArchive& archive, const char* key) {
  IValue value;
  archive.read(key, value);
  return value;
}

// Integers of archives have a sign.
std::uint64_t read_number(serialize::InputArchive& archive, const char* key) {
  return static_cast<std::uint64_t>(read(archive, key).toInt());
}

}  // namespace

void LoaderState::save(serialize::OutputArchive& archive) const {
  archive.write("within_epoch", IValue(within_epoch));
  archive.write("batches", IValue(position.taken));
  archive.write("epoch", IValue(position.epoch));
  archive.write("seed", IValue(position.seed));
  archive.write("batch_size", IValue(batch_size));
  archive.write("examples", IValue(examples));
}

LoaderState LoaderState::loaded(serialize::InputArchive& archive) const {
  LoaderState saved;
  saved.within_epoch = read(archive, "within_epoch").toBool();
  saved.position = {read_number(archive, "seed"), read_number(archive, "epoch"),
                    read_number(archive, "batches")};
  saved.batch_size = read_number(archive, "batch_size");
  const IValue known = read(archive, "examples");
  if (!known.isNone()) saved.examples = static_cast<std::size_t>(known.toInt());
  XGRAD_CHECK_AS(ValueError, saved.examples == examples,
                 "load: the DataLoader was saved with a dataset of another size (", known, " vs ",
                 IValue(examples), ")");
  XGRAD_CHECK_AS(ValueError, !saved.within_epoch || saved.batch_size == batch_size,
                 "load: the DataLoader was saved within an epoch of another batch_size (", saved.batch_size,
                 " vs ", batch_size, ")");
  return saved;
}

void LoaderState::check_batch(bool is_there, std::uint64_t i) const {
  XGRAD_CHECK_AS(ValueError, is_there, "load: the DataLoader was saved after ", position.taken,
                 " batches of its epoch, which has only ", i, " here");
}

}  // namespace xgrad::data::detail
