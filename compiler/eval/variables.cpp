// Variables of a scope.
#include "eval/variables.h"

#include <algorithm>
#include <bit>

#include "eval/interpreter.h"

namespace kjit::eval {

uint32_t Variables::slot(std::string_view name) {
  const auto found = index_.find(name);
  if (found != index_.end()) return found->second;
  const auto index = static_cast<uint32_t>(slots_.size());
  slots_.push_back({unbound(), interpreter_.builtin("builtins." + std::string(name))});
  names_.emplace_back(name);
  index_[names_.back()] = index;
  return index;
}

const Value* Variables::find(std::string_view name) const {
  const auto found = index_.find(name);
  if (found == index_.end() || is_unbound(slots_[found->second].value)) return nullptr;
  return &slots_[found->second].value;
}

std::vector<std::string> Variables::names() const {
  std::vector<std::string> out;
  for (size_t i = 0; i < slots_.size(); ++i)
    if (!is_unbound(slots_[i].value) || !is_unbound(slots_[i].fallback)) out.push_back(names_[i]);
  return out;
}

std::vector<std::string> Variables::defined() const {
  std::vector<std::string> out;
  for (size_t i = 0; i < slots_.size(); ++i)
    if (!is_unbound(slots_[i].value)) out.push_back(names_[i]);
  return out;
}

void Variables::forget(std::string_view name) {
  const auto found = index_.find(name);
  if (found != index_.end()) slots_[found->second].value = unbound();
}

void Variables::clear() { slots_.clear(); }

void Variables::note_read(std::string_view name, const Value* value) const {
  if (!reads_) return;
  const auto known = [&](const Read& read) { return read.name == name; };
  if (std::none_of(reads_->begin(), reads_->end(), known))
    reads_->push_back({std::string(name), value ? *value : unbound()});
}

namespace {

struct Same {
  const Value& other;

  bool operator()(None) const { return true; }
  bool operator()(double v) const {
    return std::bit_cast<uint64_t>(v) == std::bit_cast<uint64_t>(*other.get_if<double>());
  }
  bool operator()(Complex v) const {
    const Complex w = *other.get_if<Complex>();
    return Same{Value(w.real())}(v.real()) && Same{Value(w.imag())}(v.imag());
  }
  bool operator()(const TypedScalar& v) const {
    const TypedScalar& w = *other.get_if<TypedScalar>();
    return v.dtype == w.dtype && std::equal(std::begin(v.bits), std::end(v.bits), std::begin(w.bits));
  }
  bool operator()(const std::shared_ptr<const Value::Tuple>& v) const {
    const auto& w = *other.get_if<std::shared_ptr<const Value::Tuple>>();
    return v == w || std::equal(v->begin(), v->end(), w->begin(), w->end(), is_same);
  }
  bool operator()(const Array& v) const {
    const Array& w = *other.get_if<Array>();
    return v.data() == w.data() && v.dtype() == w.dtype() && std::ranges::equal(v.shape(), w.shape()) &&
           std::ranges::equal(v.strides(), w.strides()) && v.readonly() == w.readonly();
  }
  template <typename T>  // numbers, texts, dtypes, objects
  bool operator()(const T& v) const {
    return v == *other.get_if<T>();
  }
};

}  // namespace

bool is_same(const Value& a, const Value& b) {
  return a.data().index() == b.data().index() && std::visit(Same{b}, a.data());
}

}  // namespace kjit::eval
