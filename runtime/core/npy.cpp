// Loading and saving .npy files.
#include <kjit_rt/core.h>
#include <kjit_rt/npy.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>

#include <sys/stat.h>

#include "core/context.h"
#include "core/dtype.h"
#include "core/npy_header.h"

namespace kjit::rt {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// Where bytes come from: a file, or memory when there is none.
class Source {
 public:
  explicit Source(std::FILE* file) : file_(file) {}
  Source(const void* bytes, size_t size) : bytes_(static_cast<const char*>(bytes)), left_(size) {}

  size_t read(void* into, size_t count) {
    if (file_) return std::fread(into, 1, count, file_);
    count = std::min(count, left_);
    if (count > 0) std::memcpy(into, bytes_, count);
    bytes_ += count;
    left_ -= count;
    return count;
  }

  // Bytes that can still be read; INT64_MAX when it cannot be known (a pipe).
  int64_t left() const {
    if (!file_) return static_cast<int64_t>(left_);
    struct stat info;
    const long position = std::ftell(file_);
    if (fstat(fileno(file_), &info) != 0 || !S_ISREG(info.st_mode) || position < 0) return INT64_MAX;
    return info.st_size - position;
  }

 private:
  std::FILE* file_ = nullptr;
  const char* bytes_ = nullptr;
  size_t left_ = 0;
};

int32_t os_error(kjit_ctx* ctx, const kjit_location* where, int number, const char* path) {
  char text[sizeof ctx->error.message];
  std::snprintf(text, sizeof text, "[Errno %d] %s: '%.300s'", number, std::strerror(number), path);
  return raise(ctx, KJIT_OS_ERROR, where, text);
}

int32_t bad_file(kjit_ctx* ctx, const kjit_location* where, const char* what) {
  char text[400];
  std::snprintf(text, sizeof text, "cannot read the .npy file: %s", what);
  return raise(ctx, KJIT_VALUE_ERROR, where, text);
}

uint32_t little_endian(const unsigned char* bytes, int count) {
  uint32_t value = 0;
  for (int i = 0; i < count; ++i) value |= static_cast<uint32_t>(bytes[i]) << (8 * i);
  return value;
}

void set_strides(const NpyHeader& header, kjit_npy_array& array) {
  int64_t step = kDtypes[header.dtype].size;
  for (int i = 0; i < header.rank; ++i) {
    const int axis = header.fortran_order ? i : header.rank - 1 - i;
    array.strides[axis] = step;
    // May overflow, unused, when another axis is empty.
    __builtin_mul_overflow(step, std::max<int64_t>(header.shape[static_cast<size_t>(axis)], 1), &step);
  }
}

int32_t read_header(kjit_ctx* ctx, Source& source, NpyHeader& header, const kjit_location* where) {
  constexpr uint32_t kLongestHeader = 1 << 16;
  unsigned char start[8];
  size_t got = source.read(start, sizeof start);
  if (got == 0) return bad_file(ctx, where, "it is empty");
  if (std::memcmp(start, kNpyMagic.data(), std::min(got, kNpyMagic.size())) != 0) {
    return bad_file(ctx, where, "it does not begin as such files do");
  }
  if (got < sizeof start) return bad_file(ctx, where, "it ends within the header");
  if (start[6] < 1 || start[6] > 3 || start[7] != 0) {
    return bad_file(ctx, where, "its format is not 1.0, 2.0 or 3.0");
  }
  const int length_bytes = start[6] == 1 ? 2 : 4;
  unsigned char length[4];
  if (source.read(length, static_cast<size_t>(length_bytes)) != static_cast<size_t>(length_bytes)) {
    return bad_file(ctx, where, "it ends within the header");
  }
  const uint32_t size = little_endian(length, length_bytes);
  if (size > kLongestHeader) return bad_file(ctx, where, "its header is longer than 65536 bytes");
  std::unique_ptr<char[]> text(new (std::nothrow) char[size + 1]);
  if (!text) return raise(ctx, KJIT_MEMORY_ERROR, where, "unable to allocate the header of an .npy file");
  if (source.read(text.get(), size) != size) return bad_file(ctx, where, "it ends within the header");
  NpyProblem problem;
  if (!parse_npy_header({text.get(), size}, header, problem)) return bad_file(ctx, where, problem.text);
  return KJIT_OK;
}

int32_t read_array(kjit_ctx* ctx, Source source, kjit_npy_array* out, const kjit_location* where) {
  NpyHeader header;
  if (int32_t status = read_header(ctx, source, header, where)) return status;
  int64_t bytes = 0;
  if (!npy_data_size(header, bytes)) return bad_file(ctx, where, "the array is too large");
  auto cut_short = [&](int64_t found) {
    char text[128];
    std::snprintf(text, sizeof text, "it is cut short: %lld bytes of elements expected, %lld found",
                  static_cast<long long>(bytes), static_cast<long long>(found));
    return bad_file(ctx, where, text);
  };
  if (source.left() < bytes) return cut_short(source.left());
  void* owner = nullptr;
  void* data = kjit_rt_alloc(ctx, bytes, 0, &owner, where);
  if (!data) return KJIT_MEMORY_ERROR;
  const size_t got = source.read(data, static_cast<size_t>(bytes));
  if (got != static_cast<size_t>(bytes)) {
    kjit_rt_release(owner);
    return cut_short(static_cast<int64_t>(got));
  }
  if (header.dtype == KJIT_BOOL) {  // kernels rely on 0 and 1
    auto* values = static_cast<unsigned char*>(data);
    std::transform(values, values + bytes, values, [](unsigned char value) { return value != 0; });
  }
  out->dtype = header.dtype;
  out->rank = header.rank;
  out->data = data;
  out->owner = owner;
  std::copy_n(header.shape.begin(), header.rank, out->shape);
  set_strides(header, *out);
  return KJIT_OK;
}

// Whether the elements lie one after the other, the last axis (or, reversed, the first) fastest.
bool contiguous(const NpyHeader& header, const int64_t* strides, bool reversed) {
  int64_t step = kDtypes[header.dtype].size;
  bool packed = true;
  for (int i = 0; i < header.rank; ++i) {
    const int axis = reversed ? i : header.rank - 1 - i;
    const int64_t extent = header.shape[static_cast<size_t>(axis)];
    if (extent == 0) return true;
    packed &= extent == 1 || strides[axis] == step;
    __builtin_mul_overflow(step, extent, &step);
  }
  return packed;
}

bool write_elements(std::FILE* file, const NpyHeader& header, const int64_t* strides, const char* at, int axis) {
  const auto size = static_cast<size_t>(kDtypes[header.dtype].size);
  if (axis == header.rank) return std::fwrite(at, 1, size, file) == size;
  for (int64_t i = 0; i < header.shape[static_cast<size_t>(axis)]; ++i) {
    if (!write_elements(file, header, strides, at + i * strides[axis], axis + 1)) return false;
  }
  return true;
}

bool write_array(std::FILE* file, const NpyHeader& header, const char* data, const int64_t* strides, bool packed) {
  const std::string preamble = make_npy_preamble(header);
  if (std::fwrite(preamble.data(), 1, preamble.size(), file) != preamble.size()) return false;
  int64_t bytes = 0;
  npy_data_size(header, bytes);
  if (bytes == 0) return true;
  if (!packed) return write_elements(file, header, strides, data, 0);
  return std::fwrite(data, 1, static_cast<size_t>(bytes), file) == static_cast<size_t>(bytes);
}

int32_t save(kjit_ctx* ctx, std::string path, NpyHeader& header, const void* data, const int64_t* strides,
             const kjit_location* where) {
  if (path.size() < 4 || path.compare(path.size() - 4, 4, ".npy") != 0) path += ".npy";
  const bool rows = contiguous(header, strides, false);
  header.fortran_order = !rows && contiguous(header, strides, true);
  errno = 0;
  File file(std::fopen(path.c_str(), "wbe"));
  if (!file) return os_error(ctx, where, errno, path.c_str());
  const bool written =
      write_array(file.get(), header, static_cast<const char*>(data), strides, rows || header.fortran_order);
  const int number = errno;
  if (std::fclose(file.release()) != 0 || !written) {
    return os_error(ctx, where, written ? errno : number ? number : EIO, path.c_str());
  }
  return KJIT_OK;
}

}  // namespace
}  // namespace kjit::rt

