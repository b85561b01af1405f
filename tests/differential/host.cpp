// Runs kernels for a program that compares them with an oracle: requests on standard input, answers on standard output,
// both binary.
//
//   request: u32 length, text of a file; string name of the function; u8 boundscheck; u32 buffers, each u64 length and
//   its bytes;
//            u32 arguments, each a value
//   answer:  for each optimisation level of the command line, one by one: u8 1, the result, then the buffers as the
//   call left them;
//            or u8 0, string kind of the error, string message, u32 line
//   value:   u8 tag: n None, b bool (u8), i Python's int (i64), d float (f64), c complex (2 f64), s NumPy scalar (u8
//   dtype, 16 bytes),
//            t tuple (u32 count, values), a array (u8 dtype, u8 rank, u8 read-only, i64 shapes; of a request: i64
//            strides in bytes, u32 buffer, i64 offset into it; of an answer: its elements, row-major)
//   string:  u32 length, bytes
// Numbers are little-endian. Each level has an engine of its own, replaced now and then so that memory stays bounded.
#include <kjit/kjit.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace {

constexpr int kRequestsPerEngine = 100;

template <typename T>
T take() {
  T value;
  if (std::fread(&value, sizeof value, 1, stdin) != 1) std::exit(0);  // the other side is done
  return value;
}

std::string take_bytes(size_t length) {
  std::string bytes(length, '\0');
  if (length != 0 && std::fread(bytes.data(), length, 1, stdin) != 1) std::exit(0);
  return bytes;
}

std::string take_string() { return take_bytes(take<uint32_t>()); }

template <typename T>
void put(T value) {
  std::fwrite(&value, sizeof value, 1, stdout);
}

void put_string(const std::string& text) {
  put(static_cast<uint32_t>(text.size()));
  std::fwrite(text.data(), 1, text.size(), stdout);
}

struct Call {
  std::vector<std::string> buffers;
  std::string arguments;
};

struct Request {
  std::string text, function;
  bool boundscheck = false;
  std::vector<Call> calls;
};

// The arguments refer to buffers, and each level gets its own copy of them: values are read anew from the same bytes.
class ValueReader {
 public:
  ValueReader(const std::string& bytes, std::vector<std::shared_ptr<std::string>> buffers)
      : at_(bytes.data()), buffers_(std::move(buffers)) {}

  template <typename T>
  T next() {
    T value;
    std::memcpy(&value, at_, sizeof value);
    at_ += sizeof value;
    return value;
  }

  kjit::Value value() {
    switch (next<char>()) {
      case 'b':
        return next<uint8_t>() != 0;
      case 'i':
        return next<int64_t>();
      case 'd':
        return next<double>();
      case 'c': {
        const auto re = next<double>();
        return std::complex<double>(re, next<double>());
      }
      case 's': {
        kjit::TypedScalar scalar;
        scalar.dtype = static_cast<kjit::DType>(next<uint8_t>());
        std::memcpy(scalar.bits, at_, sizeof scalar.bits);
        at_ += sizeof scalar.bits;
        return scalar;
      }
      case 't': {
        kjit::Value::Tuple items(next<uint32_t>());
        for (kjit::Value& item : items) item = value();
        return items;
      }
      case 'a':
        return array();
      default:
        return kjit::None{};
    }
  }

 private:
  kjit::Array array() {
    const auto dtype = static_cast<kjit::DType>(next<uint8_t>());
    const int rank = next<uint8_t>();
    const bool readonly = next<uint8_t>() != 0;
    std::vector<int64_t> shape(rank), strides(rank);
    for (int64_t& n : shape) n = next<int64_t>();
    for (int64_t& n : strides) n = next<int64_t>();
    const std::shared_ptr<std::string> buffer = buffers_[next<uint32_t>()];
    char* data = buffer->data() + next<int64_t>();
    return kjit::Array::wrap(data, dtype, shape, strides, [buffer] {}, readonly);
  }

  const char* at_;
  std::vector<std::shared_ptr<std::string>> buffers_;
};

