// Forms of calls that LibTorch's headers have: each compiles, and gives what the plain form gives.
#include <ATen/core/ivalue.h>
#include <c10/util/accumulate.h>
#include <torch/nn/modules/padding.h>
#include <torch/torch.h>

#include <doctest/doctest.h>

using torch::Tensor;

namespace {
at::IntArrayRef legacy(torch::IntList sizes) { return sizes; }

const double kTenth = 0.1;

Tensor matrix() { return torch::tensor({{4.0, 1.0}, {1.0, 3.0}}); }
}  // namespace

TEST_CASE("a mode is a string_view, a string, a literal or an optional one") {
  const c10::string_view view = "floor";
  const std::string text = "floor";
  const c10::optional<c10::string_view> maybe = view;
  const Tensor a = torch::tensor({7.0, -7.0}), b = torch::tensor({2.0, 2.0});
  const Tensor expected = torch::tensor({3.0, -4.0});
  for (const Tensor& quotient :
       {at::div(a, b, view), at::div(a, 2, view), at::div(a, b, text), at::div(a, b, "floor"),
        at::div(a, b, maybe), at::divide(a, b, view), a.div(b, view), a.clone().div_(b, view)})
    CHECK(torch::equal(quotient, expected));
  CHECK(torch::equal(at::div(a, b, c10::optional<c10::string_view>()), a / 2));
  CHECK_THROWS_WITH_AS(at::div(a, b, c10::string_view("round")), doctest::Contains("\"round\""), c10::Error);
}

TEST_CASE("equations, norms and decompositions are named by a string_view") {
  using View = c10::string_view;
  const Tensor m = matrix();
  const View equation = "ij,jk->ik", frobenius = "fro", upper = "U", reduced = "reduced";
  CHECK(torch::equal(at::einsum(equation, {m, m}), m.mm(m)));
  CHECK(at::linalg_norm(m, frobenius).item<double>() == doctest::Approx(std::sqrt(27.0)));
  CHECK(at::linalg_matrix_norm(m, frobenius, {0, 1}, true).sizes() == at::IntArrayRef{1, 1});
  CHECK(at::linalg_cond(m, frobenius).item<double>() == doctest::Approx(27.0 / 11));
  CHECK(torch::allclose(std::get<0>(at::linalg_eigh(m, upper)), at::linalg_eigvalsh(m, upper)));
  const auto [q, r] = at::linalg_qr(m, reduced);
  CHECK(torch::allclose(q.mm(r), m));
  CHECK(torch::allclose(std::get<0>(at::linalg_lstsq(m, m, c10::nullopt, View("gels"))), torch::eye(2)));
  CHECK_THROWS_AS(at::linalg_svd(m, true, View("gesvd")), c10::Error);
  CHECK_THROWS_AS(at::linalg_svdvals(m, View("gesvd")), c10::Error);
  Tensor out = torch::empty({0}, torch::kDouble);
  CHECK(torch::linalg_norm_out(out, m, frobenius).item<double>() == doctest::Approx(std::sqrt(27.0)));
}

TEST_CASE("reductions, sides and interpolations are named by a string_view") {
  using View = c10::string_view;
  const Tensor x = torch::tensor({1.0, 2.0, 4.0}), index = torch::tensor({0, 0, 2});
  const View sum = "sum", add = "add", prod = "prod", right = "right", lower = "lower", tanh = "tanh";
  CHECK(torch::equal(at::scatter_reduce(x, 0, index, x, sum), torch::tensor({4.0, 2.0, 8.0})));
  CHECK(torch::equal(x.scatter(0, index, 1.0, add), torch::tensor({3.0, 2.0, 5.0})));
  CHECK(torch::equal(x.index_reduce(0, index, x, prod), torch::tensor({2.0, 2.0, 16.0})));
  CHECK(torch::equal(at::searchsorted(x, x, false, false, right), torch::tensor({1, 2, 3})));
  CHECK(at::quantile(x, 0.6, 0, false, lower).item<double>() == 2);
  CHECK(torch::equal(at::gelu(x, tanh), at::gelu(x, "tanh")));
  CHECK(torch::equal(at::pad(x.view({1, 3}), {1, 1}, View("replicate")),
                     torch::tensor({{1.0, 1.0, 2.0, 4.0, 4.0}})));
  CHECK(torch::meshgrid({x, x}, View("xy"))[0][0].equal(x));
  const Tensor image = torch::ones({1, 1, 4, 4}), kernel = torch::ones({1, 1, 3, 3});
  CHECK(at::conv2d(image, kernel, {}, 1, View("same")).sizes() == image.sizes());
}

