// Fills the tables from the families that are switched on: CMakeLists.txt writes them to families.inc, one
// FAMILY(name) a line.
#include "registry.h"

namespace conformance {

#define FAMILY(name) void register_##name(Registry& registry);
#include "families.inc"
#undef FAMILY

namespace {

struct Family {
  const char* name;
  void (*fill)(Registry&);
};

const Family kFamilies[] = {
#define FAMILY(name) {#name, register_##name},
#include "families.inc"
#undef FAMILY
};

Registry fill() {
  Registry result;
  for (const Family& family : kFamilies) {
    family.fill(result);
    for (const auto& [op, row] : result.ops.rows()) result.family_of_op.emplace(op, family.name);
    result.families.push_back(family.name);
  }
  return result;
}

}  // namespace

const Registry& registry() {
  static const Registry result = fill();
  return result;
}

}  // namespace conformance