void put_value(const kjit::Value& value) {
  if (const auto* v = value.get_if<bool>()) {
    put('b'), put(static_cast<uint8_t>(*v));
  } else if (const auto* v = value.get_if<int64_t>()) {
    put('i'), put(*v);
  } else if (const auto* v = value.get_if<double>()) {
    put('d'), put(*v);
  } else if (const auto* v = value.get_if<std::complex<double>>()) {
    put('c'), put(v->real()), put(v->imag());
  } else if (const auto* v = value.get_if<kjit::TypedScalar>()) {
    put('s'), put(static_cast<uint8_t>(v->dtype));
    std::fwrite(v->bits, 1, sizeof v->bits, stdout);
  } else if (value.is<std::shared_ptr<const kjit::Value::Tuple>>()) {
    put('t'), put(static_cast<uint32_t>(value.as_tuple().size()));
    for (const kjit::Value& item : value.as_tuple()) put_value(item);
  } else if (value.is<kjit::Array>()) {
    const kjit::Array flat = value.array().copy();
    put('a'), put(static_cast<uint8_t>(flat.dtype())), put(static_cast<uint8_t>(flat.ndim()));
    put(static_cast<uint8_t>(value.array().readonly()));
    for (int64_t n : flat.shape()) put(n);
    std::fwrite(flat.data(), static_cast<size_t>(kjit::itemsize(flat.dtype())), static_cast<size_t>(flat.size()),
                stdout);
  } else {
    put('n');
  }
}

void put_error(const kjit::Error& e) {
  put(uint8_t{0});
  put_string(kjit::name(e.kind()));
  put_string(e.message());
  put(e.findings().empty() ? e.place().line : e.findings()[0].place.line);
}

void answer(const kjit::Module& module, const std::string& function, const Call& call) {
  std::vector<std::shared_ptr<std::string>> buffers;
  for (const std::string& b : call.buffers) buffers.push_back(std::make_shared<std::string>(b));
  try {
    ValueReader reader(call.arguments, buffers);
    std::vector<kjit::Value> values(reader.next<uint32_t>());
    for (kjit::Value& v : values) v = reader.value();
    const kjit::Value result = module.call(function, values);
    put(uint8_t{1});
    put_value(result);
    for (const auto& b : buffers) std::fwrite(b->data(), 1, b->size(), stdout);
  } catch (const kjit::Error& e) {
    put_error(e);
  }
}

void answer(kjit::Engine& engine, const Request& request) {
  try {
    const kjit::Module module = engine.load_string(request.text, "program");
    for (const Call& call : request.calls) answer(module, request.function, call);
  } catch (const kjit::Error& e) {
    for (size_t k = 0; k < request.calls.size(); ++k) put_error(e);
  }
}

struct Level {
  int level = 0;
  std::unique_ptr<kjit::Engine> engines[2];  // without and with checks of bounds
};

}  // namespace

int main(int count, char** arguments) {
  std::vector<Level> levels(static_cast<size_t>(std::max(count - 1, 0)));
  for (int k = 1; k < count; ++k)
    levels[static_cast<size_t>(k - 1)].level = static_cast<int>(std::strtol(arguments[k], nullptr, 10));
  for (int64_t n = 0;; ++n) {
    Request request;
    request.text = take_string();
    request.function = take_string();
    request.boundscheck = take<uint8_t>() != 0;
    request.calls.resize(take<uint32_t>());
    for (Call& call : request.calls) {
      call.buffers.resize(take<uint32_t>());
      for (std::string& b : call.buffers) b = take_bytes(take<uint64_t>());
      call.arguments = take_string();
    }
    for (Level& level : levels) {
      std::unique_ptr<kjit::Engine>& engine = level.engines[request.boundscheck ? 1 : 0];
      if (engine == nullptr || n % kRequestsPerEngine == 0) {
        kjit::Options options;
        options.opt_level = level.level;
        options.boundscheck = request.boundscheck;
        engine = std::make_unique<kjit::Engine>(options);
      }
      answer(*engine, request);
    }
    std::fflush(stdout);
  }
}