TEST_CASE("tolerances of ranks and pseudo-inverses are numbers or tensors") {
  const Tensor m = torch::diag(torch::tensor({1.0, kTenth}));
  const c10::optional<Tensor> none, half = torch::tensor(0.5, torch::kDouble);
  const Tensor two = torch::tensor({0.05, 0.5});
  CHECK(torch::equal(at::linalg_matrix_rank(m, two), torch::tensor({2, 1})));
  CHECK(torch::equal(at::linalg_matrix_rank(m, two, true), torch::tensor({2, 1})));
  CHECK(at::linalg_matrix_rank(m, half, none).item<int64_t>() == 1);
  CHECK(at::linalg_matrix_rank(m, none, none).item<int64_t>() == 2);
  CHECK(at::linalg_matrix_rank(m, 0.5).item<int64_t>() == 1);
  CHECK(at::linalg_matrix_rank(torch::zeros({3, 0, 0}), two).equal(torch::zeros({3}, torch::kLong)));
  CHECK(torch::allclose(at::linalg_pinv(m, two)[0], torch::diag(torch::tensor({1.0, 10.0}))));
  CHECK(torch::allclose(at::linalg_pinv(m, two)[1], torch::diag(torch::tensor({1.0, 0.0}))));
  CHECK(torch::allclose(at::linalg_pinv(m, none, half, true), at::linalg_pinv(m, 0.5)));
  Tensor out = torch::empty({0}, torch::kLong);
  CHECK(at::linalg_matrix_rank_out(out, m, two).equal(torch::tensor({2, 1})));
}

TEST_CASE("images are resized by scales alone") {
  const Tensor line = torch::tensor({1.0, 2.0}).view({1, 1, 2});
  const std::vector<double> twice{2.0};
  CHECK(torch::equal(at::upsample_nearest1d(line, c10::nullopt, twice).flatten(),
                     torch::tensor({1.0, 1.0, 2.0, 2.0})));
  CHECK(torch::equal(torch::upsample_linear1d(line, c10::nullopt, true, twice).flatten()[3],
                     torch::tensor(2.0, torch::kDouble)));
  const Tensor image = torch::rand({1, 1, 2, 3});
  const std::vector<double> scales{2.0, 1.5};
  CHECK(torch::equal(at::upsample_bilinear2d(image, c10::nullopt, false, scales),
                     at::upsample_bilinear2d(image, {4, 4}, false, 2.0, 1.5)));
  CHECK(torch::equal(at::upsample_bicubic2d(image, at::IntArrayRef{4, 4}, false, c10::nullopt),
                     at::upsample_bicubic2d(image, {4, 4}, false)));
  CHECK_THROWS_AS(at::upsample_nearest2d(image, c10::nullopt, c10::nullopt), c10::Error);
}

TEST_CASE("rounding in place takes decimals, and records its derivative") {
  Tensor x = torch::tensor({1.234, 5.678});
  CHECK(torch::allclose(x.round_(1), torch::tensor({1.2, 5.7})));
  CHECK(torch::equal(at::round_(x, 0), torch::tensor({1.0, 6.0})));
  const Tensor leaf = torch::ones({2}, torch::requires_grad());
  (leaf * 2).round_(1).sum().backward();
  CHECK(torch::equal(leaf.grad(), torch::zeros({2})));
}

TEST_CASE("rrelu is a function of tensors too") {
  const Tensor x = torch::tensor({-1.0, -2.0, 3.0});
  CHECK(torch::allclose(torch::rrelu(x, 0.1, 0.3), torch::tensor({-0.2, -0.4, 3.0})));
  torch::manual_seed(0);
  const Tensor drawn = torch::rrelu(x, 0.1, 0.3, true);
  at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(0);
  CHECK(torch::equal(torch::rrelu(x, 0.1, 0.3, true, generator), drawn));
  CHECK(torch::equal(torch::rrelu(x, 0.1, 0.3, true, at::detail::createCPUGenerator(0)), drawn));
  CHECK((drawn / x).min().item<double>() >= kTenth);
  Tensor in_place = x.clone();
  torch::rrelu_(in_place, 0.1, 0.3);
  CHECK(torch::allclose(in_place, torch::rrelu(x, 0.1, 0.3)));
  CHECK_THROWS_AS(torch::rrelu(x, 0.3, 0.1), c10::Error);
}

