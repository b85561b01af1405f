// Errors of the library. Nothing is printed: a host shows what() or the fields.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "kjit/export.h"

namespace kjit {

enum class ErrorKind : uint8_t {
  Compile,  // the text is wrong or not supported; see findings()
  // Raised by kernels and scripts; names follow Python.
  Exception,
  ValueError,
  TypeError,
  IndexError,
  KeyError,
  ZeroDivisionError,
  OverflowError,
  FloatingPointError,
  ArithmeticError,
  AssertionError,
  RuntimeError,
  NotImplementedError,
  MemoryError,
  RecursionError,
  StopIteration,
  NameError,
  Interrupted,
  LinAlgError,
  AttributeError,
  OSError,
  UnownedResult,
  // Wrong use of the API.
  Usage,     // a handle of another type, a destroyed engine, a bad option
  Internal,  // a defect of the compiler
};
KJIT_API const char* name(ErrorKind kind);  // "ValueError"

// A place in kernel text. Lines and columns are one-based; the end is exclusive; 0: unknown.
struct Place {
  std::string file;
  std::string function;
  uint32_t line = 0, column = 0, end_line = 0, end_column = 0;
  std::string source_line;
};

struct Finding {
  enum class Severity : uint8_t { Error, Warning, Note } severity = Severity::Error;
  std::string id;  // "undefined-name"
  std::string message;
  std::string hint;  // may be empty
  Place place;
  std::vector<Finding> notes;
};

// Clang's form: "file:line:column: warning: message [id]", the source line with a caret, hint and notes.
KJIT_API std::string render(const Finding& finding, bool color = false);

class KJIT_API Error : public std::runtime_error {
 public:
  // what() is the text in clang's form for Compile, "ValueError: message" for the rest.
  Error(ErrorKind kind, std::string message, Place place = {}, std::vector<Finding> findings = {});
  ~Error() override;
  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }  // without kind and place
  const Place& place() const { return place_; }
  const std::vector<Finding>& findings() const { return findings_; }  // Compile: all, in order of the text
  std::string render(bool color = false) const;                       // clang's form, with source line and caret

 private:
  ErrorKind kind_;
  std::string message_;
  Place place_;
  std::vector<Finding> findings_;
};

}  // namespace kjit
