// The tables that say how a recorded name is called in C++, and the families of rows that fill them.
// To add an op: one row in a file of families/. To add a family: a file there and its name in CMakeLists.txt.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "args.h"

namespace conformance {

/// Calls the library with the arguments of a case.
using Row = std::function<Results(const Args&)>;

/// Rows by recorded name.
class Table {
 public:
  template <class Call>
  void row(const std::string& name, Call call) {
    rows_[name] = [call](const Args& a) { return Results(call(a)); };
  }
  /// Null when the name has no row.
  const Row* find(const std::string& name) const {
    const auto found = rows_.find(name);
    return found == rows_.end() ? nullptr : &found->second;
  }
  const std::map<std::string, Row>& rows() const { return rows_; }

 private:
  std::map<std::string, Row> rows_;
};

struct TrainingTables;  // in training_tables.h, so that rows of ops need neither nn nor optim

struct Registry {
  Table ops;
  Table random;
  std::shared_ptr<TrainingTables> training;  // null while no family has rows for training
  std::map<std::string, std::string> family_of_op;
  std::vector<std::string> families;
};

/// All tables, filled by the families that this build has switched on.
const Registry& registry();

}  // namespace conformance
