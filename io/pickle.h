// Python's pickles, as far as files of tensors need them. What a pickle names is looked up in a short list
// and never run. Private to the library.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/core/tensor/ivalue.h>
#include <xgrad/io/bytes.h>

namespace xgrad::io {

/// What `numel` elements a pickle refers to by a key; the file around it knows where they are.
using FindStorage =
    std::function<intrusive_ptr<StorageImpl>(const std::string& key, ScalarType dtype, uint64_t numel)>;

/// Reads one pickle of any protocol from the cursor on. A set is a list, bytes are a string, a device or path
/// is its text, a type its name, and the attributes of an object of TorchScript or an argparse.Namespace are
/// a dict; an array of NumPy is a tensor, and a config of OmegaConf the plain dict, list or value that it
/// holds. Error names file and byte for anything else: functions and classes, broken data, lists that contain
/// themselves or lie too deep in each other.
IValue unpickle(Cursor& in, const FindStorage& find_storage);

/// The memories that a pickle refers to, each once, in the order of their keys.
struct PickledStorages {
  std::vector<std::string_view> bytes;
  std::vector<Tensor> alive;
};

/// Writes a value by protocol 2, as torch.save does, so that what is shared stays shared.
std::string pickle(const IValue& value, PickledStorages& storages);

}  // namespace xgrad::io
