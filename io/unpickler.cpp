// Runs a pickle: the opcodes of CPython's pickletools.py. What it may name stands in
// unpickler_names.cpp and unpickler_objects.cpp.
#include <xgrad/io/unpickler.h>

#include <bit>
#include <charconv>

namespace xgrad::io {

namespace {

// Python's own pickler cannot go deeper than its stack of calls.
constexpr std::size_t kDeepestList = 1000;

bool is_key(const IValue& v) { return !v.isTensor() && !v.isList() && !v.isGenericDict(); }

void append_utf8(std::string& text, uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  text += static_cast<char>((0xF0 << (3 - more) & 0xFF) | code >> (6 * more));
  for (int i = more; i-- > 0;) text += static_cast<char>(0x80 | (code >> (6 * i) & 0x3F));
}

}  // namespace

IValue unpickle(Cursor& in, const FindStorage& find_storage) { return Unpickler(in, find_storage).run(); }

Unpickler::~Unpickler() {
  for (const Sequence& list : lists_)
    if (heights_.count(&list->elements) == 0) list->elements.clear();
  for (const Dictionary& dict : dicts_)
    if (heights_.count(dict.get()) == 0) dict->clear();
}

IValue Unpickler::run() {
  for (;;) {
    op_at_ = in_.position();
    const auto op = in_.get<uint8_t>();
    if (op == '.') break;
    run_one(op);
  }
  IValue result = pop_ivalue();
  try {
    height(result, 0);
  } catch (...) {
    heights_.clear();
    throw;
  }
  return result;
}

void Unpickler::run_one(uint8_t op) {
  switch (op) {
    case 0x80: {  // PROTO
      if (const auto protocol = in_.get<uint8_t>(); protocol > 5)
        fail("protocol ", static_cast<int>(protocol), " is not known: up to 5 can be read");
      return;
    }
    case 0x95:
      in_.skip(8);
      return;  // FRAME
    case '(':
      push(Mark());
      return;
    case '0':
      pop();
      return;
    case '1':
      pop_to_mark();
      return;
    case '2':
      push(Value(top()));
      return;
    case 'N':
      push(IValue());
      return;
    case 0x88:
      push(IValue(true));
      return;
    case 0x89:
      push(IValue(false));
      return;
    default:
      break;
  }
  if (!(push_number(op) || push_text(op) || push_container(op) || fill_container(op) || use_memo(op) ||
        use_names(op)))
    fail("opcode ", static_cast<int>(op), " is not one of those that files of tensors need");
}

// ---- numbers and texts

bool Unpickler::push_number(uint8_t op) {
  switch (op) {
    case 'J':
      push(IValue(in_.get<int32_t>()));
      return true;
    case 'K':
      push(IValue(in_.get<uint8_t>()));
      return true;
    case 'M':
      push(IValue(in_.get<uint16_t>()));
      return true;
    case 0x8a:
      push(IValue(integer_of(in_.bytes(in_.get<uint8_t>()))));
      return true;
    case 0x8b:
      push(IValue(integer_of(in_.bytes(in_.get<uint32_t>()))));
      return true;
    case 'I': {
      const std::string_view text = in_.line();
      push(text == "00" || text == "01" ? IValue(text == "01") : IValue(integer_in(text)));
      return true;
    }
    case 'L': {
      std::string_view text = in_.line();
      if (!text.empty() && text.back() == 'L') text.remove_suffix(1);
      push(IValue(integer_in(text)));
      return true;
    }
    case 'F':
      push(IValue(double_in(in_.line())));
      return true;
    case 'G': {
      uint64_t bits = 0;
      for (const char byte : in_.bytes(8)) bits = bits << 8 | static_cast<unsigned char>(byte);
      push(IValue(std::bit_cast<double>(bits)));
      return true;
    }
    default:
      return false;
  }
}

bool Unpickler::push_text(uint8_t op) {
  switch (op) {
    case 'U':
    case 0x8c:
    case 'C':
      push(IValue(std::string(in_.bytes(in_.get<uint8_t>()))));
      return true;
    case 'T':
    case 'X':
    case 'B':
      push(IValue(std::string(in_.bytes(in_.get<uint32_t>()))));
      return true;
    case 0x8d:
    case 0x8e:
    case 0x96:
      push(IValue(std::string(in_.bytes(in_.get<uint64_t>()))));
      return true;
    case 'S':
      push(IValue(unquoted(in_.line())));
      return true;
    case 'V':
      push(IValue(unescaped(in_.line())));
      return true;
    default:
      return false;
  }
}

int64_t Unpickler::integer_of(std::string_view bytes) const {
  if (bytes.size() > 8) fail("an integer of ", bytes.size(), " bytes does not fit into 64 bits");
  uint64_t value = !bytes.empty() && (bytes.back() & 0x80) ? ~uint64_t{0} : 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return static_cast<int64_t>(value);
}

int64_t Unpickler::integer_in(std::string_view text) const {
  int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) fail("this is no integer of 64 bits");
  return value;
}

