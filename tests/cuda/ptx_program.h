// A kernel of PTX, read: its instructions, parameters and variables; and what instructions compute.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kjit::test {

struct Type {
  char kind = 'b';  // b bits, u unsigned, s signed, f float, p predicate
  int bits = 32;
};

struct Operand {
  enum Kind : uint8_t { Register, Number, Symbol, Special, List } kind = Number;
  int index = -1;      // Register; Special
  int64_t number = 0;  // Number; offset of an address
  uint64_t base = 0;   // Symbol: what it stands for
  bool sink = false;   // "_"
  std::vector<Operand> items;
};

struct Instruction {
  int guard = -1;
  bool guard_not = false;
  std::vector<std::string> words;  // of the opcode
  Type type, from;                 // the last type named, and the one before it
  std::vector<Operand> operands;
  int target = -1;
  int code = 0;
  bool has(std::string_view word) const { return std::find(words.begin(), words.end(), word) != words.end(); }
};

enum Code {
  kUnknown,
  kLd,
  kSt,
  kMov,
  kCvta,
  kAdd,
  kSub,
  kMul,
  kMad,
  kFma,
  kDiv,
  kRem,
  kMin,
  kMax,
  kNeg,
  kAbs,
  kNot,
  kAnd,
  kOr,
  kXor,
  kShl,
  kShr,
  kSetp,
  kSelp,
  kCvt,
  kBra,
  kRet,
  kBar,
  kShfl,
  kVote,
  kActive,
  kAtom,
  kSqrt,
  kRcp,
  kRsqrt,
  kEx2,
  kLg2,
  kSin,
  kCos,
  kCopysign,
  kPopc,
  kClz,
  kBrev,
  kTestp,
  kPrmt,
  kBfe,
  kBfi,
  kShf,
  kMembar,
  kTrap,
  kTanh,
  kWarpBar,
};

template <typename T>
T as(uint64_t raw) {
  T out;
  std::memcpy(&out, &raw, sizeof out);
  return out;
}
template <typename T>
uint64_t raw(T value) {
  uint64_t out = 0;
  std::memcpy(&out, &value, sizeof value);
  return out;
}
inline uint64_t mask(int bits) { return bits >= 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1; }
inline int64_t sign_extended(uint64_t v, int bits) {
  return bits >= 64 ? static_cast<int64_t>(v) : static_cast<int64_t>(v << (64 - bits)) >> (64 - bits);
}

// Space for static shared variables begins at 16, so that no address is 0.
class Program {
 public:
  // Throws std::runtime_error on what it does not know.
  Program(const std::string& text, const std::string& kernel);

  std::vector<Instruction> code;
  std::map<std::string, std::pair<uint64_t, int>, std::less<>> params;  // number, bytes
  int registers = 0;
  uint64_t shared = 16, local = 16;
  std::vector<std::unique_ptr<std::vector<char>>> globals;

 private:
  void variable(std::string_view line);
  void variables(const std::string& text);
  void parameters(const std::string& text);
  static uint64_t number(std::string_view s, Type type);
  int register_number(std::string_view name);
  Operand operand(std::string_view s, Type type);
  void statement(std::string_view s);
  void body(const std::string& text);

  std::vector<std::string> dynamic_;
  std::map<std::string, uint64_t, std::less<>> symbols_;
  std::map<std::string, int, std::less<>> registers_;
  std::vector<std::pair<size_t, std::string>> targets_;
};

// What an instruction computes of its operands' bits: arithmetic, a comparison, a conversion.
uint64_t arithmetic(const Instruction& i, uint64_t a, uint64_t b, uint64_t c);
bool compared(const Instruction& i, uint64_t a, uint64_t b);
uint64_t converted(const Instruction& i, uint64_t v);

}  // namespace kjit::test
