// Programs as they are written for LibTorch: with its includes, its namespaces and what it brings along.
#include <c10/util/irange.h>
#include <torch/nn/module.h>
#include <torch/script.h>
#include <torch/torch.h>

#include <doctest/doctest.h>

namespace torch {
namespace nn {
struct HalvesImpl : Cloneable<HalvesImpl> {
  HalvesImpl() { reset(); }
  void reset() override { linear = register_module("linear", Linear(LinearOptions(2, 2).bias(false))); }
  Tensor forward(const Tensor& x) { return functional::relu(linear(x)) / 2; }
  Linear linear{nullptr};
};
TORCH_MODULE(Halves);
}  // namespace nn
Tensor one_more(const Tensor& t) { return t + 1; }
}  // namespace torch
namespace at {
Tensor two_more(const Tensor& t) { return torch::one_more(torch::one_more(t)); }
}  // namespace at

using namespace torch;

namespace {
struct Options {
  TORCH_ARG(int64_t, rows) = 1;
};

std::string text(const Tensor& t) { return c10::str(t); }
}  // namespace

TEST_CASE("tensors print as LibTorch prints them") {
  std::ifstream recorded(XGRAD_TESTS_DIR "/compat/prints.txt");
  const std::string expected{std::istreambuf_iterator<char>(recorded), {}};
  std::ostringstream out;
  const auto print = [&](const char* name, const Tensor& t) { out << "== " << name << "\n" << t << "\n"; };
  const double infinity = INFINITY, nan = NAN;
  print("undef", Tensor());
  print("scalar", tensor(1.5));
  print("int0", tensor(7));
  print("bool", tensor({true, false}));
  print("r", arange(6, kFloat));
  print("neg", -arange(4, kFloat) / 3);
  print("small", arange(4, kFloat) / 1000);
  print("big", arange(4, kFloat) * 1e7 + 0.5);
  print("wide", tensor({1e-5, 1.0, 1e5}));
  print("inf", tensor({1.5, infinity, -infinity, nan}));
  print("nan", tensor({nan, nan}));
  print("infi", tensor({infinity, 2.0}));
  print("mat", arange(6, kFloat).view({2, 3}) / 7);
  print("cols", arange(60, kFloat).view({2, 30}) / 3);
  print("3d", arange(12, kFloat).view({2, 2, 3}));
  print("4d", arange(12, kFloat).view({2, 1, 2, 3}) / 2);
  print("empty", ones({0}));
  print("empty2", ones({0, 3}));
  print("empty3", ones({2, 0, 3}));
  print("half", ones({2}).to(kHalf));
  print("byte", full({2, 2}, 200, kByte));
  print("long", tensor({int64_t{1}, int64_t{12345678901}}));
  print("scale", arange(4, kFloat).view({2, 2}) * 123456.7);
  print("one", full({1}, 1e-20));
  print("e", tensor({1e-120, 1.0}));
  print("req", ones({2}, requires_grad()));
  print("mix", tensor({0.5, 99999.0}));
  print("mix2", tensor({0.001, 9.0}));
  print("z", zeros({2, 2}));
  print("exp", tensor({0.0, 12345.678}));
  print("b", tensor({10.25, 200.5}));
  print("lint", tensor({1e9, 1.0}));
  print("lint2", tensor({1e10, 1.0}));
  print("signed", torch::tensor({0.099952, -0.12671}));
  print("signed2", torch::tensor({-0.02, -123456.7, 3.5}));
  print("signed3", torch::tensor({{1e-3, -2e3}, {0.5, 1.5}}));
  print("int signed", torch::tensor({5.0, -12345.0}));
  print("scaled 3d", torch::arange(12, torch::kFloat).view({2, 2, 3}) / 1000);
  print("wide 3d", torch::arange(60, torch::kFloat).view({2, 1, 30}) / 3);
  print("wide scaled 3d", (torch::arange(120, torch::kFloat).view({2, 2, 30}) + 1) / 3000);
  print("wide scaled", (torch::arange(60, torch::kFloat).view({2, 30}) + 1) / 3000);
  print("4d scaled", torch::arange(4, torch::kFloat).view({1, 1, 2, 2}) * 1234567.5);
  REQUIRE(expected.size() > 100);
  CHECK_EQ(out.str(), expected);
}

TEST_CASE("printing leaves the notation of the stream as it was") {
  std::ostringstream out;
  out << std::setprecision(3) << torch::tensor({1.5}) << 3.14159;
  CHECK_EQ(out.str(), " 1.5000\n[ CPUFloatType{1} ]3.14");
  out.str("");
  out << std::fixed << torch::tensor(1.23456F);
  CHECK_EQ(out.str(), "1.23\n[ CPUFloatType{} ]");
}

