// Methods of lists and tuples.
#include <algorithm>

#include "eval/natives.h"
#include "eval/operators.h"

namespace kjit::eval {

namespace {

std::vector<Value>& items(const Args& args) { return as<List>(args.values[0])->items; }

Value append(Interpreter&, Args& args) {
  args.expect("append", 2, 2);
  items(args).push_back(args.values[1]);
  return {};
}
Value extend(Interpreter&, Args& args) {
  args.expect("extend", 2, 2);
  for (Value& v : to_vector(args.values[1])) items(args).push_back(std::move(v));
  return {};
}
Value insert(Interpreter&, Args& args) {
  args.expect("insert", 3, 3);
  const auto n = static_cast<int64_t>(items(args).size());
  int64_t at = args.values[1].as_int();
  at = std::clamp(at < 0 ? at + n : at, int64_t{0}, n);
  items(args).insert(items(args).begin() + at, args.values[2]);
  return {};
}
Value pop(Interpreter&, Args& args) {
  args.expect("pop", 1, 2);
  std::vector<Value>& list = items(args);
  if (list.empty()) raise(ErrorKind::IndexError, "pop from empty list");
  const auto n = static_cast<int64_t>(list.size());
  int64_t at = args.size() > 1 ? args.values[1].as_int() : n - 1;
  if (at < 0) at += n;
  if (at < 0 || at >= n) raise(ErrorKind::IndexError, "pop index out of range");
  Value out = std::move(list[static_cast<size_t>(at)]);
  list.erase(list.begin() + at);
  return out;
}
Value clear(Interpreter&, Args& args) {
  args.expect("clear", 1, 1);
  items(args).clear();
  return {};
}
Value copy(Interpreter&, Args& args) {
  args.expect("copy", 1, 1);
  return make<List>(items(args));
}
Value reverse(Interpreter&, Args& args) {
  args.expect("reverse", 1, 1);
  std::reverse(items(args).begin(), items(args).end());
  return {};
}
Value sort(Interpreter& interpreter, Args& args) {
  const Value* key = args.get(SIZE_MAX, "key");
  const Value* backward = args.get(SIZE_MAX, "reverse");
  args.expect("sort", 1, 1);
  sort_values(interpreter, items(args), key ? *key : Value(), backward && truth(*backward));
  return {};
}
Value index(Interpreter& interpreter, Args& args) {
  args.expect("index", 2, 2);
  const std::vector<Value> all = to_vector(args.values[0]);
  for (size_t i = 0; i < all.size(); ++i)
    if (equal(interpreter, all[i], args.values[1])) return static_cast<int64_t>(i);
  throw Error(ErrorKind::ValueError, repr(args.values[1]) + " is not in the sequence");
}
Value count(Interpreter& interpreter, Args& args) {
  args.expect("count", 2, 2);
  int64_t n = 0;
  for (const Value& v : to_vector(args.values[0])) n += equal(interpreter, v, args.values[1]);
  return n;
}
Value remove(Interpreter& interpreter, Args& args) {
  args.expect("remove", 2, 2);
  std::vector<Value>& list = items(args);
  for (size_t i = 0; i < list.size(); ++i) {
    if (!equal(interpreter, list[i], args.values[1])) continue;
    list.erase(list.begin() + static_cast<ptrdiff_t>(i));
    return {};
  }
  raise(ErrorKind::ValueError, "list.remove(x): x not in list");
}

constexpr NativeRow kRows[] = {
    {"list.append", append}, {"list.extend", extend}, {"list.insert", insert},   {"list.pop", pop},
    {"list.clear", clear},   {"list.copy", copy},     {"list.reverse", reverse}, {"list.sort", sort},
    {"list.index", index},   {"list.count", count},   {"list.remove", remove},   {"tuple.index", index},
    {"tuple.count", count},
};

}  // namespace

std::span<const NativeRow> list_natives() { return kRows; }

}  // namespace kjit::eval
