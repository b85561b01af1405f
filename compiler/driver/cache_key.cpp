#include "driver/cache_key.h"

#include <fmt/format.h>
#include <kjit_rt/abi.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <set>

#include "driver/cache_store.h"
#include "driver/processor.h"
#include "driver/type_text.h"
#include "sema/infer.h"
#include "sema/scope.h"
#include "source/sanitizers.h"

namespace kjit::driver {

namespace {

std::string hash(std::string_view text) {
  const XXH128_hash_t h = XXH3_128bits(text.data(), text.size());
  return fmt::format("{:016x}{:016x}", h.high64, h.low64);
}

bool starts_name(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80) != 0;
}

// Names, and words of comments and strings. False where a name has letters beyond ASCII: two spellings may be one name.
bool find_words(std::string_view text, std::set<std::string, std::less<>>& words) {
  bool plain = true;
  for (size_t at = 0; at < text.size();) {
    if (!starts_name(text[at])) {
      ++at;
      continue;
    }
    const size_t begin = at;
    while (at < text.size() && (starts_name(text[at]) || (text[at] >= '0' && text[at] <= '9'))) {
      plain = plain && (static_cast<unsigned char>(text[at]) & 0x80) == 0;
      ++at;
    }
    words.emplace(text.substr(begin, at - begin));
  }
  return plain;
}

// Without comments, where it is plain to see what they are: no string reaches over the end of a line.
std::string without_comments(std::string text) {
  for (const char* far : {"\"\"\"", "'''", "\\\n"})
    if (text.find(far) != std::string::npos) return text;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const size_t mark = text.find_first_of("#\"'", begin);
    if (mark < end && text[mark] == '#') std::fill(text.begin() + mark, text.begin() + end, ' ');
    begin = end + 1;
  }
  return text;
}

// The text in which a function names what is defined elsewhere. Its own variables, which it may not take from there, go
// into `local`.
std::string naming_text(const sema::FunctionRef* ref, const ast::FunctionDef& def, const source::SourceFile& file,
                        source::Span span, std::set<std::string, std::less<>>& local) {
  std::string text(file.text(span));
  if (!def.docstring.empty()) {
    const source::Span doc = def.body[0]->span;
    std::fill(text.begin() + (doc.begin - span.begin), text.begin() + (doc.end - span.begin), ' ');
  }
  text = without_comments(std::move(text));
  // What decorators of functions within name is looked up outside.
  const size_t body = def.name_span.end - span.begin;
  bool decorated = ref == nullptr;
  for (size_t at = text.find('@', body); at != std::string::npos; at = text.find('@', at + 1)) {
    const size_t before = text.find_last_not_of(" \t", at - 1);
    decorated = decorated || before == std::string::npos || text[before] == '\n';
  }
  if (!decorated)
    for (const std::string_view name : sema::analyze_scope(def).locals) local.emplace(name);
  return text;
}

class Writer {
 public:
  explicit Writer(CacheKey& key) : key_(key) {}

  void line(std::string_view what, std::string_view value) { key_.text += fmt::format("{}\t{}\n", what, value); }
  std::string type(sema::TypeRef t) {
    return type_text(t, [&](const sema::Type& f) { return fmt::format("{}", number(f.function, f.globals)); });
  }
  std::string constant(const sema::Constant& c);
  // Its number among the functions of the key; what it depends on is written later.
  size_t number(const ast::FunctionDef* def, const sema::Globals* globals, const sema::FunctionRef* ref = nullptr);
  void write_functions();

 private:
  struct Function {
    const ast::FunctionDef* def;
    const sema::Globals* globals;
    const sema::FunctionRef* ref;  // may be null
  };
  void write(const Function& function, size_t number);
  std::string options(const sema::FunctionOptions& options);

  CacheKey& key_;
  std::deque<Function> functions_;
  std::map<std::pair<const ast::FunctionDef*, const sema::Globals*>, size_t> numbers_;
};

