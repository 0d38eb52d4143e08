// The machine that runs a pickle: a stack of values, and a memo of those that are used again. Private to the
// library.
#pragma once

#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <variant>

#include <xgrad/io/pickle.h>

namespace xgrad::io {

class Unpickler {
 public:
  Unpickler(Cursor& in, const FindStorage& find_storage) : in_(in), find_storage_(find_storage) {}
  /// Empties what is no part of the result, for it may be deep, or contain itself.
  ~Unpickler();
  IValue run();

 private:
  struct Mark {};
  struct Global {
    std::string name;
  };
  struct StorageRef {
    intrusive_ptr<StorageImpl> storage;
    ScalarType dtype;
  };
  struct Arguments;
  /// Arguments are a tuple with something in it that is no IValue.
  using Value = std::variant<IValue, Mark, Global, StorageRef, std::shared_ptr<const Arguments>>;
  using Values = std::vector<Value>;
  struct Arguments {
    Values values;
    int depth;
  };
  using Sequence = std::shared_ptr<IValue::Sequence>;
  using Dictionary = std::shared_ptr<GenericDict>;

  void run_one(uint8_t op);
  bool push_number(uint8_t op);
  bool push_text(uint8_t op);
  bool push_container(uint8_t op);
  bool fill_container(uint8_t op);
  bool use_memo(uint8_t op);
  bool use_names(uint8_t op);

  // ---- the stack
  template <class V>
  void push(V&& value) {
    stack_.emplace_back(std::forward<V>(value));
  }
  Value pop();
  Value& top();
  IValue pop_ivalue() { return as_ivalue(pop()); }
  Values pop_to_mark();
  IValue::List pop_ivalues_to_mark();
  IValue as_ivalue(const Value& value) const;
  const std::string& as_text(const Value& value) const;
  void recall(uint64_t key);

  // ---- containers, which stay open for change until the end
  IValue new_list(IValue::List elements, bool is_tuple);
  IValue new_dict();
  Value new_tuple(Values values);
  IValue::List& open_list();
  GenericDict& open_dict(const Value& value);
  void set_items(GenericDict& dict, const IValue::List& keys_and_values);
  std::size_t height(const IValue& value, std::size_t depth);

  // ---- numbers and texts
  int64_t integer_of(std::string_view little_endian) const;
  int64_t integer_in(std::string_view text) const;
  double double_in(std::string_view text) const;
  std::string unquoted(std::string_view text) const;
  std::string unescaped(std::string_view text) const;

  // ---- what a pickle may name
  Value global(std::string_view module, std::string_view name) const;
  Value storage(const Value& id);
  IValue call(const Value& function, const Values& arguments);
  IValue make_tensor(const std::string& function, const Values& arguments);
  IValue make_parameter(const Values& arguments);
  IValue encoded(const Values& arguments) const;
  Values values_of(const Value& tuple) const;

  // ---- objects of other libraries
  static bool is_object(std::string_view name);
  IValue new_object();
  IValue new_placeholder();
  IValue make_object(const std::string& name, const Values& arguments);
  Tensor numpy_array(const IValue& dtype, const IValue& shape, bool fortran, const IValue& bytes) const;
  void build();
  IValue content_of(const IValue& state, const IValue& otherwise) const;
  void check_numpy_dtype(const IValue& state) const;

  template <class... A>
  [[noreturn]] void fail(const A&... text) const {
    in_.source().fail_at(op_at_, text...);
  }

  Cursor& in_;
  const FindStorage& find_storage_;
  Values stack_;
  std::unordered_map<uint64_t, Value> memo_;
  std::vector<Sequence> lists_;
  std::vector<Dictionary> dicts_;
  std::unordered_set<const void*> objects_;               // dicts that are the attributes of an object
  std::unordered_map<const void*, IValue> become_;        // what stands for the dicts that are placeholders
  std::unordered_map<const void*, std::size_t> heights_;  // of the containers in the result; 0 while unknown
  uint64_t op_at_ = 0;
};

}  // namespace xgrad::io
