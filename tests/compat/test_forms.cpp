// Forms of calls that LibTorch's headers have: each compiles, and gives what the plain form gives.
#include <torch/torch.h>

#include <doctest/doctest.h>

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
