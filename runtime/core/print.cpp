// print, piece by piece, into the context's sink.
#include <kjit_rt/format.h>

#include "core/context.h"
#include "core/format_scalar.h"
#include "parallel/region.h"

namespace kjit::rt {
namespace {

void write(kjit_ctx* ctx, std::string_view text) {
  if (ctx->write && !text.empty()) ctx->write(ctx->write_user, text.data(), text.size());
}

template <class T>
void print_element(kjit_ctx* ctx, int dtype, const T& value) {
  NumberText text;
  put_element(text, dtype, &value);
  write(ctx, text.view());
}

}  // namespace
}  // namespace kjit::rt

using namespace kjit::rt;

extern "C" {

void kjit_rt_print_text(kjit_ctx* ctx, const char* text, int64_t size) {
  if (size > 0) write(ctx, {text, static_cast<size_t>(size)});
}

void kjit_rt_print_bool(kjit_ctx* ctx, uint8_t value) { print_element(ctx, KJIT_BOOL, value); }
void kjit_rt_print_i64(kjit_ctx* ctx, int64_t value) { print_element(ctx, KJIT_INT64, value); }
void kjit_rt_print_u64(kjit_ctx* ctx, uint64_t value) { print_element(ctx, KJIT_UINT64, value); }
void kjit_rt_print_f32(kjit_ctx* ctx, float value) { print_element(ctx, KJIT_FLOAT32, value); }
void kjit_rt_print_f64(kjit_ctx* ctx, double value) { print_element(ctx, KJIT_FLOAT64, value); }

void kjit_rt_print_c64(kjit_ctx* ctx, float re, float im) {
  const float parts[2] = {re, im};
  print_element(ctx, KJIT_COMPLEX64, parts);
}

void kjit_rt_print_c128(kjit_ctx* ctx, double re, double im) {
  const double parts[2] = {re, im};
  print_element(ctx, KJIT_COMPLEX128, parts);
}

void kjit_rt_print_array(kjit_ctx* ctx, int32_t dtype, int32_t rank, const void* data, const int64_t* shape,
                         const int64_t* strides) {
  if (ctx->write) kjit_rt_format_array(dtype, rank, data, shape, strides, 0, ctx->write, ctx->write_user);
}

int32_t kjit_rt_print_end(kjit_ctx* ctx, const kjit_location* where) {
  if (ctx->worker) kjit::rt::flush_print(ctx);
  if (ctx->write_failed == 0) return KJIT_OK;
  ctx->write_failed = 0;
  return kjit_rt_raise(ctx, KJIT_RUNTIME_ERROR, where, "what takes printed text has failed");
}

}  // extern "C"