TEST_CASE("layers and losses write into a tensor that is given") {
  const Tensor x = torch::rand({2, 3}), w = torch::rand({4, 3}), target = torch::rand({2, 3});
  Tensor out = torch::empty({0});
  CHECK(torch::equal(at::linear_out(out, x, w), torch::linear(x, w)));
  out = torch::empty({0});
  CHECK(torch::equal(at::gelu_out(out, x, "tanh"), torch::gelu(x, "tanh")));
  CHECK(torch::equal(at::silu_out(out, x), torch::silu(x)));
  out = torch::empty({0});
  CHECK(torch::equal(at::mse_loss_out(out, x, target, at::Reduction::Sum),
                     torch::mse_loss(x, target, at::Reduction::Sum)));
  const Tensor image = torch::rand({1, 2, 4, 4});
  Tensor pooled = torch::empty({0}), places = torch::empty({0}, torch::kLong);
  at::max_pool2d_with_indices_out(pooled, places, image, {2, 2});
  CHECK(torch::equal(pooled, torch::max_pool2d(image, 2)));
  CHECK(torch::equal(at::avg_pool2d_out(pooled, image, {2, 2}), torch::avg_pool2d(image, 2)));
  pooled = torch::empty({0});
  CHECK(torch::equal(at::reflection_pad2d_out(pooled, image, {1, 1, 1, 1}),
                     torch::reflection_pad2d(image, {1, 1, 1, 1})));
  Tensor tracked = torch::rand({2, 3}, torch::requires_grad());
  CHECK_THROWS_AS(at::silu_out(out, tracked), c10::Error);
}

TEST_CASE("convolutions and windows write into a tensor that is given") {
  const Tensor image = torch::rand({1, 2, 5, 5}), weight = torch::rand({3, 2, 3, 3}), bias = torch::rand({3});
  Tensor out = torch::empty({0});
  CHECK(torch::equal(at::convolution_out(out, image, weight, bias, {2, 2}, {1, 1}, {1, 1}, false, {0, 0}, 1),
                     torch::conv2d(image, weight, bias, 2, 1)));
  out = torch::empty({0});
  CHECK(torch::equal(at::thnn_conv2d_out(out, image, weight, {3, 3}, bias, {1, 1}),
                     torch::conv2d(image, weight, bias)));
  out = torch::empty({0});
  const Tensor back = torch::rand({2, 3, 3, 3});
  CHECK(torch::equal(at::slow_conv_transpose2d_out(out, image, back, {3, 3}, {}, {2, 2}, {1, 1}, {1, 1}),
                     torch::conv_transpose2d(image, back, {}, 2, 1, 1)));
  Tensor columns = torch::empty({0}), images = torch::empty({0});
  at::im2col_out(columns, image, {3, 3}, {1, 1}, {0, 0}, {1, 1});
  CHECK(torch::equal(columns, torch::nn::functional::unfold(image, torch::nn::UnfoldOptions(3))));
  at::col2im_out(images, columns, {5, 5}, {3, 3}, {1, 1}, {0, 0}, {1, 1});
  CHECK(torch::equal(images[0][0][2][2], image[0][0][2][2] * 9));
  Tensor tracked = torch::rand({1, 2, 5, 5}, torch::requires_grad());
  CHECK_THROWS_AS(at::im2col_out(columns, tracked, {3, 3}, {1, 1}, {0, 0}, {1, 1}), c10::Error);
}

TEST_CASE("a using-directive of torch::nn or torch::data leaves one meaning to the namespaces in them") {
  using namespace torch::nn;
  using namespace torch::data;
  Tensor x = torch::empty({2}, torch::requires_grad());
  init::ones_(x);
  functional::relu(x).sum().backward();
  CHECK(utils::clip_grad_norm_(x, 1.0) == doctest::Approx(std::sqrt(2.0)));
  CHECK(samplers::SequentialSampler(3).next(2)->size() == 2);
  auto set = datasets::TensorDataset(torch::ones({4, 2})).map(transforms::Stack<TensorExample>());
  CHECK(set.size().value() == 4);
}

TEST_CASE("an error is made of a message and a backtrace too") {
  CHECK_THROWS_WITH_AS(throw c10::Error("boom", "in main"), "boom", c10::Error);
  CHECK_THROWS_WITH_AS(throw c10::IndexError("boom", std::string(), nullptr), "boom", c10::IndexError);
}

