// Tables of text, and what is wrong with them.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include <xgrad/xgrad.h>

#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;
using data::CsvOptions;
using data::CsvTable;
using data::read_csv;

namespace {

CsvTable table_of(const std::string& text, const CsvOptions& options = {}) {
  const TemporaryFolder folder;
  write_bytes(folder / "x.csv", text);
  return read_csv(folder / "x.csv", options);
}

std::string error_of(const std::string& text, const CsvOptions& options = {}) {
  const TemporaryFolder folder;
  write_bytes(folder / "x.csv", text);
  const std::string error = message_of([&] { read_csv(folder / "x.csv", options); });
  const std::string start = "read_csv: " + (folder / "x.csv") + ": ";
  CHECK_EQ(error.substr(0, start.size()), start);
  return error.substr(std::min(error.size(), start.size()));
}

const double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("columns are whole numbers, numbers, bools or categories, as their fields are") {
  const CsvTable table = table_of("id,size,ok,kind\n1,2,True,b\n-3,.5,False,a\n+4,1e3,true,b\n");
  CHECK_EQ(table.rows(), 3);
  CHECK(equal(table["id"].values, tensor({1, -3, 4})));
  CHECK(equal(table["size"].values, tensor({2.0, 0.5, 1000.0}, kDouble)));
  CHECK(equal(table["ok"].values, tensor({true, false, true})));
  CHECK(equal(table["kind"].values, tensor({1, 0, 1})));
  CHECK_EQ(table["kind"].categories, std::vector<std::string>{"a", "b"});
  CHECK(equal(table.matrix({"size", "id"}), tensor({{2.0, 1.0}, {0.5, -3.0}, {1000.0, 4.0}})));
  CHECK(contains(message_of([&] { table.matrix(); }), "line 2, column \"kind\": this is no number"));
  CHECK(contains(message_of<IndexError>([&] { table["x"]; }), "the columns are id, size, ok, kind"));
}

TEST_CASE("quotes, blanks, blank lines, both ends of lines and a byte order mark") {
  const CsvTable table =
      table_of("\xEF\xBB\xBF\"a\" ,\tb\r\n\r\n \"x, \"\"y\"\"\n\" , \"7\"\r\n   \nz  ,  8  ");
  CHECK_EQ(table["a"].categories, std::vector<std::string>{"x, \"y\"\n", "z"});
  CHECK(equal(table["b"].values, tensor({7, 8})));
  CHECK(equal(table_of("1\t2\n3\t4", CsvOptions().delimiter('\t').header(false)).matrix(),
              tensor({{1.0, 2.0}, {3.0, 4.0}})));
}

TEST_CASE("a column that turns out to have names has those of the rows before too") {
  const CsvTable table = table_of("a,b\n1,\n2.50,x\n\"q\",1\nTrue,x\n");
  CHECK_EQ(table["a"].categories, std::vector<std::string>{"1", "2.50", "True", "q"});
  CHECK(equal(table["a"].values, tensor({0, 1, 3, 2})));
  CHECK_EQ(table["b"].categories, std::vector<std::string>{"1", "x"});
  CHECK(equal(table["b"].values, tensor({-1, 1, 0, 1})));
  CHECK_EQ(table_of("a\n1\n2", CsvOptions().categories({"a"}))["a"].categories,
           std::vector<std::string>{"1", "2"});
}

TEST_CASE("a missing number is an error unless the options say what it is") {
  CHECK_EQ(error_of("a,b\n1,2\n3,\n"),
           "line 3, column 2 \"b\": the value is missing; missing() of the options says what to put there");
  CHECK(contains(error_of("a\n1\nNaN\n"), "line 3, column 1 \"a\": the value is missing"));
  const CsvTable table = table_of("a,b\n1,nan\n,4\n", CsvOptions().missing(kNaN));
  CHECK(std::isnan(table["a"].values[1].item<double>()));
  CHECK(std::isnan(table["b"].values[0].item<double>()));
  CHECK_EQ(table["b"].values[1].item<double>(), 4);
  CHECK(equal(table_of("a\n-\n2", CsvOptions().missing(-1.0).na_values({"-"}))["a"].values,
              tensor({-1.0, 2.0}, kDouble)));
}

TEST_CASE("numbers are read exactly, and those that do not fit are refused") {
  const CsvTable table =
      table_of("a,b,c\n9223372036854775807,0.1,1e-400\n-9223372036854775808,179769313486231570e291,0\n");
  CHECK_EQ(table["a"].values[0].item<int64_t>(), std::numeric_limits<int64_t>::max());
  CHECK_EQ(table["a"].values[1].item<int64_t>(), std::numeric_limits<int64_t>::min());
  CHECK_EQ(table["b"].values[0].item<double>(), 0.1);
  CHECK_EQ(table["c"].values[0].item<double>(), 0);
  CHECK_EQ(table_of("a\n9223372036854775808")["a"].values.item<double>(), 9223372036854775808.0);
  CHECK(contains(error_of("a\n1e999"), "line 2, column 1 \"a\": the number \"1e999\" is too large"));
}

TEST_CASE("a column of a given dtype takes nothing else") {
  const CsvOptions options = CsvOptions().dtypes({{"a", kByte}});
  CHECK(equal(table_of("a\n255\n0", options)["a"].values, tensor({255, 0}, kByte)));
  CHECK_EQ(error_of("a\n255\n256", options), "line 3, column 1 \"a\": \"256\" is no number of uint8");
  CHECK_EQ(error_of("a\n-1", options), "line 2, column 1 \"a\": \"-1\" is no number of uint8");
  CHECK_EQ(error_of("a\n1.5", options), "line 2, column 1 \"a\": \"1.5\" is no number of uint8");
  CHECK_EQ(error_of("a\n1\n\"x\ny\"", options), "line 4, column 1 \"a\": \"x?y\" is no number of uint8");
  CHECK_EQ(error_of("a,b\n,1", options),
           "line 2, column 1 \"a\": the value is missing, which uint8 cannot say");
  CHECK(equal(table_of("a\n1", CsvOptions().dtypes({{"a", kFloat}}))["a"].values, tensor({1.0f})));
  CHECK_EQ(error_of("b\n1", options), "there is no column \"a\", which the options name");
}

TEST_CASE("what is no table is one error with the line and the column") {
  CHECK_EQ(error_of("a,b\n1,2\n3\n"), "line 3, column 2 \"b\": it is missing: the row has 1 fields of 2");
  CHECK_EQ(error_of("a,b\n1,2,3\n"), "line 2, column 3: the row has more fields than the 2 columns");
  CHECK_EQ(error_of("a,b\n1,\"2\n3"), "line 2, column 2 \"b\": the quote that opens here is never closed");
  CHECK_EQ(error_of("a,b\n1,\"2\"3"), "line 2, column 2 \"b\": there is text behind the closing quote");
  CHECK_EQ(error_of("a,,c\n"), "line 1, column 2: it has no name in the first line");
  CHECK_EQ(error_of("a,b,a\n"), "line 1, column 3: there are two columns \"a\"");
  CHECK_EQ(error_of("\n \n"), "line 3, column 1: there is nothing in the file");
  CHECK(contains(error_of(std::string("a\n1\0", 5)), "at byte 3: this is no text"));
  CHECK_EQ(table_of("a,b\n")["a"].values.numel(), 0);
}
