#include "cuda/staging.h"

#include <kjit_rt/core.h>
#include <kjit_rt/parallel.h>

#include <algorithm>
#include <cstring>

namespace kjit::rt::cuda {

namespace {

constexpr size_t kPart = size_t{256} << 10;  // bytes that a thread copies at a time

struct Copy {
  char* to;
  const char* from;
  size_t bytes;
};

int32_t copy_part(kjit_ctx* /*ctx*/, int64_t lo, int64_t hi, int64_t /*chunk*/, void* frame) {
  const Copy& copy = *static_cast<const Copy*>(frame);
  const size_t begin = static_cast<size_t>(lo) * kPart;
  const size_t end = std::min(static_cast<size_t>(hi) * kPart, copy.bytes);
  std::memcpy(copy.to + begin, copy.from + begin, end - begin);
  return KJIT_OK;
}

// A thread's own context, for as long as a copy takes.
class Threads {
 public:
  Threads() { kjit_ctx_init(&ctx_); }
  ~Threads() { kjit_ctx_destroy(&ctx_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  void copy(void* to, const void* from, size_t bytes) {
    Copy all{static_cast<char*>(to), static_cast<const char*>(from), bytes};
    kjit_rt_parfor(&ctx_, static_cast<int64_t>((bytes + kPart - 1) / kPart), 1, KJIT_REGION_UNIFORM, copy_part, &all);
  }

 private:
  kjit_ctx ctx_{};
};

}  // namespace

void Staging::prepare() {
  while (pieces_.size() < kPieces) pieces_.push_back(std::make_unique<Piece>(context_));
}

void Staging::upload(Buffer& to, const void* from, size_t bytes, Stream& stream) {
  prepare();
  Threads threads;
  size_t k = 0;
  for (size_t at = 0; at < bytes; at += kPiece, ++k) {
    Piece& piece = *pieces_[k % kPieces];
    const size_t part = std::min(kPiece, bytes - at);
    piece.done.synchronize();  // of what it was used for last
    threads.copy(piece.memory.data(), static_cast<const char*>(from) + at, part);
    to.copy_from(piece.memory.data(), part, stream, at);
    piece.done.record(stream);
  }
}

void Staging::download(const Buffer& from, void* to, size_t bytes, Stream& stream) {
  prepare();
  Threads threads;
  const size_t count = (bytes + kPiece - 1) / kPiece;
  const auto length = [&](size_t k) { return std::min(kPiece, bytes - k * kPiece); };
  const auto start = [&](size_t k) {
    Piece& piece = *pieces_[k % kPieces];
    from.copy_to(piece.memory.data(), length(k), stream, k * kPiece);
    piece.done.record(stream);
  };
  for (size_t k = 0; k < kPieces; ++k) pieces_[k]->done.synchronize();
  for (size_t k = 0; k < std::min(count, kPieces); ++k) start(k);
  for (size_t k = 0; k < count; ++k) {
    Piece& piece = *pieces_[k % kPieces];
    piece.done.synchronize();
    threads.copy(static_cast<char*>(to) + k * kPiece, piece.memory.data(), length(k));
    if (k + kPieces < count) start(k + kPieces);
  }
}

}  // namespace kjit::rt::cuda