TEST_CASE("packed accessors reach elements, with sizes of their own") {
  const Tensor x = torch::arange(12, torch::kFloat).view({3, 4}).t();
  const auto small = x.packed_accessor32<float, 2>();
  torch::PackedTensorAccessor64<float, 2> large = x.packed_accessor64<float, 2>();
  CHECK(small[3][1] == 7);
  CHECK(large[1][2] == 9);
  CHECK(small.size(0) == 4);
  CHECK(large.stride(0) == 1);
  CHECK(large.data() == x.data_ptr<float>());
  large[0][0] = 5;
  CHECK(x.packed_accessor<float, 2>()[0][0] == 5);
  const Tensor line = x[1].contiguous();
  CHECK(line.packed_accessor32<float, 1>()[2] == 9);
  CHECK_THROWS_AS((x.packed_accessor32<float, 1>()), c10::Error);
  CHECK_THROWS_AS((x.packed_accessor64<double, 2>()), c10::Error);
  const Tensor many = torch::zeros({1}).expand({int64_t{1} << 32});
  CHECK_THROWS_WITH_AS((many.packed_accessor32<float, 1>()), doctest::Contains("32 bits"), c10::Error);
}

TEST_CASE("tensors and dtypes say what they are by LibTorch's names") {
  const Tensor x = torch::ones({2, 2});
  CHECK(x.toString() == "CPUFloatType");
  CHECK(torch::ones({1}, torch::kLong).toString() == "CPULongType");
  CHECK(Tensor().toString() == "UndefinedType");
  CHECK(x.name().empty());
  CHECK(x.is_alias_of(x[1]));
  CHECK_FALSE(x.is_alias_of(x.clone()));
  CHECK_THROWS_AS(x.is_alias_of(Tensor()), c10::Error);
  const caffe2::TypeMeta meta = torch::ones({1}, torch::kLong).dtype();
  CHECK(meta.name() == "long int");
  CHECK(caffe2::TypeMeta::Make<float>().name() == "float");
}

TEST_CASE("a list of sizes has its old name too") {
  const std::vector<int64_t> sizes{2, 3};
  CHECK(legacy(sizes) == at::IntArrayRef(sizes));
}

TEST_CASE("special functions have their names outside of torch::special") {
  const Tensor x = torch::tensor({0.25, 0.5}), y = torch::tensor({2.0, 3.0});
  CHECK(torch::equal(at::special_expit(x), torch::sigmoid(x)));
  CHECK(torch::equal(torch::special_gammaln(y), torch::lgamma(y)));
  CHECK(torch::equal(at::special_polygamma(1, y), torch::polygamma(1, y)));
  CHECK(torch::equal(at::special_xlogy(2, x), torch::xlogy(2, x)));
  CHECK(torch::equal(at::special_logit(x, 1e-3), torch::logit(x, 1e-3)));
  CHECK(torch::equal(at::special_logsumexp(x, {0}, true), torch::logsumexp(x, {0}, true)));
  CHECK(torch::equal(at::special_softmax(x, 0), torch::softmax(x, 0)));
  Tensor out = torch::empty({0}, torch::kDouble);
  CHECK(torch::equal(at::special_erf_out(out, x), torch::erf(x)));
}

TEST_CASE("an AnyModule gives its module as a holder that shares it") {
  torch::nn::AnyModule any(torch::nn::Linear(2, 3));
  torch::nn::Linear holder = any.get<torch::nn::Linear>();
  torch::nn::LinearImpl& module = any.get<torch::nn::LinearImpl>();
  CHECK(holder.get() == &module);
  CHECK_THROWS_AS(any.get<torch::nn::Conv2d>(), c10::TypeError);
}

