// The error record of a context: filling it, with integer operands put into the message, and the names of the kinds.
#include <charconv>
#include <cstring>
#include <string_view>

#include "core/context.h"

namespace kjit::rt {
namespace {

// Appends to the fixed message field; what does not fit is cut, never inside a UTF-8 sequence.
class MessageWriter {
 public:
  explicit MessageWriter(kjit_error& error, size_t size = 0)
      : text_(error.message), room_(sizeof error.message - 1), size_(size) {}
  ~MessageWriter() { text_[size_] = 0; }

  void put(std::string_view piece) {
    if (full_) return;
    size_t count = piece.size();
    if (count > room_ - size_) {
      full_ = true;
      count = room_ - size_;
      while (count > 0 && (static_cast<unsigned char>(piece[count]) & 0xC0) == 0x80) --count;
    }
    std::memcpy(text_ + size_, piece.data(), count);
    size_ += count;
  }

  void put(int64_t value) {
    char digits[24];
    auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    put(std::string_view(digits, static_cast<size_t>(end - digits)));
  }

 private:
  char* text_;
  size_t room_;
  size_t size_;
  bool full_ = false;
};

void append_to_message(void* user, const char* text, size_t size) {
  kjit_error& error = static_cast<kjit_ctx*>(user)->error;
  MessageWriter(error, std::strlen(error.message)).put(std::string_view(text, size));
}

}  // namespace

namespace {

// The number of the operand that `text` begins with, "{12}", and what it takes; -1: it begins otherwise.
struct OperandMark {
  int64_t number = -1;
  size_t length = 1;
};
OperandMark operand_mark(std::string_view text) {
  int64_t number = 0;
  size_t k = 1;
  for (; k < text.size() && k < 3 && text[k] >= '0' && text[k] <= '9'; ++k) number = number * 10 + (text[k] - '0');
  if (k == 1 || k == text.size() || text[k] != '}') return {};
  return {number, k + 1};
}

}  // namespace

int32_t raise(kjit_ctx* ctx, int32_t kind, const kjit_location* where, std::string_view message,
              std::span<const int64_t> operands) {
  if (kind == KJIT_OK) kind = KJIT_RUNTIME_ERROR;  // "raised, but nothing wrong" would be taken for success
  if (!ctx) return kind;
  ctx->error.kind = kind;
  ctx->error.reserved = 0;
  ctx->error.location = where;
  MessageWriter writer(ctx->error);
  while (!operands.empty()) {
    const size_t brace = message.find('{');
    if (brace == std::string_view::npos) break;
    writer.put(message.substr(0, brace));
    message.remove_prefix(brace);
    const OperandMark found = operand_mark(message);
    if (found.number >= 0 && found.number < static_cast<int64_t>(operands.size()))
      writer.put(operands[static_cast<size_t>(found.number)]);
    else
      writer.put(message.substr(0, found.length));
    message.remove_prefix(found.length);
  }
  writer.put(message);
  return kind;
}

}  // namespace kjit::rt

extern "C" {

int32_t kjit_rt_raise(kjit_ctx* ctx, int32_t kind, const kjit_location* where, const char* message) {
  return kjit::rt::raise(ctx, kind, where, message ? message : "", {});
}

int32_t kjit_rt_raise_ops(kjit_ctx* ctx, int32_t kind, const kjit_location* where, const char* message, int64_t a,
                          int64_t b, int64_t c) {
  const int64_t operands[3] = {a, b, c};
  return kjit::rt::raise(ctx, kind, where, message ? message : "", operands);
}

int32_t kjit_rt_raise_list(kjit_ctx* ctx, int32_t kind, const kjit_location* where, const char* message,
                           const int64_t* operands, int64_t count) {
  return kjit::rt::raise(ctx, kind, where, message ? message : "", {operands, static_cast<size_t>(count)});
}

void kjit_rt_message(kjit_ctx* ctx) {
  ctx->reserved[kjit::rt::kWriteField] = reinterpret_cast<void*>(ctx->write);
  ctx->reserved[kjit::rt::kWriteUserField] = ctx->write_user;
  ctx->error.message[0] = 0;
  ctx->write = kjit::rt::append_to_message;
  ctx->write_user = ctx;
}

int32_t kjit_rt_raise_message(kjit_ctx* ctx, int32_t kind, const kjit_location* where) {
  ctx->write = reinterpret_cast<void (*)(void*, const char*, size_t)>(ctx->reserved[kjit::rt::kWriteField]);
  ctx->write_user = ctx->reserved[kjit::rt::kWriteUserField];
  ctx->reserved[kjit::rt::kWriteField] = ctx->reserved[kjit::rt::kWriteUserField] = nullptr;
  ctx->error.kind = kind == KJIT_OK ? KJIT_RUNTIME_ERROR : kind;
  ctx->error.reserved = 0;
  ctx->error.location = where;
  return ctx->error.kind;
}

const char* kjit_status_name(int32_t kind) {
  switch (static_cast<kjit_status>(kind)) {
    case KJIT_OK:
      return "OK";
    case KJIT_EXCEPTION:
      return "Exception";
    case KJIT_VALUE_ERROR:
      return "ValueError";
    case KJIT_TYPE_ERROR:
      return "TypeError";
    case KJIT_INDEX_ERROR:
      return "IndexError";
    case KJIT_KEY_ERROR:
      return "KeyError";
    case KJIT_ZERO_DIVISION_ERROR:
      return "ZeroDivisionError";
    case KJIT_OVERFLOW_ERROR:
      return "OverflowError";
    case KJIT_FLOATING_POINT_ERROR:
      return "FloatingPointError";
    case KJIT_ARITHMETIC_ERROR:
      return "ArithmeticError";
    case KJIT_ASSERTION_ERROR:
      return "AssertionError";
    case KJIT_RUNTIME_ERROR:
      return "RuntimeError";
    case KJIT_NOT_IMPLEMENTED_ERROR:
      return "NotImplementedError";
    case KJIT_MEMORY_ERROR:
      return "MemoryError";
    case KJIT_RECURSION_ERROR:
      return "RecursionError";
    case KJIT_STOP_ITERATION:
      return "StopIteration";
    case KJIT_NAME_ERROR:
      return "UnboundLocalError";
    case KJIT_INTERRUPTED:
      return "KeyboardInterrupt";
    case KJIT_LINALG_ERROR:
      return "LinAlgError";
    case KJIT_ATTRIBUTE_ERROR:
      return "AttributeError";
    case KJIT_OS_ERROR:
      return "OSError";
    case KJIT_UNOWNED_RESULT:
      return "UnownedResultError";
  }
  return "UnknownError";
}

}  // extern "C"