std::string Writer::constant(const sema::Constant& c) {
  if (!c.type) return "none that kernels can use";
  std::string out = type(c.type) + "=";
  const auto bits = [](double v) {
    uint64_t raw = 0;
    std::memcpy(&raw, &v, sizeof raw);
    return fmt::format("{:x}", raw);
  };
  if (const auto* i = std::get_if<int64_t>(&c.value)) {
    out += fmt::format("{}", *i);
  } else if (const auto* d = std::get_if<double>(&c.value)) {
    out += bits(*d);
  } else if (const auto* z = std::get_if<std::complex<double>>(&c.value)) {
    out += bits(z->real()) + "," + bits(z->imag());
  } else if (const auto* tuple = std::get_if<sema::ConstantTuple>(&c.value)) {
    for (const sema::Constant& item : *tuple) out += "(" + constant(item) + ")";
  } else if (const auto* array = std::get_if<std::shared_ptr<const sema::ConstantArray>>(&c.value); array && *array) {
    for (const int64_t length : (*array)->shape) out += fmt::format("{}x", length);
    out += hash({reinterpret_cast<const char*>((*array)->data.data()), (*array)->data.size()});
  }
  return out;
}

size_t Writer::number(const ast::FunctionDef* def, const sema::Globals* globals, const sema::FunctionRef* ref) {
  const auto [at, fresh] = numbers_.emplace(std::pair(def, globals), functions_.size());
  if (fresh) functions_.push_back({def, globals, ref ? ref : globals->function(def)});
  return at->second;
}

void Writer::write_functions() {
  for (size_t k = 0; k < functions_.size(); ++k) write(Function(functions_[k]), k);  // grows on the way
}

std::string Writer::options(const sema::FunctionOptions& o) {
  std::string out = fmt::format(
      "{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} '{}'", static_cast<int>(o.kind), o.device,
      o.offload, o.nopython, o.parallel, o.serial_parts, o.inline_always, o.nogil, o.boundscheck, o.has_boundscheck,
      o.numpy_error_model, o.fastmath, o.max_threads, o.min_blocks, o.max_registers, o.lineinfo, o.debug,
      o.identity.value_or(-1), o.identity.has_value(), o.reorderable, o.pure, o.context, o.extern_symbol);
  for (const auto& signature : o.signatures) {
    out += "|" + (signature.result ? type(signature.result) : "") + "(";
    for (sema::TypeRef t : signature.params) out += type(t);
  }
  for (const auto& [name, forced] : o.locals) out += "|" + name + ":" + type(forced);
  return out;
}

void Writer::write(const Function& f, size_t number) {
  const source::SourceFile& file = f.globals->file();
  const std::string name(f.def->name);
  if (f.globals->is_library()) {  // part of this build
    line(fmt::format("function {}", number), fmt::format("{} {}", file.path(), name));
    return;
  }
  const auto known = [&](const source::SourceFilePtr& each) { return each.get() == &file; };
  if (std::none_of(key_.files.begin(), key_.files.end(), known)) key_.files.push_back(f.globals->shared_file());
  source::Span span = f.def->span;
  for (const ast::Decorator& d : f.def->decorators) span = source::join(span, d.span);
  const std::string_view text = file.text(span);
  const source::LineColumn at = file.line_column(f.def->span.begin), from = file.line_column(span.begin);
  line(fmt::format("the text of '{}'#{}", name, number), fmt::format("{} {}", hash(text), text.size()));
  line(fmt::format("the place of '{}'#{}", name, number),
       fmt::format("{} {}:{} {}:{}", hash(file.path()), at.line, at.column, from.line, from.column));
  if (f.ref) {
    std::string said = f.ref->options ? options(*f.ref->options) : "";
    line(fmt::format("what the decorator says of '{}'#{}", name, number), hash(said));
    std::string defaults;
    for (const sema::Constant& c : f.ref->defaults) defaults += constant(c) + ";";
    for (const sema::Constant& c : f.ref->keyword_defaults) defaults += constant(c) + ";";
    line(fmt::format("the defaults of '{}'#{}", name, number), hash(defaults));
  }
  std::set<std::string, std::less<>> words, local;
  if (!find_words(naming_text(f.ref, *f.def, file, span, local), words))
    for (std::string& each : f.globals->names()) words.insert(std::move(each));
  std::deque<std::string> modules;
  std::set<std::string> seen;
  const auto value = [&](const std::string& label, const std::optional<sema::Constant>& c) {
    if (!c) return;
    line(fmt::format("the value of '{}'#{}", label, number), hash(constant(*c)));
    if (!c->type || c->type->kind != sema::TypeKind::Builtin || !c->type->text.starts_with("module:")) return;
    if (seen.insert(c->type->text).second) modules.push_back(c->type->text);
  };
  for (const std::string& word : words)
    if (!local.contains(word)) value(word, f.globals->lookup(word));
  for (; !modules.empty(); modules.pop_front()) {
    const std::string& module = modules.front();
    for (const std::string& word : words) value(module.substr(7) + "." + word, f.globals->lookup_module(module, word));
  }
}

