#include "cuda/ptx_program.h"

#include <cstdlib>
#include <stdexcept>

namespace kjit::test {

namespace {

const std::map<std::string, int, std::less<>> kCodes = {{"ld", kLd},         {"st", kSt},
                                                        {"mov", kMov},       {"cvta", kCvta},
                                                        {"add", kAdd},       {"sub", kSub},
                                                        {"mul", kMul},       {"mad", kMad},
                                                        {"fma", kFma},       {"div", kDiv},
                                                        {"rem", kRem},       {"min", kMin},
                                                        {"max", kMax},       {"neg", kNeg},
                                                        {"abs", kAbs},       {"not", kNot},
                                                        {"and", kAnd},       {"or", kOr},
                                                        {"xor", kXor},       {"shl", kShl},
                                                        {"shr", kShr},       {"setp", kSetp},
                                                        {"selp", kSelp},     {"cvt", kCvt},
                                                        {"bra", kBra},       {"ret", kRet},
                                                        {"exit", kRet},      {"bar", kBar},
                                                        {"barrier", kBar},   {"shfl", kShfl},
                                                        {"vote", kVote},     {"activemask", kActive},
                                                        {"atom", kAtom},     {"red", kAtom},
                                                        {"sqrt", kSqrt},     {"rcp", kRcp},
                                                        {"rsqrt", kRsqrt},   {"ex2", kEx2},
                                                        {"lg2", kLg2},       {"sin", kSin},
                                                        {"cos", kCos},       {"copysign", kCopysign},
                                                        {"popc", kPopc},     {"clz", kClz},
                                                        {"brev", kBrev},     {"testp", kTestp},
                                                        {"prmt", kPrmt},     {"bfe", kBfe},
                                                        {"bfi", kBfi},       {"shf", kShf},
                                                        {"membar", kMembar}, {"fence", kMembar},
                                                        {"trap", kTrap},     {"tanh", kTanh}};

constexpr const char* kSpecials[] = {"%tid.x",    "%tid.y",    "%tid.z",   "%ntid.x",  "%ntid.y",
                                     "%ntid.z",   "%ctaid.x",  "%ctaid.y", "%ctaid.z", "%nctaid.x",
                                     "%nctaid.y", "%nctaid.z", "%laneid",  "WARP_SZ"};

bool type_named(std::string_view word, Type& out) {
  if (word == "pred") return out = {'p', 1}, true;
  if (word.size() < 2 || std::string_view("busf").find(word[0]) == std::string_view::npos) return false;
  int bits = 0;
  for (const char c : word.substr(1)) {
    if (c < '0' || c > '9') return false;
    bits = bits * 10 + (c - '0');
  }
  out = {word[0], bits};
  return true;
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

// At top-level commas.
std::vector<std::string_view> parts(std::string_view s) {
  std::vector<std::string_view> out;
  int depth = 0;
  size_t begin = 0;
  for (size_t k = 0; k <= s.size(); ++k) {
    if (k == s.size() || (s[k] == ',' && depth == 0)) {
      if (const auto part = trimmed(s.substr(begin, k - begin)); !part.empty()) out.push_back(part);
      begin = k + 1;
    } else if (s[k] == '{' || s[k] == '[') {
      ++depth;
    } else if (s[k] == '}' || s[k] == ']') {
      --depth;
    }
  }
  return out;
}

}  // namespace

Program::Program(const std::string& text, const std::string& kernel) {
  const size_t entry = text.find(".entry " + kernel + "(");
  if (entry == std::string::npos) throw std::runtime_error("PTX: there is no kernel " + kernel);
  size_t at = text.find('(', entry);
  const size_t end = text.find("\n)", at);
  variables(text.substr(0, text.find(".visible .entry")));
  parameters(text.substr(at + 1, end - at - 1));
  shared = (shared + 15) / 16 * 16;
  for (const std::string& name : dynamic_) symbols_[name] = shared;
  at = text.find("{\n", end);
  body(text.substr(at + 2, text.find("\n}", at) - at - 2));
}

// `.shared .align 16 .b8 warps[64];`, `.global .align 4 .b8 table[8] = {1, 0, ...};`
void Program::variable(std::string_view line) {
  const auto space = [&](const char* name) { return line.find(name) != std::string_view::npos; };
  uint64_t align = 16;
  const size_t equals = std::min(line.find('='), line.size());
  std::string_view head = trimmed(line.substr(0, equals));
  if (head.ends_with(';')) head = trimmed(head.substr(0, head.size() - 1));
  std::string_view last = head.substr(head.rfind(' ') + 1);
  Type element;
  std::string_view before = trimmed(head.substr(0, head.rfind(' ')));
  type_named(before.substr(before.rfind('.') + 1), element);
  uint64_t count = 1;
  const size_t bracket = last.find('[');
  if (bracket != std::string_view::npos)
    count = std::strtoull(std::string(last.substr(bracket + 1)).c_str(), nullptr, 10);
  const std::string name(last.substr(0, bracket));
  const uint64_t bytes = count * static_cast<uint64_t>(element.bits) / 8;
  if (space(".extern")) {  // what the launch gives comes after all others
    dynamic_.push_back(name);
  } else if (space(".shared")) {
    shared = (shared + align - 1) / align * align;
    symbols_[name] = shared;
    shared += bytes;
  } else if (space(".local")) {
    local = (local + align - 1) / align * align;
    symbols_[name] = local;
    local += bytes;
  } else {
    globals.push_back(std::make_unique<std::vector<char>>(bytes + 64));
    auto* data = reinterpret_cast<char*>((reinterpret_cast<uintptr_t>(globals.back()->data()) + 15) & ~uintptr_t{15});
    symbols_[name] = reinterpret_cast<uint64_t>(data);
    const size_t open = line.find('{', equals);
    if (open == std::string_view::npos) return;
    size_t k = 0;
    for (std::string_view item : parts(line.substr(open + 1, line.find('}') - open - 1))) {
      const uint64_t value = number(item, {element.kind, element.bits});
      std::memcpy(data + k, &value, static_cast<size_t>(element.bits) / 8);
      k += static_cast<size_t>(element.bits) / 8;
    }
  }
}
void Program::variables(const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const auto line = trimmed(std::string_view(text).substr(at, end - at));
    if (line.find(".shared") != std::string_view::npos || line.find(".global .") != std::string_view::npos ||
        line.find(".const .") != std::string_view::npos)
      variable(line);
    at = end + 1;
  }
}
void Program::parameters(const std::string& text) {
  for (std::string_view part : parts(text)) {
    std::string flat(part);
    std::replace(flat.begin(), flat.end(), '\n', ' ');
    const auto line = trimmed(flat);
    Type type;
    for (size_t at = line.find('.'); at != std::string_view::npos; at = line.find('.', at + 1)) {
      const std::string_view word = line.substr(at + 1, line.find(' ', at) - at - 1);
      if (Type found; type_named(word, found)) type = found;
    }
    params[std::string(line.substr(line.rfind(' ') + 1))] = {params.size(), type.bits / 8};
  }
}
uint64_t Program::number(std::string_view s, Type type) {
  const std::string text(s);
  if (text.starts_with("0f") || text.starts_with("0d")) return std::strtoull(text.c_str() + 2, nullptr, 16);
  if (text == "true" || text == "false") return text == "true";
  const uint64_t value = text.starts_with('-') ? static_cast<uint64_t>(std::strtoll(text.c_str(), nullptr, 0))
                                               : std::strtoull(text.c_str(), nullptr, 0);
  return type.bits < 64 ? value & mask(std::max(type.bits, 8)) : value;
}
int Program::register_number(std::string_view name) {
  return registers_.try_emplace(std::string(name), static_cast<int>(registers_.size())).first->second;
}
Operand Program::operand(std::string_view s, Type type) {
  Operand out;
  s = trimmed(s);
  if (s.starts_with('{')) {
    out.kind = Operand::List;
    for (std::string_view item : parts(s.substr(1, s.size() - 2))) out.items.push_back(operand(item, type));
    return out;
  }
  if (s.starts_with('[')) {
    s = trimmed(s.substr(1, s.size() - 2));
    const size_t plus = s.find('+');
    out = operand(s.substr(0, plus), {'b', 64});
    if (plus != std::string_view::npos) out.number += std::strtoll(std::string(s.substr(plus + 1)).c_str(), nullptr, 0);
    return out;
  }
  if (s == "_") return out.sink = true, out;
  for (size_t k = 0; k < std::size(kSpecials); ++k) {
    if (s == kSpecials[k]) return out.kind = Operand::Special, out.index = static_cast<int>(k), out;
  }
  if (s.starts_with('%')) return out.kind = Operand::Register, out.index = register_number(s), out;
  if ((s[0] >= '0' && s[0] <= '9') || s[0] == '-' || s == "true" || s == "false")
    return out.number = static_cast<int64_t>(number(s, type)), out;
  out.kind = Operand::Symbol;
  if (const auto param = params.find(s); param != params.end()) {
    out.kind = Operand::Number;
    out.number = static_cast<int64_t>(param->second.first << 32);  // param numbers, and bytes in them
  } else if (const auto known = symbols_.find(s); known != symbols_.end()) {
    out.base = known->second;
  } else if (s == "tmp") {  // LLVM's own, for halves of a register
    out.kind = Operand::Register, out.index = register_number(s);
  } else {
    throw std::runtime_error("PTX: what is " + std::string(s) + "?");
  }
  return out;
}
void Program::statement(std::string_view s) {
  Instruction i;
  if (s.starts_with('@')) {
    i.guard_not = s[1] == '!';
    const size_t end = s.find_first_of(" \t");
    i.guard = register_number(s.substr(i.guard_not ? 2 : 1, end - (i.guard_not ? 2 : 1)));
    s = trimmed(s.substr(end));
  }
  const size_t space = std::min(s.find_first_of(" \t"), s.size());
  std::string_view opcode = s.substr(0, space);
  while (!opcode.empty()) {
    const size_t dot = std::min(opcode.find('.'), opcode.size());
    i.words.emplace_back(opcode.substr(0, dot));
    opcode.remove_prefix(std::min(dot + 1, opcode.size()));
  }
  const auto code_found = kCodes.find(i.words[0]);
  if (code_found == kCodes.end()) throw std::runtime_error("PTX: the instruction " + std::string(s));
  i.code = code_found->second;
  if (i.code == kBar && i.words[1] == "warp") i.code = kWarpBar;
  for (const std::string& word : i.words) {
    if (Type t; type_named(word, t)) i.from = i.type, i.type = t;
  }
  std::string rest(trimmed(s.substr(space)));
  if (i.code == kBra) {
    targets_.emplace_back(code.size(), rest);
  } else {
    const size_t bar = rest.find('|');
    if (bar != std::string::npos) rest[bar] = ',';
    for (std::string_view part : parts(rest)) i.operands.push_back(operand(part, i.type));
    if (i.code == kSetp && bar != std::string::npos) throw std::runtime_error("PTX: " + std::string(s));
  }
  code.push_back(std::move(i));
}
void Program::body(const std::string& text) {
  std::map<std::string, size_t> labels;
  std::string pending;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = std::string_view(text).substr(at, end - at);
    at = end + 1;
    if (const size_t comment = line.find("//"); comment != std::string_view::npos) line = line.substr(0, comment);
    line = trimmed(line);
    if (line.empty() || line == "{" || line == "}") continue;
    if (line.ends_with(':')) {
      labels[std::string(line.substr(0, line.size() - 1))] = code.size();
      continue;
    }
    if (line.starts_with("{ .reg")) {  // { .reg .b32 tmp; mov.b64 {tmp, %r1}, %rd2; }
      const size_t first = line.find(';') + 1;
      line = trimmed(line.substr(first, line.rfind('}') - first));
    }
    if (line.starts_with(".local") || line.starts_with(".shared")) {
      variable(line);
      continue;
    }
    if (line.starts_with('.')) continue;
    pending += std::string(line) + " ";
    if (!line.ends_with(';')) continue;
    std::string_view whole = trimmed(pending);
    whole = trimmed(whole.substr(0, whole.size() - 1));
    statement(whole);
    pending.clear();
  }
  for (const auto& [k, label] : targets_) code[k].target = static_cast<int>(labels.at(label));
  registers = static_cast<int>(registers_.size());
}

}  // namespace kjit::test