TEST_CASE("a ModuleDict takes pairs in braces, dictionaries and ModuleDicts") {
  const std::shared_ptr<torch::nn::Module> relu = torch::nn::ReLU().ptr();
  torch::nn::ModuleDict dict, copy;
  dict->update({{"a", relu}, {"b", torch::nn::Linear(2, 2).ptr()}});
  dict->update(torch::OrderedDict<std::string, std::shared_ptr<torch::nn::Module>>{{"c", relu}});
  copy->update(*dict);
  CHECK(copy->keys() == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("a module says whether it can be saved") {
  CHECK(torch::nn::Linear(1, 1)->is_serializable());
  CHECK_FALSE(torch::nn::Functional(torch::relu)->is_serializable());
}

TEST_CASE("a loader's options are fields with a value each") {
  const auto options = torch::data::DataLoaderOptions().batch_size(2).workers(1);
  auto set = torch::data::datasets::TensorDataset(torch::ones({4, 2}));
  auto loader = torch::data::make_data_loader(std::move(set), options);
  const torch::data::FullDataLoaderOptions& full = loader->options();
  CHECK(full.batch_size == 2);
  CHECK(full.max_jobs == 2);
  CHECK(full.enforce_ordering);
  CHECK_FALSE(full.drop_last);
  CHECK_FALSE(full.timeout.has_value());
}

TEST_CASE("dims are a list, a number, an optional one of these, or none") {
  const Tensor a = matrix();
  const std::vector<int64_t> both{0, 1};
  const c10::optional<at::IntArrayRef> none, dims = at::IntArrayRef(both);
  CHECK(torch::equal(at::sum(a, none), a.sum()));
  CHECK(torch::equal(a.mean(dims, true), a.mean().view({1, 1})));
  CHECK(torch::equal(at::var(a, none, /*unbiased=*/true), a.var()));
  CHECK(torch::equal(a.count_nonzero(c10::optional<int64_t>(1)), at::count_nonzero(a, 1)));
}

TEST_CASE("decompositions and norms with an out, and in place as functions") {
  const Tensor a = matrix();
  Tensor first = torch::empty({0}), second = torch::empty({0}, at::kInt), third = torch::empty({0}, at::kInt);
  at::linalg_lu_factor_ex_out(first, second, third, a);
  CHECK(torch::equal(first, std::get<0>(at::linalg_lu_factor(a))));
  CHECK(third.item<int>() == 0);
  Tensor out = torch::empty({0});
  CHECK(torch::allclose(at::linalg_lu_solve_out(out, first, second, a), torch::eye(2)));
  CHECK(torch::equal(at::cholesky_inverse_out(out, a), at::cholesky_inverse(a)));
  CHECK(torch::equal(at::linalg_vecdot_out(out, a, a), (a * a).sum(-1)));
  CHECK(torch::allclose(at::frobenius_norm(a, {0, 1}), a.norm()));
  CHECK(torch::allclose(at::nuclear_norm(a), torch::tensor(7.0)));  // of a definite matrix: the trace
  Tensor numbers = torch::tensor({4, 6});
  at::gcd_(numbers, torch::tensor({6, 9}));
  CHECK(torch::equal(numbers, torch::tensor({2, 3})));
  CHECK(torch::equal(a.where(a > 2, 0), torch::tensor({{4.0, 0.0}, {0.0, 3.0}})));
}

TEST_CASE("values hold lists and numbers, and say of which type they are") {
  const std::vector<int64_t> sizes{2, 3};
  const c10::IValue list = at::IntArrayRef(sizes), number = at::Scalar(2.5), none,
                    tuple = std::make_tuple(1, 2);
  CHECK(list.isIntList());
  CHECK_FALSE((list.isDoubleList() || list.isTensorList() || list.isBoolList() || tuple.isIntList()));
  CHECK(list.toIntList().vec() == sizes);
  CHECK(list.toIntList().get(1) == 3);
  CHECK(list.to<std::vector<int>>() == std::vector<int>{2, 3});
  CHECK((number.isScalar() && number.toScalar().equal(2.5)));
  CHECK((c10::IValue(at::Scalar(true)).isBool() && c10::IValue(at::Scalar(3)).isInt()));
  CHECK(number.to<float>() == 2.5F);
  CHECK(number.toOptional<double>() == c10::optional<double>(2.5));
  CHECK_FALSE(none.toOptional<Tensor>().has_value());
  CHECK_THROWS_AS(list.to<std::string>(), c10::TypeError);
  CHECK(std::string(list.tagKind()) + number.tagKind() + none.tagKind() + tuple.tagKind() ==
        "GenericListDoubleNoneTuple");
  const c10::IValue tensors = std::vector<Tensor>{torch::ones({2}), torch::ones({1})};
  CHECK(torch::cat(tensors.toTensorList()).numel() == 3);
  c10::List<int64_t> ints({4, 5});
  ints.set(0, 7);
  CHECK((ints.get(0) == 7 && ints.size() == 2));
}

TEST_CASE("a dictionary with types keeps what is there, unless it is told to assign") {
  c10::Dict<std::string, Tensor> dict;
  CHECK(dict.empty());
  CHECK(dict.insert("k", torch::ones({1})).second);
  CHECK_FALSE(dict.insert("k", torch::ones({2})).second);
  CHECK(dict.at("k").numel() == 1);
  dict.insert_or_assign("k", torch::ones({4}));
  CHECK(dict.find("k")->value().numel() == 4);
  CHECK(dict.find("q") == dict.end());
  CHECK_THROWS_AS(dict.at("q"), c10::Error);
}

TEST_CASE("a list of tensors is concatenated, not written") {
  const std::vector<Tensor> parts{torch::ones({1, 2}), torch::zeros({1, 2})};
  CHECK(torch::concat(parts).sizes() == at::IntArrayRef{2, 2});
  CHECK(torch::concat(parts, 1).sizes() == at::IntArrayRef{1, 4});
  CHECK(torch::concat(at::TensorList(parts), -1).sizes() == at::IntArrayRef{1, 4});
  CHECK(torch::concat({parts[0], parts[1]}, 1).sizes() == at::IntArrayRef{1, 4});
}

TEST_CASE("norms take dimensions in braces") {
  const Tensor a = matrix();
  CHECK(torch::equal(at::linalg_vector_norm(a, 2, {1}, true), a.norm(2, {1}, true)));
  CHECK(torch::equal(at::linalg_vector_norm(a, 2, {1}, true, c10::nullopt), a.norm(2, {1}, true)));
  CHECK(torch::allclose(at::linalg_norm(a, "fro", {0, 1}), a.norm()));
  CHECK(torch::equal(at::linalg_norm(a, 1, {0}), a.abs().sum(0)));
}

TEST_CASE("code is chosen for dtypes beside those of a family") {
  const auto size_of = [](const Tensor& t) {
    return AT_DISPATCH_ALL_TYPES_AND2(at::kBool, at::kHalf, t.scalar_type(), "size_of",
                                      [&] { return sizeof(scalar_t); });
  };
  CHECK((size_of(torch::ones({1}, at::kBool)) == 1 && size_of(torch::ones({1}, at::kHalf)) == 2));
  CHECK_THROWS_WITH_AS(size_of(torch::ones({1}, at::kBFloat16)), "size_of is not implemented for 'BFloat16'",
                       c10::Error);
  const std::string name = "chosen";
  const auto chosen = [&](at::ScalarType t) {
    return AT_DISPATCH_SWITCH(t, name.c_str(), AT_DISPATCH_CASE(at::kBFloat16, [&] {
                                return 1;
                              }) AT_DISPATCH_CASE_FLOATING_TYPES([&] { return 2; }));
  };
  CHECK((chosen(at::kBFloat16) == 1 && chosen(at::kDouble) == 2));
  CHECK_THROWS_AS(chosen(at::kInt), c10::Error);
  const auto index = [](at::ScalarType t) {
    return AT_DISPATCH_INDEX_TYPES(t, "index", [] { return sizeof(index_t); });
  };
  CHECK((index(at::kInt) == 4 && index(at::kLong) == 8));
  CHECK((AT_DISPATCH_FLOATING_AND_COMPLEX_TYPES(at::kFloat, "f", [] { return sizeof(scalar_t); })) == 4);
  CHECK((std::is_same<c10::impl::ScalarTypeToCPPTypeT<at::kChar>, int8_t>::value));
}

TEST_CASE("the smaller helpers of c10") {
  CHECK_THROWS_AS(TORCH_CHECK_NOT_IMPLEMENTED(false, "not yet"), c10::NotImplementedError);
  CHECK_THROWS_WITH_AS(C10_THROW_ERROR(ValueError, "thrown"), "thrown", c10::ValueError);
  CHECK_THROWS_AS(AT_INDEX_ERROR("at ", 3), c10::IndexError);
  const std::vector<int64_t> sizes{2, 3, 4};
  CHECK(
      (c10::multiply_integers(sizes) == 24 && c10::multiply_integers(sizes.begin() + 1, sizes.end()) == 12));
  CHECK(c10::sum_integers(sizes) == 9);
  CHECK(c10::DeviceTypeName(at::kCPU) + c10::DeviceTypeName(at::kCUDA, true) == "CPUcuda");
  CHECK((C10_LIKELY(1 < 2) && !C10_UNLIKELY(1 > 2)));
  CHECK(at::elementSize(at::typeMetaToScalarType(at::scalarTypeToTypeMeta(at::kDouble))) == 8);
  const at::Scalar number = 3;
  CHECK((number.toHalf() == 3 && number.toBFloat16() == 3 && number.toShort() == 3 && number.toByte() == 3));
  CHECK_THROWS_AS(at::Scalar(300).toChar(), c10::Error);
}