using namespace kjit::rt;

extern "C" {

int32_t kjit_npy_load(kjit_ctx* ctx, const char* path, kjit_npy_array* out, const kjit_location* where) {
  File file(std::fopen(path, "rbe"));
  if (!file) return os_error(ctx, where, errno, path);
  struct stat info;
  if (fstat(fileno(file.get()), &info) == 0 && S_ISDIR(info.st_mode)) return os_error(ctx, where, EISDIR, path);
  return read_array(ctx, Source(file.get()), out, where);
}

int32_t kjit_npy_parse(kjit_ctx* ctx, const void* bytes, size_t size, kjit_npy_array* out, const kjit_location* where) {
  return read_array(ctx, Source(bytes, size), out, where);
}

int32_t kjit_npy_save(kjit_ctx* ctx, const char* path, int32_t dtype, int32_t rank, const void* data,
                      const int64_t* shape, const int64_t* strides, const kjit_location* where) {
  if (!dtype_row(dtype) || rank < 0 || rank > KJIT_NPY_MAX_RANK) {
    return raise(ctx, KJIT_VALUE_ERROR, where, "cannot save: not an array that an .npy file can hold");
  }
  NpyHeader header;
  header.dtype = dtype;
  header.rank = rank;
  std::copy_n(shape, rank, header.shape.begin());
  try {
    return save(ctx, path, header, data, strides, where);
  } catch (const std::bad_alloc&) {
    return raise(ctx, KJIT_MEMORY_ERROR, where, "unable to allocate the header of an .npy file");
  }
}

}  // extern "C"
