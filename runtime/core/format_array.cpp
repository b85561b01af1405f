// Whole arrays as NumPy's str() and repr() write them: brackets, line breaks, summaries.
#include <kjit_rt/format.h>

#include <new>
#include <string>
#include <vector>

#include "core/element_format.h"
#include "core/format_scalar.h"

namespace kjit::rt {
namespace {

constexpr int kLineWidth = 75;
constexpr int64_t kThreshold = 1000;  // more elements than this are summarised
constexpr int64_t kEdgeItems = 3;     // shown at each end of a summarised axis

struct ArrayRef {
  int dtype;
  int rank;
  const char* data;
  const int64_t* shape;
  const int64_t* strides;

  int64_t size() const {
    int64_t count = 1;
    for (int axis = 0; axis < rank; ++axis) count *= shape[axis];
    return count;
  }
};

void rstrip(std::string& line) { line.erase(line.find_last_not_of(' ') + 1); }

class ArrayWriter {
 public:
  ArrayWriter(const ArrayRef& array, std::string_view separator)
      : array_(array), separator_(separator), summary_(array.size() > kThreshold), format_(make_format()) {}

  // The array from `axis` on. `indent`: columns before its first element; `width`: columns it may use.
  void append(std::string& out, int axis, const char* at, int indent, int width) const {
    if (axis == array_.rank) {
      format_.append(out, at);
      return;
    }
    out += '[';
    if (axis == array_.rank - 1) {
      append_row(out, at, indent, width - 1);
    } else {
      append_rows(out, axis, at, indent, width - 1);
    }
    out += ']';
  }

 private:
  bool summarised(int axis) const { return summary_ && array_.shape[axis] > 2 * kEdgeItems; }

  // Calls body(index) for the indices shown on an axis, gap() where some are left out.
  template <class Body, class Gap>
  void for_shown(int axis, Body body, Gap gap) const {
    const int64_t length = array_.shape[axis];
    const int64_t lead = summarised(axis) ? kEdgeItems : length;
    for (int64_t i = 0; i < lead; ++i) body(i);
    if (lead == length) return;
    gap();
    for (int64_t i = length - kEdgeItems; i < length; ++i) body(i);
  }

  void collect(std::vector<const void*>& elements, int axis, const char* at) const {
    if (axis == array_.rank) {
      elements.push_back(at);
      return;
    }
    for_shown(axis, [&](int64_t i) { collect(elements, axis + 1, at + i * array_.strides[axis]); }, [] {});
  }

  ElementFormat make_format() const {
    std::vector<const void*> elements;
    collect(elements, 0, array_.data);
    return ElementFormat(array_.dtype, elements, array_.rank == 0);
  }

  // The last axis: words separated, broken where the next would pass the last column.
  void append_row(std::string& out, const char* at, int indent, int room) const {
    const int axis = array_.rank - 1;
    std::string line(static_cast<size_t>(indent), ' ');
    std::string text;
    std::string word;
    bool first = true;
    auto add = [&] {
      if (!first) line += separator_;
      first = false;
      bool fits = static_cast<int>(line.size() + word.size()) <= room;
      if (!fits && static_cast<int>(line.size()) > indent) {
        rstrip(line);
        text += line;
        text += '\n';
        line.assign(static_cast<size_t>(indent), ' ');
      }
      line += word;
    };
    for_shown(
        axis,
        [&](int64_t i) {
          word.clear();
          format_.append(word, at + i * array_.strides[axis]);
          add();
        },
        [&] {
          word = "...";
          add();
        });
    text += line;
    out.append(text, static_cast<size_t>(indent));
  }

  // Other axes: one part per line, with as many blank lines between as axes remain.
  void append_rows(std::string& out, int axis, const char* at, int indent, int width) const {
    std::string_view comma = separator_.substr(0, separator_.find_last_not_of(' ') + 1);
    bool first = true;
    auto next = [&] {
      if (!first) {
        out += comma;
        out.append(static_cast<size_t>(array_.rank - axis - 1), '\n');
        out.append(static_cast<size_t>(indent), ' ');
      }
      first = false;
    };
    for_shown(
        axis,
        [&](int64_t i) {
          next();
          append(out, axis + 1, at + i * array_.strides[axis], indent + 1, width);
        },
        [&] {
          next();
          out += "...";
        });
  }

  const ArrayRef& array_;
  std::string_view separator_;
  bool summary_;
  ElementFormat format_;
};

void append_shape(std::string& out, const ArrayRef& array) {
  out += "shape=(";
  for (int axis = 0; axis < array.rank; ++axis) {
    if (axis > 0) out += ", ";
    out += std::to_string(array.shape[axis]);
  }
  out += array.rank == 1 ? ",)" : ")";
}

// What repr() says of an array beyond its elements: the shape when it does not show, the dtype unless it is the usual
// one.
std::string repr_extras(const ArrayRef& array) {
  std::string extras;
  const int64_t size = array.size();
  if ((size == 0 && !(array.rank == 1)) || size > kThreshold) append_shape(extras, array);
  const bool usual = array.dtype == KJIT_BOOL || array.dtype == KJIT_INT64 || array.dtype == KJIT_FLOAT64 ||
                     array.dtype == KJIT_COMPLEX128;
  if (!usual || size == 0) {
    if (!extras.empty()) extras += ", ";
    extras += "dtype=";
    extras += kDtypes[array.dtype].name;
  }
  return extras;
}

std::string to_str(const ArrayRef& array) {
  if (array.rank == 0) {
    NumberText text;
    put_element(text, array.dtype, array.data);
    return std::string(text.view());
  }
  if (array.size() == 0) return "[]";
  std::string out;
  ArrayWriter(array, " ").append(out, 0, array.data, 1, kLineWidth);
  return out;
}

std::string to_repr(const ArrayRef& array) {
  constexpr std::string_view kPrefix = "array(";
  std::string out(kPrefix);
  if (array.size() == 0) {
    out += "[]";
  } else {
    ArrayWriter(array, ", ").append(out, 0, array.data, static_cast<int>(kPrefix.size()) + 1, kLineWidth - 1);
  }
  std::string extras = repr_extras(array);
  if (extras.empty()) return out + ")";
  out += ',';
  extras += ')';
  size_t last_line = out.size() - (out.rfind('\n') + 1);
  if (last_line + extras.size() + 1 > kLineWidth) {
    out += '\n';
    out.append(kPrefix.size(), ' ');
  } else {
    out += ' ';
  }
  return out + extras;
}

}  // namespace
}  // namespace kjit::rt

extern "C" int32_t kjit_rt_format_array(int32_t dtype, int32_t rank, const void* data, const int64_t* shape,
                                        const int64_t* strides, int32_t repr,
                                        void (*write)(void* user, const char* text, size_t size), void* user) {
  if (!kjit::rt::dtype_row(dtype) || rank < 0) return KJIT_VALUE_ERROR;
  std::string text;
  try {
    kjit::rt::ArrayRef array{dtype, rank, static_cast<const char*>(data), shape, strides};
    text = repr ? kjit::rt::to_repr(array) : kjit::rt::to_str(array);
  } catch (const std::bad_alloc&) {
    return KJIT_MEMORY_ERROR;
  }
  write(user, text.data(), text.size());
  return KJIT_OK;
}