double Unpickler::double_in(std::string_view text) const {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) fail("this is no number");
  return value;
}

std::string Unpickler::unquoted(std::string_view text) const {
  if (text.size() < 2 || text.front() != text.back() || (text.front() != '\'' && text.front() != '"') ||
      text.find('\\') != std::string_view::npos)
    fail("this is no string in quotes, or has a backslash");
  return std::string(text.substr(1, text.size() - 2));
}

std::string Unpickler::unescaped(std::string_view text) const {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape =
        text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 'u' || text[i + 1] == 'U');
    uint32_t code = static_cast<unsigned char>(text[i]);
    if (is_escape) {
      const std::string_view digits = text.substr(i + 2, text[i + 1] == 'u' ? 4 : 8);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
      if (error != std::errc() || end != digits.data() + digits.size() || code > 0x10FFFF)
        fail("a bad escape");
      i += 1 + digits.size();
    }
    append_utf8(result, code);
  }
  return result;
}

// ---- the stack

Unpickler::Value Unpickler::pop() {
  Value value = std::move(top());
  stack_.pop_back();
  return value;
}

Unpickler::Value& Unpickler::top() {
  if (stack_.empty()) fail("a value is missing");
  return stack_.back();
}

Unpickler::Values Unpickler::pop_to_mark() {
  std::size_t at = stack_.size();
  while (at > 0 && !std::holds_alternative<Mark>(stack_[at - 1])) --at;
  if (at == 0) fail("a mark is missing");
  const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(at);
  Values values(std::make_move_iterator(first), std::make_move_iterator(stack_.end()));
  stack_.erase(first - 1, stack_.end());
  return values;
}

IValue::List Unpickler::pop_ivalues_to_mark() {
  IValue::List values;
  for (const Value& value : pop_to_mark()) values.push_back(as_ivalue(value));
  return values;
}

IValue Unpickler::as_ivalue(const Value& value) const {
  if (const auto* name = std::get_if<Global>(&value)) return name->name;
  if (!std::holds_alternative<IValue>(value)) fail("a value is missing, or is a storage outside of a tensor");
  return std::get<IValue>(value);
}

const std::string& Unpickler::as_text(const Value& value) const {
  const auto* text = std::get_if<IValue>(&value);
  if (!text || !text->isString()) fail("this is not the name that should be here");
  return text->toStringRef();
}

bool Unpickler::use_memo(uint8_t op) {
  switch (op) {
    case 'p':
      memo_[static_cast<uint64_t>(integer_in(in_.line()))] = top();
      return true;
    case 'q':
      memo_[in_.get<uint8_t>()] = top();
      return true;
    case 'r':
      memo_[in_.get<uint32_t>()] = top();
      return true;
    case 0x94:
      memo_[memo_.size()] = top();
      return true;
    case 'g':
      recall(static_cast<uint64_t>(integer_in(in_.line())));
      return true;
    case 'h':
      recall(in_.get<uint8_t>());
      return true;
    case 'j':
      recall(in_.get<uint32_t>());
      return true;
    default:
      return false;
  }
}

void Unpickler::recall(uint64_t key) {
  const auto known = memo_.find(key);
  if (known == memo_.end()) fail("value ", key, " is used before it is there");
  const auto* value = std::get_if<IValue>(&known->second);
  const auto placeholder =
      value && value->isGenericDict() ? become_.find(&value->toGenericDict()) : become_.end();
  push(placeholder == become_.end() ? Value(known->second) : Value(placeholder->second));
}

// ---- containers

IValue Unpickler::new_list(IValue::List elements, bool is_tuple) {
  IValue value(std::move(elements), is_tuple);
  lists_.push_back(std::get<Sequence>(value.value_));
  return value;
}

IValue Unpickler::new_dict() {
  IValue value{GenericDict()};
  dicts_.push_back(std::get<Dictionary>(value.value_));
  return value;
}

