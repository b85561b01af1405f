// Values: conversions, and their text as Python writes it.
#include "kjit/value.h"

#include <fmt/format.h>
#include <kjit_rt/format.h>

#include "eval/scalar_ops.h"
#include "eval/wide_int.h"
#include "kjit/error.h"

namespace kjit {

namespace {

[[noreturn]] void wrong_sort(const char* wanted, const Value& value) {
  throw Error(ErrorKind::TypeError, fmt::format("expected {}, not {}", wanted, eval::type_name(value)));
}

template <typename Put>
std::string formatted(Put put) {
  char buffer[KJIT_FORMAT_SIZE];
  return std::string(buffer, put(buffer, sizeof buffer));
}

std::string element_text(const TypedScalar& scalar) {
  return formatted([&](char* out, size_t size) {
    return kjit_rt_format_element(static_cast<int32_t>(scalar.dtype), scalar.bits, out, size);
  });
}

std::string typed_repr(const TypedScalar& scalar) {
  if (scalar.dtype == DType::Bool) return scalar.bits[0] ? "np.True_" : "np.False_";
  std::string text = element_text(scalar);
  if (text.front() == '(') text = text.substr(1, text.size() - 2);
  return fmt::format("np.{}({})", name(scalar.dtype), text);
}

std::string array_text(const Array& array, bool repr) {
  std::string out;
  auto write = [](void* user, const char* text, size_t size) { static_cast<std::string*>(user)->append(text, size); };
  const int32_t status = kjit_rt_format_array(static_cast<int32_t>(array.dtype()), array.ndim(), array.data(),
                                              array.shape().data(), array.strides().data(), repr, write, &out);
  if (status != KJIT_OK) throw Error(ErrorKind::MemoryError, "out of memory while writing an array");
  return out;
}

std::string tuple_text(const Value::Tuple& items) {
  std::string out = "(";
  for (size_t i = 0; i < items.size(); ++i) out += (i ? ", " : "") + repr(items[i]);
  return out + (items.size() == 1 ? ",)" : ")");
}

// Quotes and escapes as Python does; text beyond ASCII is taken as printable.
std::string quoted(const std::string& text) {
  const bool single = text.find('\'') == std::string::npos || text.find('"') != std::string::npos;
  const char quote = single ? '\'' : '"';
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote || c == '\\') {
      out += '\\', out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + quote;
}

std::string text_of(const Value& value, bool as_repr) {
  struct Visitor {
    bool as_repr;
    std::string operator()(None) const { return "None"; }
    std::string operator()(bool v) const { return v ? "True" : "False"; }
    std::string operator()(int64_t v) const { return fmt::to_string(v); }
    std::string operator()(double v) const {
      return formatted([&](char* out, size_t size) { return kjit_rt_format_f64(v, out, size); });
    }
    std::string operator()(std::complex<double> v) const {
      return formatted([&](char* out, size_t size) { return kjit_rt_format_c128(v.real(), v.imag(), out, size); });
    }
    std::string operator()(const TypedScalar& v) const { return as_repr ? typed_repr(v) : element_text(v); }
    std::string operator()(const std::string& v) const { return as_repr ? quoted(v) : v; }
    std::string operator()(DType v) const { return as_repr ? fmt::format("dtype('{}')", name(v)) : name(v); }
    std::string operator()(const std::shared_ptr<const Value::Tuple>& v) const { return tuple_text(*v); }
    std::string operator()(const Array& v) const { return array_text(v, as_repr); }
    std::string operator()(const std::shared_ptr<Object>& v) const {
      if (!v) return "<unbound>";
      return as_repr ? v->repr() : v->str();
    }
  };
  return std::visit(Visitor{as_repr}, value.data());
}

}  // namespace

int itemsize(DType dtype) { return static_cast<int>(kjit_dtype_size(static_cast<int32_t>(dtype))); }
const char* name(DType dtype) { return kjit_dtype_name(static_cast<int32_t>(dtype)); }

Object::~Object() = default;
std::string Object::repr() const { return "<object>"; }
std::string Object::str() const { return repr(); }

bool Value::as_bool() const {
  if (const bool* v = get_if<bool>()) return *v;
  const TypedScalar* scalar = get_if<TypedScalar>();
  if (!scalar || scalar->dtype != DType::Bool) wrong_sort("a bool", *this);
  return scalar->bits[0] != 0;
}

namespace {
const eval::WideInt* wide_int(const Value& value) { return eval::as<eval::WideInt>(value); }
}  // namespace

int64_t Value::as_int() const {
  if (const int64_t* v = get_if<int64_t>()) return *v;
  if (const bool* v = get_if<bool>()) return *v;
  if (wide_int(*this)) throw Error(ErrorKind::OverflowError, "Python int too large to convert to C long");
  const TypedScalar* scalar = get_if<TypedScalar>();
  if (!scalar || scalar->dtype >= DType::Float32) wrong_sort("an integer", *this);
  const int64_t result = eval::load_int(scalar->dtype, scalar->bits);
  if (scalar->dtype == DType::UInt64 && result < 0)
    throw Error(ErrorKind::OverflowError, "the integer does not fit into 64 bits with a sign");
  return result;
}

double Value::as_double() const {
  if (const double* v = get_if<double>()) return *v;
  if (const int64_t* v = get_if<int64_t>()) return static_cast<double>(*v);
  if (const bool* v = get_if<bool>()) return *v;
  if (const auto* v = wide_int(*this)) return static_cast<double>(v->value);
  const TypedScalar* scalar = get_if<TypedScalar>();
  if (!scalar || scalar->dtype >= DType::Complex64) wrong_sort("a real number", *this);
  return eval::load_double(scalar->dtype, scalar->bits);
}

std::complex<double> Value::as_complex() const {
  if (const auto* v = get_if<std::complex<double>>()) return *v;
  const TypedScalar* scalar = get_if<TypedScalar>();
  if (scalar && scalar->dtype >= DType::Complex64) return eval::load_complex(scalar->dtype, scalar->bits);
  if (!scalar && !wide_int(*this) && !is<int64_t>() && !is<double>() && !is<bool>()) wrong_sort("a number", *this);
  return as_double();
}

const std::string& Value::as_string() const {
  if (const auto* v = get_if<std::string>()) return *v;
  wrong_sort("a string", *this);
}

const Value::Tuple& Value::as_tuple() const {
  if (const auto* v = get_if<std::shared_ptr<const Tuple>>()) return **v;
  wrong_sort("a tuple", *this);
}

const Array& Value::array() const {
  if (const auto* v = get_if<Array>()) return *v;
  wrong_sort("an array", *this);
}

std::string repr(const Value& value) { return text_of(value, true); }
std::string str(const Value& value) { return text_of(value, false); }

}  // namespace kjit
