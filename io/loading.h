// What the modules of a tree want from an archive, until it is known that all of it is there. Private to the
// library.
#pragma once

#include <set>
#include <string>

#include <xgrad/io/archive.h>
#include <xgrad/nn/state.h>

namespace xgrad::serialize {

struct InputArchive::Loading {
  std::set<std::string> used;  // full names of what was read
  OrderedDict<std::string, Tensor> own{"Tensor"}, given{"Tensor"};
  int depth = 0;

  void commit(const std::string& module) {
    nn::copy_state("load: the archive does not fit " + module, own, given, true);
  }

  /// Modules call each other's `load`; the outermost call writes.
  class Scope {
   public:
    explicit Scope(Loading& loading) : loading_(loading) { ++loading_.depth; }
    ~Scope() {
      if (--loading_.depth > 0) return;
      loading_.own.clear();
      loading_.given.clear();
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    bool is_outermost() const { return loading_.depth == 1; }

   private:
    Loading& loading_;
  };
};

}  // namespace xgrad::serialize