Unpickler::Value Unpickler::new_tuple(Values values) {
  bool plain = true;
  int depth = 1;
  for (const Value& value : values) {
    plain = plain && std::holds_alternative<IValue>(value);
    if (const auto* inner = std::get_if<std::shared_ptr<const Arguments>>(&value))
      depth = std::max(depth, (*inner)->depth + 1);
  }
  if (depth > 8) fail("arguments lie too deep in each other");
  if (!plain) return std::make_shared<const Arguments>(Arguments{std::move(values), depth});
  IValue::List elements;
  for (Value& value : values) elements.push_back(std::move(std::get<IValue>(value)));
  return new_list(std::move(elements), true);
}

bool Unpickler::push_container(uint8_t op) {
  switch (op) {
    case ']':
    case 0x8f:
      push(new_list({}, false));
      return true;  // also of a set
    case ')':
      push(new_list({}, true));
      return true;
    case '}':
      push(new_dict());
      return true;
    case 'l':
    case 0x91:
      push(new_list(pop_ivalues_to_mark(), false));
      return true;
    case 't':
      push(new_tuple(pop_to_mark()));
      return true;
    case 'd': {
      const IValue::List items = pop_ivalues_to_mark();
      push(new_dict());
      set_items(open_dict(top()), items);
      return true;
    }
    case 0x85:
    case 0x86:
    case 0x87: {
      Values values(static_cast<std::size_t>(op - 0x84));
      for (std::size_t i = values.size(); i-- > 0;) values[i] = pop();
      push(new_tuple(std::move(values)));
      return true;
    }
    default:
      return false;
  }
}

bool Unpickler::fill_container(uint8_t op) {
  switch (op) {
    case 'a': {
      IValue value = pop_ivalue();
      open_list().push_back(std::move(value));
      return true;
    }
    case 'e':
    case 0x90: {
      const IValue::List values = pop_ivalues_to_mark();
      IValue::List& list = open_list();
      list.insert(list.end(), values.begin(), values.end());
      return true;
    }
    case 's': {
      IValue value = pop_ivalue(), key = pop_ivalue();
      set_items(open_dict(top()), {std::move(key), std::move(value)});
      return true;
    }
    case 'u': {
      const IValue::List items = pop_ivalues_to_mark();
      set_items(open_dict(top()), items);
      return true;
    }
    default:
      return false;
  }
}

IValue::List& Unpickler::open_list() {
  const auto* value = std::get_if<IValue>(&top());
  if (!value || !value->isList() || value->isTuple()) fail("elements are added to what is no list");
  return std::get<Sequence>(value->value_)->elements;
}

GenericDict& Unpickler::open_dict(const Value& value) {
  const auto* dict = std::get_if<IValue>(&value);
  if (!dict || !dict->isGenericDict()) fail("items are added to what is no dict");
  return *std::get<Dictionary>(dict->value_);
}

void Unpickler::set_items(GenericDict& dict, const IValue::List& keys_and_values) {
  if (keys_and_values.size() % 2 != 0) fail("a dict has a key without a value");
  for (std::size_t i = 0; i < keys_and_values.size(); i += 2) {
    const IValue& key = keys_and_values[i];
    bool good = is_key(key);
    if (key.isTuple()) {
      good = true;
      for (const IValue& element : key.toListRef()) good = good && is_key(element);
    }
    if (!good) fail("the key of a dict is no number, text or tuple of these");
    dict.insert_or_assign(key, keys_and_values[i + 1]);
  }
}

// How deep containers lie in each other below this one. Each is visited once, however often it is used.
std::size_t Unpickler::height(const IValue& value, std::size_t depth) {
  if (!value.isList() && !value.isGenericDict()) return 0;
  const void* identity =
      value.isList() ? static_cast<const void*>(&value.toListRef()) : &value.toGenericDict();
  const auto [known, is_new] = heights_.emplace(identity, 0);
  if (!is_new && known->second == 0) fail("a list or dict contains itself");
  std::size_t found = known->second;
  if (is_new) {
    const auto look_into = [&](const IValue& inner) { found = std::max(found, height(inner, depth + 1)); };
    if (depth > kDeepestList) fail("lists and dicts lie more than ", kDeepestList, " deep in each other");
    if (value.isList())
      for (const IValue& element : value.toListRef()) look_into(element);
    else
      for (const auto& item : value.toGenericDict()) {
        look_into(item.key());
        look_into(item.value());
      }
    heights_[identity] = ++found;
  }
  if (depth + found > kDeepestList)
    fail("lists and dicts lie more than ", kDeepestList, " deep in each other");
  return found;
}

}  // namespace xgrad::io
