// Writes pickles of protocol 2, with the classes that torch.save uses.
#include <bit>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/io/pickle.h>

namespace xgrad::io {

namespace {

constexpr int kMostDepth = 500;

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t more = lead < 0x80                   ? 0
                             : lead >= 0xC2 && lead < 0xE0 ? 1
                             : lead >= 0xE0 && lead < 0xF0 ? 2
                                                           : 3;
    if (lead >= 0xF5 || (lead >= 0x80 && lead < 0xC2) || i + more >= text.size()) return false;
    for (std::size_t k = 1; k <= more; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    const auto second = more > 0 ? static_cast<unsigned char>(text[i + 1]) : 0u;
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    if (overlong || (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90)) return false;
    i += more + 1;
  }
  return true;
}

const char* storage_class(ScalarType dtype) {
  switch (dtype) {
#define XGRAD_DTYPE(Name, number, T, name, kind, Compute, Accumulate) \
  case ScalarType::Name:                                              \
    return #Name "Storage";
    XGRAD_DTYPES(XGRAD_DTYPE)
#undef XGRAD_DTYPE
    default:
      fail("save: a tensor has no dtype");
  }
}

class Pickler {
 public:
  explicit Pickler(PickledStorages& storages) : storages_(storages) {}

  std::string run(const IValue& value) {
    out_ = "\x80\x02";
    write(value, 0);
    return std::move(out_) + '.';
  }

 private:
  void write(const IValue& value, int depth) {
    XGRAD_CHECK(depth < kMostDepth, "save: lists and dicts lie more than ", kMostDepth,
                " deep in each other");
    if (value.isBool()) {
      out_ += value.toBool() ? '\x88' : '\x89';
    } else if (value.isInt()) {
      write_integer(value.toInt());
    } else if (value.isDouble()) {
      const auto bits = std::bit_cast<uint64_t>(value.toDouble());
      out_ += 'G';
      for (int i = 8; i-- > 0;) out_ += static_cast<char>(bits >> (8 * i) & 0xFF);
    } else if (value.isString()) {
      write_text(value.toStringRef());
    } else if (value.isTensor() && value.toTensor().defined()) {
      write_tensor(value.toTensor());
    } else if (value.isList()) {
      write_list(value, depth);
    } else if (value.isGenericDict()) {
      write_dict(value.toGenericDict(), depth);
    } else {
      out_ += 'N';
    }
  }

  void write_integer(int64_t value) {
    if (value >= 0 && value < 256) {
      out_ += 'K';
      put(out_, static_cast<uint8_t>(value));
    } else if (value >= INT32_MIN && value <= INT32_MAX) {
      out_ += 'J';
      put(out_, static_cast<uint32_t>(value));
    } else {
      out_ += "\x8a\x08";
      put(out_, static_cast<uint64_t>(value));
    }
  }

  // What is no UTF-8 was bytes, or Python cannot read it as a text.
  void write_text(const std::string& text) {
    if (is_utf8(text)) {
      write_utf8(text);
      return;
    }
    std::string latin;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x80) latin += static_cast<char>(0xC0 | byte >> 6);
      latin += static_cast<char>(byte < 0x80 ? byte : 0x80 | (byte & 0x3F));
    }
    out_ += "c_codecs\nencode\n(";
    write_utf8(latin);
    write_utf8("latin1");
    out_ += "tR";
  }

  void write_utf8(const std::string& text) {
    XGRAD_CHECK(text.size() <= UINT32_MAX, "save: a text of ", text.size(), " bytes is too long");
    out_ += 'X';
    put(out_, static_cast<uint32_t>(text.size()));
    out_ += text;
  }

  // Whether it was written before and has been called up again.
  bool again(const void* identity) {
    const auto known = memo_.find(identity);
    if (known == memo_.end()) return false;
    out_ += 'j';
    put(out_, known->second);
    return true;
  }
  void remember(const void* identity) {
    const auto number = static_cast<uint32_t>(memo_.size());
    memo_.emplace(identity, number);
    out_ += 'r';
    put(out_, number);
  }

  void write_list(const IValue& value, int depth) {
    const IValue::List& list = value.toListRef();
    if (again(&list)) return;
    if (!value.isTuple()) {
      out_ += ']';
      remember(&list);
    }
    out_ += '(';
    for (const IValue& element : list) write(element, depth + 1);
    out_ += value.isTuple() ? 't' : 'e';
    if (value.isTuple()) remember(&list);
  }

  void write_dict(const GenericDict& dict, int depth) {
    if (again(&dict)) return;
    out_ += '}';
    remember(&dict);
    out_ += '(';
    for (const auto& item : dict) {
      write(item.key(), depth + 1);
      write(item.value(), depth + 1);
    }
    out_ += 'u';
  }

  void write_tensor(const Tensor& tensor) {
    if (again(&tensor.impl())) return;
    // Borrowed memory may begin between two elements of what is seen in it.
    const TensorImpl& given = tensor.impl();
    const auto start =
        static_cast<const char*>(given.data()) - static_cast<const char*>(given.storage()->data());
    const auto size = static_cast<std::ptrdiff_t>(element_size(tensor.scalar_type()));
    const bool whole = start >= 0 && start % size == 0;
    const Tensor saved = whole ? tensor : tensor.detach().clone();
    out_ += "ctorch._utils\n_rebuild_tensor_v2\n((";
    write_storage(saved);
    write_integer(saved.storage_offset());
    write_sizes(saved.sizes());
    write_sizes(saved.strides());
    out_ += tensor.requires_grad() ? '\x88' : '\x89';
    out_ += "ccollections\nOrderedDict\n)RtR";
    remember(&given);
    storages_.alive.push_back(tensor);  // while its address stands for it
  }

  // Ends the tuple that its caller began.
  void write_storage(const Tensor& tensor) {
    const StorageImpl& storage = *tensor.impl().storage();
    const ScalarType dtype = tensor.scalar_type();
    const uint64_t numel = storage.nbytes() / element_size(dtype);
    const Key key{storage.data(), storage.nbytes(), dtype};
    const auto [known, is_new] = keys_.emplace(key, storages_.bytes.size());
    if (is_new) {
      storages_.bytes.emplace_back(static_cast<const char*>(storage.data()), numel * element_size(dtype));
      storages_.alive.push_back(tensor);
    }
    write_utf8("storage");
    out_ += concat("ctorch\n", storage_class(dtype), "\n");
    write_utf8(std::to_string(known->second));
    write_utf8("cpu");
    write_integer(static_cast<int64_t>(numel));
    out_ += "tQ";
  }

  void write_sizes(IntArrayRef sizes) {
    out_ += '(';
    for (const int64_t size : sizes) write_integer(size);
    out_ += 't';
  }

  // Python's files hold a memory once, under one dtype: one that is seen as two is written twice.
  struct Key {
    const void* data;
    std::size_t bytes;
    ScalarType dtype;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<const void*>()(key.data) * 31 + key.bytes * 7 + static_cast<std::size_t>(key.dtype);
    }
  };

  PickledStorages& storages_;
  std::string out_;
  std::unordered_map<const void*, uint32_t> memo_;
  std::unordered_map<Key, std::size_t, Hash> keys_;
};

}  // namespace

std::string pickle(const IValue& value, PickledStorages& storages) { return Pickler(storages).run(value); }

}  // namespace xgrad::io
