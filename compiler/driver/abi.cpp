// Dynamic values to and from slots and result buffers.
#include "driver/abi.h"

#include <algorithm>
#include <cstring>

#include "eval/objects.h"

namespace kjit::driver {

using sema::Layout;
using sema::Scalar;
using sema::TypeKind;
using sema::TypeRef;

namespace {

Layout layout_of(const Array& array) {
  if (array.is_c_contiguous()) return Layout::C;
  return array.is_f_contiguous() ? Layout::F : Layout::A;
}

// As compiled code converts: towards zero; what an int64 cannot hold gives the lowest one, as the processor's
// instruction does.
uint64_t truncate(double v) {
  constexpr double kEnd = 9223372036854775808.0;
  return static_cast<uint64_t>(v >= -kEnd && v < kEnd ? static_cast<int64_t>(v) : INT64_MIN);
}

// The number in `value`, of whatever type it is, as the slots of scalar type `to`.
bool flatten_scalar(const Value& value, Scalar to, std::vector<uint64_t>& slots) {
  auto push_float = [&](double v) {
    uint64_t slot = 0;
    if (sema::real_of(to) == Scalar::F32) {
      const float f = static_cast<float>(v);
      std::memcpy(&slot, &f, sizeof f);
    } else {
      std::memcpy(&slot, &v, sizeof v);
    }
    slots.push_back(slot);
  };
  const bool number = value.is<bool>() || value.is<int64_t>() || value.is<double>() ||
                      value.is<std::complex<double>>() || value.is<TypedScalar>();
  if (!number) return false;
  if (sema::is_complex(to)) {
    const std::complex<double> v = value.as_complex();
    push_float(v.real()), push_float(v.imag());
    return true;
  }
  const TypedScalar* typed = value.get_if<TypedScalar>();
  const bool is_complex = value.is<std::complex<double>>() || (typed && typed->dtype >= DType::Complex64);
  if (is_complex) return false;
  const bool is_real =
      value.is<double>() || (typed && (typed->dtype == DType::Float32 || typed->dtype == DType::Float64));
  if (sema::is_float(to)) {
    // float32 bits pass unchanged: a NaN keeps its payload.
    if (typed && typed->dtype == DType::Float32 && to == Scalar::F32) {
      uint64_t slot = 0;
      std::memcpy(&slot, typed->bits, sizeof(float));
      slots.push_back(slot);
    } else {
      push_float(value.as_double());
    }
    return true;
  }
  if (sema::is_bool(to)) {
    slots.push_back((is_real                                                      ? value.as_double() != 0
                     : value.is<bool>() || (typed && typed->dtype == DType::Bool) ? value.as_bool()
                                                                                  : value.as_int() != 0)
                        ? 1
                        : 0);
    return true;
  }
  uint64_t bits;
  if (is_real) {
    bits = truncate(value.as_double());
  } else if (typed && typed->dtype == DType::UInt64) {
    std::memcpy(&bits, typed->bits, sizeof bits);
  } else {
    bits = static_cast<uint64_t>(value.is<bool>() ? int64_t{value.as_bool()} : value.as_int());
  }
  const int unused = 64 - 8 * sema::size_of(to);
  bits = sema::is_signed(to) ? static_cast<uint64_t>(static_cast<int64_t>(bits << unused) >> unused)
                             : (bits << unused) >> unused;
  slots.push_back(bits);
  return true;
}

size_t slot_count(TypeRef type) {
  switch (type->kind) {
    case TypeKind::Scalar:
      return sema::is_complex(type->scalar) ? 2 : 1;
    case TypeKind::Array:
      return 2 + 2 * static_cast<size_t>(type->rank);
    case TypeKind::Optional:
      return 1 + slot_count(type->elements[0]);
    case TypeKind::Generator:
      return slot_count(type->elements[0]);
    case TypeKind::Tuple:
    case TypeKind::Function: {
      size_t n = 0;
      for (TypeRef e : type->elements) n += slot_count(e);
      return n;
    }
    default:
      return 0;
  }
}

// Calls visit(size) for every component of a result, in order.
template <typename F>
void each_component(TypeRef type, F visit) {
  switch (type->kind) {
    case TypeKind::Scalar: {
      const size_t size = sema::size_of(sema::real_of(type->scalar));
      visit(size);
      if (sema::is_complex(type->scalar)) visit(size);
      break;
    }
    case TypeKind::Array:
      for (int k = 0; k < 2 + 2 * type->rank; ++k) visit(size_t{8});
      break;
    case TypeKind::Optional:
      visit(size_t{1});
      each_component(type->elements[0], visit);
      break;
    case TypeKind::Tuple:
    case TypeKind::Function:
    case TypeKind::Generator:
      for (TypeRef e : type->elements) each_component(e, visit);
      break;
    default:
      break;
  }
}

class Reader {
 public:
  Reader(const unsigned char* base, bool typed) : base_(base), typed_(typed) {}

  Value value(TypeRef type) {
    switch (type->kind) {
      case TypeKind::Scalar:
        return scalar(type);
      case TypeKind::Array:
        return array(type);
      case TypeKind::Generator:
        return eval::make<eval::GeneratorObject>(array(type->elements[0]).array());
      case TypeKind::String:
        return type->text;
      case TypeKind::DType:
        return static_cast<DType>(type->scalar);
      case TypeKind::Optional: {
        const bool has = take<uint8_t>() != 0;
        Value v = value(type->elements[0]);
        return has ? v : Value();
      }
      case TypeKind::Tuple: {
        Value::Tuple elements;
        for (TypeRef e : type->elements) elements.push_back(value(e));
        return elements;
      }
      default:
        return None{};
    }
  }

