// Checkpoint: a training that goes on with the same bits, and files that do not fit.
#include <doctest/doctest.h>

#include <xgrad/xgrad.h>

#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;

namespace {

// A training whose batches and dropout are random.
struct Training {
  explicit Training(const std::string& folder, int64_t width = 5, std::size_t keep = 3)
      : net(nn::Linear(3, width), nn::Dropout(0.5), nn::Linear(width, 1)),
        adam(net->parameters(), optim::AdamOptions(0.05)),
        scheduler(adam, 2, 0.5),
        checkpoint(folder, keep) {
    checkpoint.add("model", net).add("optimizer", adam).add("scheduler", scheduler);
    checkpoint.add("generator", default_generator()).add("losses", losses).add("name", name);
  }
  void run(int64_t from, int64_t to) {
    for (int64_t step = from; step < to; checkpoint.save(++step)) {
      adam.zero_grad();
      const Tensor loss = net->forward(randn({4, 3})).square().mean();
      loss.backward();
      adam.step();
      scheduler.step();
      losses += loss.item<double>();
    }
  }
  std::vector<char> state() const { return pickle_save(net->state_dict()); }

  nn::Sequential net;
  optim::Adam adam;
  optim::StepLR scheduler;
  double losses = 0;
  std::string name = "digits";
  Checkpoint checkpoint;
};

}  // namespace

TEST_CASE("a training that is resumed goes on with the same bits") {
  const TemporaryFolder folder;
  manual_seed(1);
  Training whole(folder / "a");
  CHECK_FALSE(whole.checkpoint.resume());
  const std::string first = folder / "a/step-3.pt";
  whole.run(0, 3);
  std::filesystem::copy(first, folder / "kept.pt");
  whole.run(3, 6);

  manual_seed(2);
  Training resumed(folder / "b");
  resumed.name = "other";
  CHECK(resumed.checkpoint.load(folder / "kept.pt") == 3);
  resumed.run(3, 6);
  CHECK(resumed.state() == whole.state());
  CHECK(resumed.losses == whole.losses);
  CHECK(resumed.name == "digits");
  CHECK(resumed.scheduler.get_last_lr() == whole.scheduler.get_last_lr());
  CHECK(resumed.checkpoint.resume() == optional<int64_t>(6));
}

TEST_CASE("the newest files are kept") {
  const TemporaryFolder folder;
  Training training(folder / "a", 2, 2), all(folder / "b", 2, 0);
  training.run(8, 12);
  all.run(8, 12);
  CHECK(training.checkpoint.steps() == std::vector<int64_t>{11, 12});
  CHECK(all.checkpoint.steps() == std::vector<int64_t>{9, 10, 11, 12});
}

TEST_CASE("a checkpoint that does not fit leaves every part as it was") {
  const TemporaryFolder folder;
  Training wide(folder / "a", 7);
  wide.run(0, 1);
  Training training(folder / "b");
  training.run(0, 1);
  const auto before = training.state();
  const std::string error = message_of([&] { training.checkpoint.load(folder / "a/step-1.pt"); });
  CHECK(contains(error, "step-1.pt: the part 'model': load: the archive does not fit Sequential"));

  // Found only at the second part, when the first has been loaded.
  GenericDict parts = pickle_load([&] {
                        const std::string bytes = read_bytes(folder / "b/step-1.pt");
                        return std::vector<char>(bytes.begin(), bytes.end());
                      }())
                          .toGenericDict();
  parts.insert_or_assign("optimizer", IValue(3));
  save(IValue(parts), folder / "broken.pt");
  training.net->zero_grad();
  for (const Tensor& p : training.net->parameters()) p.detach().fill_(1);
  const auto changed = training.state();
  CHECK(
      contains(message_of([&] { training.checkpoint.load(folder / "broken.pt"); }), "the part 'optimizer'"));
  CHECK(training.state() == changed);
  CHECK(before != changed);

  save(ones_like(rand({2})), folder / "tensor.pt");
  CHECK(
      contains(message_of([&] { training.checkpoint.load(folder / "tensor.pt"); }), "this is no checkpoint"));
  save(IValue::Dict{{"step", IValue(3)}}, folder / "few.pt");
  CHECK(
      contains(message_of([&] { training.checkpoint.load(folder / "few.pt"); }), "there is no part 'model'"));
  CHECK(contains(message_of([&] { training.checkpoint.add("model", training.net); }),
                 "a part 'model' already"));
}