TEST_CASE("a program may reopen torch, torch::nn and at, and use their names without them") {
  nn::Halves halves;
  CHECK_EQ(c10::str(halves), "Halves(\n  (linear): Linear(in_features=2, out_features=2, bias=False)\n)");
  CHECK(halves(ones({1, 2})).sizes() == at::IntArrayRef{1, 2});
  CHECK(at::two_more(zeros({1})).item<float>() == 2);
  namespace F = nn::functional;
  CHECK(equal(F::relu(ones({2})), relu(ones({2}))));
  optim::SGD sgd(halves->parameters(), optim::SGDOptions(0.1).momentum(0.9));
  CHECK_EQ(Options().rows(3).rows(), 3);
}

TEST_CASE("devices, options and numbers are texts as in LibTorch") {
  CHECK_EQ(c10::str(Device("cuda:1"), ' ', Device(kCPU), ' ', kCUDA), "cuda:1 cpu cuda");
  CHECK(Device("cuda:1") == Device(kCUDA, 1));
  alignas(Device) unsigned char memory[sizeof(Device)] = {};  // as a stack may leave it
  CHECK(*new (memory) Device("cpu") == ones({1}).device());
  CHECK(Device("cuda:1") != Device(kCUDA));
  for (const char* wrong : {"foo", "cuda:", "cuda:x", "cuda:01", "cuda:300", "cpu:2"})
    CHECK_THROWS_AS(Device{wrong}, c10::Error);
  const TensorOptions some = TensorOptions().requires_grad(false).device(kCPU);
  CHECK_FALSE(some.dtype_opt().has_value());
  CHECK_FALSE(some.requires_grad_opt().value());
  CHECK(some.device_opt() == c10::optional<Device>(Device(kCPU)));
  CHECK_FALSE(TensorOptions().device_opt().has_value());
  CHECK_FALSE(TensorOptions().requires_grad_opt().has_value());
  CHECK(TensorOptions(MemoryFormat::ChannelsLast).has_memory_format());
  CHECK_EQ(c10::str(TensorOptions().dtype(kDouble).requires_grad(true).device(kCPU)),
           "TensorOptions(dtype=double, device=cpu, layout=Strided (default), requires_grad=true, "
           "pinned_memory=false (default), memory_format=(nullopt))");
  CHECK_EQ(c10::str(Scalar(1.5), Scalar(2), Scalar(true)), "1.52true");
  CHECK_EQ(c10::str(ExpandingArray<1>(3), ' ', ExpandingArray<2>({3, 4})), "3 [3, 4]");
  CHECK_EQ(std::string(toString(kFloat)) + toString(kLong) + toString(kBFloat16), "FloatLongBFloat16");
}