 private:
  template <typename C>
  C take() {
    offset_ = (offset_ + sizeof(C) - 1) / sizeof(C) * sizeof(C);
    C v;
    std::memcpy(&v, base_ + offset_, sizeof v);
    offset_ += sizeof v;
    return v;
  }
  template <typename C>
  Value number(TypeRef type) {
    const C v = take<C>();
    if (typed_ && !type->weak) return Value::typed(v);
    if constexpr (std::is_floating_point_v<C>) return static_cast<double>(v);
    if constexpr (std::is_same_v<C, uint64_t>)
      if (v > static_cast<uint64_t>(INT64_MAX)) return Value::typed(v);
    return static_cast<int64_t>(v);
  }
  template <typename C>
  Value complex(TypeRef type) {
    const C re = take<C>(), im = take<C>();
    if (typed_ && !type->weak) return Value::typed(std::complex<C>(re, im));
    return std::complex<double>(re, im);
  }
  Value scalar(TypeRef type) {
    switch (type->scalar) {
      case Scalar::Bool:
        return take<uint8_t>() != 0;
      case Scalar::I8:
        return number<int8_t>(type);
      case Scalar::I16:
        return number<int16_t>(type);
      case Scalar::I32:
        return number<int32_t>(type);
      case Scalar::I64:
        return number<int64_t>(type);
      case Scalar::U8:
        return number<uint8_t>(type);
      case Scalar::U16:
        return number<uint16_t>(type);
      case Scalar::U32:
        return number<uint32_t>(type);
      case Scalar::U64:
        return number<uint64_t>(type);
      case Scalar::F32:
        return number<float>(type);
      case Scalar::F64:
        return number<double>(type);
      case Scalar::C64:
        return complex<float>(type);
      case Scalar::C128:
        return complex<double>(type);
    }
    return {};
  }
  Value array(TypeRef type) {
    void* data = take<void*>();
    void* owner = take<void*>();
    std::vector<int64_t> shape(type->rank), strides(type->rank);
    for (auto& s : shape) s = take<int64_t>();
    for (auto& s : strides) s = take<int64_t>();
    return Array::adopt(data, owner, static_cast<DType>(type->scalar), shape, strides, type->readonly);
  }

  const unsigned char* base_;
  size_t offset_ = 0;
  bool typed_;
};

}  // namespace

TypeRef type_of(sema::TypeContext& types, const Value& value) {
  if (value.is_none()) return types.none();
  if (value.is<bool>()) return types.boolean();
  if (value.is<int64_t>()) return types.py_int();
  if (value.is<double>()) return types.py_float();
  if (value.is<std::complex<double>>()) return types.py_complex();
  if (auto* s = value.get_if<TypedScalar>()) return types.scalar(static_cast<Scalar>(s->dtype));
  if (auto* s = value.get_if<std::string>()) return types.string(*s);
  if (auto* d = value.get_if<DType>()) return types.dtype(static_cast<Scalar>(*d));
  if (auto* a = value.get_if<Array>())
    return types.array(static_cast<Scalar>(a->dtype()), a->ndim(), layout_of(*a), a->readonly());
  if (auto* t = value.get_if<std::shared_ptr<const Value::Tuple>>()) {
    std::vector<TypeRef> elements;
    for (const Value& e : **t) {
      elements.push_back(type_of(types, e));
      if (!elements.back()) return nullptr;
    }
    return types.tuple(std::move(elements));
  }
  if (eval::as<eval::GeneratorObject>(value)) return types.generator();
  if (const sema::FunctionRef* f = eval::function_ref(value)) return types.function(f->def, f->globals, {});
  if (const std::string_view name = eval::builtin_name(value); !name.empty()) return types.builtin(name);
  return nullptr;
}

bool flatten(const Value& value, TypeRef type, std::vector<uint64_t>& slots) {
  switch (type->kind) {
    case TypeKind::Scalar:
      return flatten_scalar(value, type->scalar, slots);
    case TypeKind::Array: {
      const Array* a = value.get_if<Array>();
      if (!a || static_cast<Scalar>(a->dtype()) != type->scalar || a->ndim() != type->rank) return false;
      slots.push_back(reinterpret_cast<uint64_t>(a->data()));
      slots.push_back(reinterpret_cast<uint64_t>(a->owner()));
      for (int64_t s : a->shape()) slots.push_back(static_cast<uint64_t>(s));
      for (int64_t s : a->strides()) slots.push_back(static_cast<uint64_t>(s));
      return true;
    }
    case TypeKind::Optional:
      slots.push_back(value.is_none() ? 0 : 1);
      if (!value.is_none()) return flatten(value, type->elements[0], slots);
      slots.insert(slots.end(), slot_count(type->elements[0]), 0);
      return true;
    case TypeKind::Tuple: {
      auto* t = value.get_if<std::shared_ptr<const Value::Tuple>>();
      if (!t || (*t)->size() != type->elements.size()) return false;
      for (size_t i = 0; i < type->elements.size(); ++i)
        if (!flatten((**t)[i], type->elements[i], slots)) return false;
      return true;
    }
    case TypeKind::Generator: {
      const auto* generator = eval::as<eval::GeneratorObject>(value);
      return generator && flatten(Value(generator->state), type->elements[0], slots);
    }
    case TypeKind::None:
      return value.is_none();
    default:
      return slot_count(type) == 0;  // known when compiling
  }
}

size_t result_size(TypeRef type) {
  size_t offset = 0;
  each_component(type, [&](size_t size) { offset = (offset + size - 1) / size * size + size; });
  return offset;
}

Value read_result(TypeRef type, const unsigned char* buffer, bool typed) { return Reader(buffer, typed).value(type); }

}  // namespace kjit::driver