std::string shown_arguments(const std::vector<sema::TypeRef>& arguments) {
  std::string out;
  for (sema::TypeRef t : arguments) out += (out.empty() ? "" : ", ") + sema::to_string(t);
  return out;
}

std::string processor(const Options& options) {
  const bool host = options.cpu.empty() || options.cpu == "native";
  return fmt::format("{} {} {}", options.cpu, options.features, host ? processor_identity() : "");
}

}  // namespace

CacheKey cache_key(const sema::FunctionRef& function, const std::vector<sema::TypeRef>& arguments,
                   const std::vector<std::optional<sema::Constant>>* values, const PipelineOptions& pipeline,
                   const Options& options) {
  CacheKey key;
  key.subject =
      fmt::format("{}({}) in {}", function.def->name, shown_arguments(arguments), function.globals->file().path());
  Writer to(key);
  to.line("this build of kjit", fmt::format("{} {} {} {} {}{}", version(), build_identity(), KJIT_ABI_VERSION,
                                            jit::kBackendAbi, source::kThreadSanitizer, source::kAddressSanitizer));
  to.line("the processor", processor(options));
  to.line("the options",
          fmt::format("{} {} {} {} {} {} {} '{}' '{}' {}", pipeline.infer.boundscheck, pipeline.infer.numpy_error_model,
                      pipeline.code.opt_level, pipeline.code.debug_info, pipeline.poll_interrupt,
                      static_cast<int>(pipeline.races), pipeline.simulate, pipeline.code.gpu_arch,
                      pipeline.code.libdevice, options.cuda_simulator));
  to.number(function.def, function.globals, &function);
  std::string types;
  for (sema::TypeRef t : arguments) types += to.type(t);
  to.line("the argument types", hash(types));
  std::string known = values ? "known" : "";
  for (const auto& value : values ? *values : std::vector<std::optional<sema::Constant>>())
    known += ";" + (value ? to.constant(*value) : "");
  to.line("the values of arguments", hash(known));
  to.write_functions();
  return key;
}

namespace {

std::map<std::string, std::string, std::less<>> lines_of(std::string_view key) {
  std::map<std::string, std::string, std::less<>> out;
  while (!key.empty()) {
    const std::string_view line = key.substr(0, key.find('\n'));
    const size_t tab = std::min(line.find('\t'), line.size());
    out.emplace(line.substr(0, tab), line.substr(std::min(tab + 1, line.size())));
    key.remove_prefix(std::min(line.size() + 1, key.size()));
  }
  return out;
}

}  // namespace

std::string key_difference(const std::string& before, const std::string& now) {
  const auto old = lines_of(before);
  // In the order in which they are written: what else differs may follow from it.
  for (std::string_view rest = now; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::string_view what = line.substr(0, line.find('\t'));
    const auto found = old.find(what);
    if (found != old.end() && found->second == line.substr(std::min(what.size() + 1, line.size()))) continue;
    const std::string shown(what.substr(0, what.rfind('#')));
    if (shown == "this build of kjit" || shown == "the processor") return fmt::format("{} is another one", shown);
    if (shown.starts_with("the options") || shown.starts_with("the values of arguments") ||
        shown.starts_with("the defaults"))
      return fmt::format("{} are other ones", shown);
    if (shown.starts_with("function")) break;
    return fmt::format("{} {}", shown, found == old.end() ? "is new" : "has changed");
  }
  return "what it depends on has changed";
}

}  // namespace kjit::driver