TEST_CASE("every integer type is an index") {
  const Tensor t = arange(4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(t[i].item<std::size_t>() == i);
  const unsigned short one = 1;
  const unsigned two = 2;
  const long long three = 3;
  CHECK((t[one] + t[two] + t[three]).item<int>() == 6);
  for (const auto i : c10::irange(4)) CHECK(t[i].item<int>() == i);
  int sum = 0;
  for (const auto i : c10::irange(2, t.size(0))) sum += static_cast<int>(i);
  CHECK_EQ(sum, 5);
}

TEST_CASE("checks throw c10::Error with the message") {
  const auto message = [](auto&& f) {
    try {
      f();
    } catch (const c10::Error& e) {
      CHECK_EQ(e.msg(), e.what_without_backtrace());
      return e.msg();
    }
    return std::string("nothing");
  };
  CHECK_EQ(message([] { TORCH_CHECK(1 > 2, "no: ", 3, ' ', 2.5); }), "no: 3 2.5");
  CHECK_EQ(message([] { TORCH_CHECK(1 > 2); }), "Expected 1 > 2 to be true, but got false.");
  CHECK_EQ(message([] { AT_ASSERT(true); }), "nothing");
  CHECK_EQ(message([] { AT_ERROR("stop"); }), "stop");
  CHECK_THROWS_AS(TORCH_CHECK_INDEX(false), c10::IndexError);
  std::string heard;
  const WarningHandler before = set_warning_handler([&](const std::string& warning) { heard += warning; });
  TORCH_WARN("care: ", 1);
  for (int i = 0; i < 3; ++i) TORCH_WARN_ONCE("once");
  set_warning_handler(before);
  CHECK_EQ(heard, "care: 1once");
}

TEST_CASE("dimensions may be optional, weights and memory come by LibTorch's names") {
  const Tensor t = arange(6, kFloat).view({2, 3});
  CHECK_EQ(text(torch::sum(t, OptionalIntArrayRef(IntArrayRef{0}), true)), " 3  5  7\n[ CPUFloatType{1,3} ]");
  CHECK_EQ(t.mean(OptionalIntArrayRef(), true).sizes(), IntArrayRef{1, 1});
  CHECK_EQ(t.const_data_ptr<float>(), t.data<float>());
  CHECK_EQ(static_cast<const void*>(t.mutable_data_ptr<float>()), t.storage().data());
  autograd::SavedVariable saved(t, false), output(t, true);
  CHECK_EQ(saved.unpack().data_ptr(), t.data_ptr());
  CHECK_THROWS_AS(output.unpack(), c10::Error);
  at::globalContext().setBenchmarkCuDNN(true);
  CHECK(torch::globalContext().benchmarkCuDNN());
  CHECK_FALSE(torch::cuda::is_available());
  CHECK_EQ(TORCH_VERSION_MAJOR, 2);
}

TEST_CASE("names that programs use beside tensors and layers") {
  CHECK(torch::getNumGPUs() == 0);
  CHECK(torch::typeMetaToScalarType(torch::ones({1}).dtype()) == torch::kFloat);
  CHECK(c10::CppTypeToScalarType<double>::value == torch::kDouble);
  CHECK((at::isFloatingType(torch::kHalf) && c10::isIntegralType(torch::kLong)));
  CHECK_FALSE((torch::isFloatingType(torch::kInt) || at::isIntegralType(torch::kBool, false)));
  CHECK(c10::promoteTypes(torch::kLong, torch::kHalf) == torch::kHalf);
  const std::vector<int64_t> list{2, 3};
  CHECK(at::makeArrayRef(list) == torch::IntArrayRef{2, 3});
  CHECK(c10::makeArrayRef(list.data(), 1).at(0) == 2);
  const caffe2::TypeMeta meta = torch::ones({1}).dtype();
  CHECK((meta == torch::kFloat && meta.itemsize() == 4));
  torch::set_default_dtype(caffe2::TypeMeta::Make<double>());
  CHECK(torch::ones({1}).dtype() == torch::kDouble);
  torch::set_default_dtype(caffe2::TypeMeta::fromScalarType(torch::kFloat));
  CHECK(torch::_cast_Double(torch::ones({1})).dtype() == torch::kDouble);
  CHECK(torch::equal(torch::linalg_inv(torch::eye(2)), torch::eye(2)));
  CHECK(torch::linalg_norm(torch::ones({4})).item<float>() == 2);
  CHECK(torch::equal(torch::linalg_diagonal(torch::eye(2)), torch::ones({2})));
  CHECK(torch::equal(torch::linalg_multi_dot({torch::eye(2), torch::eye(2)}), torch::eye(2)));
  const at::AutoDispatchBelowADInplaceOrView guard;
  CHECK_FALSE((torch::ones({1}, torch::requires_grad()) * 2).requires_grad());
  torch::nn::Conv2dOptions::padding_mode_t mode = torch::kReflect;
  CHECK(mode.is(torch::enumtype::kReflect{}));
  torch::nn::Linear linear(2, 2);
  torch::nn::utils::weight_norm(*linear);
  CHECK(torch::nn::utils::clip_grad_norm_(linear->parameters(), 1) == 0);
}

TEST_CASE("ATen's functions of layers and losses are there") {
  const Tensor table = arange(8, kFloat).view({4, 2}), indices = torch::tensor({0, 1, 3, 2});
  const auto [sums, bags, lengths, largest] = at::embedding_bag(table, indices, torch::tensor({0, 3}));
  CHECK(torch::equal(sums, torch::tensor({{8.F, 11.F}, {4.F, 5.F}})));
  CHECK(torch::equal(bags, torch::tensor({0, 0, 0, 1})));
  CHECK(torch::equal(lengths, torch::tensor({3, 1})));
  const auto ends = torch::embedding_bag(table, indices, torch::tensor({0, 3, 4}), false, 1, false, {}, true);
  CHECK(torch::equal(std::get<0>(ends)[1], torch::tensor({4.F, 5.F})));
  CHECK(torch::equal(std::get<2>(ends), lengths));
  const Tensor p = torch::full({2, 2}, 0.5);
  CHECK(torch::kl_div(p.log(), p, at::Reduction::Sum).item<float>() == 0);
  CHECK(torch::triplet_margin_loss(p, p, p).item<float>() == 1);
  CHECK(torch::equal(std::get<0>(torch::_unique(torch::tensor({2, 1, 2}))), torch::tensor({1, 2})));
  nn::ConvTranspose2d up(nn::ConvTranspose2dOptions(1, 1, 3).stride(2).padding(1));
  CHECK_EQ(up(torch::ones({1, 1, 4, 4}), IntArrayRef{8, 8}).sizes(), IntArrayRef{1, 1, 8, 8});
}

TEST_CASE("what is absent is nullopt, an empty optional or an undefined tensor") {
  const Tensor x = ones({2, 3}), weight = ones({4, 3});
  const c10::optional<Tensor> none, bias = full({4}, 1.F);
  CHECK(torch::linear(x, weight, c10::nullopt).equal(full({2, 4}, 3.F)));
  CHECK(torch::linear(x, weight, none).equal(full({2, 4}, 3.F)));
  CHECK(torch::linear(x, weight, bias).equal(full({2, 4}, 4.F)));
  CHECK(torch::conv1d(ones({1, 1, 3}), ones({1, 1, 3}), c10::nullopt).equal(full({1, 1, 1}, 3.F)));
  CHECK(!none);
  CHECK_FALSE(!bias);
}

TEST_CASE("a storage is copied as a handle, and outlives its tensor") {
  Tensor t = arange(6, kFloat).view({2, 3});
  const auto storage = t[1].storage();
  CHECK_EQ(storage.data_ptr().get(), t.data_ptr());
  CHECK_EQ(storage.nbytes(), 24);
  CHECK(storage.is_alias_of(t.storage()));
  CHECK_FALSE(storage.unique());
  t = Tensor();
  CHECK(storage.unique());
  CHECK_EQ(storage.data<float>()[5], 5.F);
}

TEST_CASE("a tensor's type and dtypes are written as LibTorch writes them") {
  std::ostringstream out;
  out << ones({1}).type() << " " << ones({1}).dtype() << " " << ones({1}, kLong).dtype() << " "
      << ones({1}, kByte).dtype() << " " << toString(ones({1}, kHalf).scalar_type());
  CHECK_EQ(out.str(), "CPUFloatType float long int unsigned char Half");
  CHECK(ones({1}).type() == zeros({2}).type());
  CHECK(ones({1}).type() != zeros({2}, kInt).type());
  CHECK_EQ(ones({1}, kInt).type().scalarType(), kInt);
}

TEST_CASE("code is chosen by a tensor's dtype") {
  const auto size_of = [](const Tensor& t) {
    return AT_DISPATCH_ALL_TYPES(t.scalar_type(), "size_of", [&] { return sizeof(scalar_t); });
  };
  CHECK(size_of(torch::ones({1})) == 4);
  CHECK(size_of(torch::ones({1}, kByte)) == 1);
  CHECK_THROWS_WITH_AS(size_of(torch::ones({1}, kBool)), "size_of is not implemented for 'Bool'", c10::Error);
}

TEST_CASE("a range is reduced in blocks that the number of threads does not change") {
  const auto sum = [](int64_t begin, int64_t end, int64_t grain) {
    return at::parallel_reduce(
        begin, end, grain, int64_t{0},
        [](int64_t first, int64_t last, int64_t total) {
          for (int64_t i = first; i < last; ++i) total += i;
          return total;
        },
        std::plus<int64_t>());
  };
  CHECK_EQ(sum(0, 1000, 7), 499500);
  CHECK_EQ(sum(5, 6, 0), 5);
  CHECK_EQ(sum(6, 5, 100), 0);
}

TEST_CASE("standard names and vectors are as LibTorch's headers leave them") {
  CHECK_EQ(c10::str(std::vector<std::size_t>{1, 2}, ';', std::vector<std::string>{"a", "b"}), "1 2;a b");
  c10::SmallVector<int64_t, 4> sizes{2, 3};
  CHECK(torch::numel(torch::ones(sizes)) == 6);
  CHECK(torch::is_floating_point(torch::ones(sizes)));
  CHECK(c10::make_optional(3).value() == 3);
}

TEST_CASE("a node is written as its address, and a variable is made of data") {
  const Tensor x = torch::autograd::make_variable(torch::ones({2}), true);
  CHECK(x.requires_grad());
  CHECK(c10::str((x * 2).grad_fn()).rfind("0x", 0) == 0);
}

TEST_CASE("models, optimizers and tensors are saved and loaded by LibTorch's names") {
  torch::nn::Halves net, loaded;
  torch::optim::SGD optimizer(net->parameters(), torch::optim::SGDOptions(0.1).momentum(0.9));
  std::stringstream stream, state;
  torch::save(net, stream);
  torch::load(loaded, stream, torch::kCPU);
  CHECK(torch::equal(net->linear->weight, loaded->linear->weight));
  torch::save(optimizer, state);
  torch::load(optimizer, state);

  torch::serialize::OutputArchive archive;
  net->save(archive);
  torch::serialize::InputArchive input;
  std::ostringstream out;
  archive.save_to(out);
  input.load_from(out.str().data(), out.str().size());
  loaded->load(input);
}

namespace {
// As a program copies the parts of one of LibTorch's optimizers.
struct HeavyOptions : torch::optim::OptimizerCloneableOptions<HeavyOptions> {
  HeavyOptions(double lr) : lr_(lr) {}
  TORCH_ARG(double, lr);

 public:
  void serialize(torch::serialize::InputArchive& archive) override {
    c10::IValue value;
    archive.read("lr", value);
    lr(value.toDouble());
  }
  void serialize(torch::serialize::OutputArchive& archive) const override { archive.write("lr", lr()); }
};

struct HeavyState : torch::optim::OptimizerCloneableParamState<HeavyState> {
  TORCH_ARG(int64_t, step) = 0;
  TORCH_ARG(Tensor, velocity);

 public:
  void serialize(torch::serialize::InputArchive& archive) override {
    c10::IValue value;
    archive.read("step", value);
    step(value.toInt());
    archive.read("velocity", velocity());
  }
  void serialize(torch::serialize::OutputArchive& archive) const override {
    archive.write("step", step());
    archive.write("velocity", velocity());
  }
};

struct Heavy : torch::optim::Optimizer {
  Heavy(std::vector<Tensor> parameters, HeavyOptions options)
      : Optimizer(std::move(parameters), std::make_unique<HeavyOptions>(options)) {}
  Tensor step(LossClosure = nullptr) override {
    const torch::NoGradGuard no_grad;
    for (auto& group : param_groups_)
      for (Tensor& p : group.params()) {
        const auto key = c10::guts::to_string(p.unsafeGetTensorImpl());
        if (state_.find(key) == state_.end()) {
          auto fresh = std::make_unique<HeavyState>();
          fresh->velocity(torch::zeros_like(p));
          state_[key] = std::move(fresh);
        }
        auto& state = static_cast<HeavyState&>(*state_[key]);
        state.step(state.step() + 1);
        state.velocity().add_(p.grad());
        p.sub_(state.velocity(), static_cast<HeavyOptions&>(group.options()).lr());
      }
    return {};
  }
  std::unique_ptr<torch::optim::OptimizerParamState> new_state() const override {
    return std::make_unique<HeavyState>();
  }
};
}  // namespace

TEST_CASE("an optimizer that writes its options and states as LibTorch's do is saved and loaded") {
  Tensor x = torch::tensor({1.0}, torch::requires_grad()), y = torch::tensor({1.0}, torch::requires_grad());
  Heavy heavy({x}, 0.25), loaded({y}, 0.5);
  const auto step = [](Heavy& optimizer, Tensor& p) {
    optimizer.zero_grad();
    p.sum().backward();
    optimizer.step();
  };
  step(heavy, x);
  std::stringstream stream;
  torch::save(heavy, stream);
  torch::load(loaded, stream);
  step(heavy, x);
  step(loaded, y);
  CHECK(x.item<double>() == 0.25);  // 1 - 0.25 * (1 + 2)
  CHECK(y.item<double>() == 0.5);   // 1 - 0.25 * 2
  auto& state = static_cast<HeavyState&>(*loaded.state().at(y.unsafeGetTensorImpl()));
  CHECK_EQ(state.step(), 2);
  CHECK(state.velocity().item<double>() == 2);
}

TEST_CASE("values that Python wrote are read by LibTorch's names") {
  const std::vector<char> bytes =
      torch::pickle_save(c10::IValue(OrderedDict<std::string, torch::Tensor>{{"weight", torch::ones({2})}}));
  c10::Dict<c10::IValue, c10::IValue> weights = torch::pickle_load(bytes).toGenericDict();
  CHECK(weights.at("weight").toTensor().sum().item<float>() == 2);
  for (const auto& entry : torch::pickle_load(bytes).toGenericDict())
    CHECK(entry.key().toStringRef() == "weight");
  const torch::jit::IValue pair = std::make_tuple(1, "two");
  CHECK(pair.toTuple()->elements()[1].toStringRef() == "two");
}
