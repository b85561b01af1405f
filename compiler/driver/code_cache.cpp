// What an entry holds, part by part: what it is ("code" or "literals"), then for code its symbol, whether it is brief,
// the vector libraries, result, number of parameters, parameters, findings, number of functions put off, these, their
// bitcode, the object.
#include "driver/code_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "driver/cached_code.h"
#include "driver/finding_text.h"
#include "driver/type_text.h"
#include "load/symbols.h"
#include "load/vector_libraries.h"

namespace kjit::driver {

namespace {

constexpr const char* kUnfit = "the entry cannot be loaded: ";

// Reads parts; after one that is not there all are empty, and ok() is false.
class Parts {
 public:
  explicit Parts(std::string_view all) : rest_(all) {}
  std::string next() {
    std::string_view part;
    fine_ = fine_ && take_part(rest_, part);
    return std::string(fine_ ? part : std::string_view());
  }
  size_t number() {
    const std::string text = next();
    size_t out = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    fine_ = fine_ && read.ec == std::errc() && read.ptr == text.data() + text.size() && !text.empty();
    return fine_ ? out : 0;
  }
  bool more() const { return fine_ && !rest_.empty(); }
  bool ok() const { return fine_; }

 private:
  std::string_view rest_;
  bool fine_ = true;
};

// Why what this function is compiled to is never kept; "" where it may be.
std::string refusal(const CodeCache::Wanted& wanted, const Options& options) {
  if (build_identity().empty()) return "this build of kjit cannot be told from others";
  if (wanted.pipeline.simulate) return "it is compiled for the simulator";
  if (wanted.pipeline.code.debug_info || options.gdb) return "debug info is wanted";
  if (options.perf) return "perf is to see it";
  if (wanted.function.options && wanted.function.options->offload) return "parts of it run on a GPU";
  return {};
}

}  // namespace

CodeCache::CodeCache(std::shared_ptr<EngineCore> core, std::shared_ptr<const CacheStore> store)
    : core_(std::move(core)), store_(std::move(store)) {}

void* CodeCache::symbol(const std::string& name) const {
  if (name == "kjit_engine_cuda") return &core_->cuda;
  if (name.starts_with("host.")) {
    for (const HostFunction& f : core_->options.functions)
      if (host_symbol(f) == name) return f.address;
  }
  return load::find_symbol(name);
}

std::string CodeCache::decode(sema::TypeContext& types, const Wanted& wanted, const std::string& value,
                              Lookup& out) const {
  Parts parts(value);
  const std::string sort = parts.next();
  if (sort == "literals") {
    while (parts.more()) out.literals.insert(parts.number());
    return parts.ok() && !out.literals.empty() ? "" : "the entry is damaged";
  }
  auto code = std::make_shared<detail::Code>();
  jit::Kept kept;
  const std::string symbol = parts.next();
  code->brief = parts.number() != 0;
  const std::string libraries = parts.next();
  kept.lanes = !libraries.empty();
  code->result = type_of_text(types, parts.next(), wanted.arguments);
  bool typed = code->result != nullptr;
  for (size_t count = parts.number(); count > 0 && parts.ok(); --count) {
    code->params.push_back(type_of_text(types, parts.next(), wanted.arguments));
    typed = typed && code->params.back();
  }
  typed = typed && findings_of_text(parts.next(), out.findings);
  for (size_t count = parts.number(); count > 0 && parts.ok(); --count) {
    std::string later = parts.next();
    kept.later.push_back({std::move(later), parts.number() != 0});
  }
  kept.bitcode = parts.next(), kept.object = parts.next();
  if (sort != "code" || !parts.ok() || parts.more() || !typed) return "the entry is damaged";
  if (kept.lanes && libraries != load::vector_libraries()) return "there are other vector libraries";
  try {
    code->machine = load_kept(
        std::move(kept), [&](const std::string& name) { return this->symbol(name); },
        [core = core_.get(), options = wanted.pipeline.code](const std::string& bitcode,
                                                             const std::vector<std::string>& symbols) {
          return core->backend().compile_later(bitcode, symbols, options);
        });
  } catch (const std::exception& unfit) {
    return kUnfit + std::string(unfit.what());
  }
  code->core = core_;
  code->entry = code->machine->find(symbol);
  code->name = wanted.function.def->name;
  if (!code->entry.call || !code->entry.packed) return kUnfit + ("it has lost " + symbol);
  out.code = std::move(code);
  return {};
}

bool CodeCache::covers(const sema::FunctionRef& function) const {
  const Caching wanted = core_->options.caching;
  return wanted == Caching::All || (wanted == Caching::Marked && function.options && function.options->cache);
}

CodeCache::Lookup CodeCache::find(sema::TypeContext& types, const Wanted& wanted) const {
  Lookup out;
  const Options& options = core_->options;
  const std::string name = fmt::format("{} in {}", wanted.function.def->name, wanted.function.globals->file().path());
  if (!store_->usable()) {
    note(name, CacheEvent::Outcome::Unused, store_->problem());
    return out;
  }
  if (std::string why = refusal(wanted, options); !why.empty()) {
    note(name, CacheEvent::Outcome::Unused, std::move(why));
    return out;
  }
  CacheKey key = cache_key(wanted.function, wanted.arguments, wanted.values, wanted.pipeline, options);
  const auto value = store_->find({CacheStore::Kind::Code, key.subject, key.text}, &out.why);
  if (value) {
    out.why = decode(types, wanted, *value, out);
    if (!out.why.empty()) out.code = nullptr, out.literals.clear(), out.findings.clear();
    if (out.code) out.code->files = std::move(key.files);
  }
  if (out.code) note(key.subject, CacheEvent::Outcome::Hit, "");
  if (!out.code) out.key = std::move(key);
  return out;
}

void CodeCache::keep(const Lookup& lookup, const Wanted& wanted, const detail::Code& code, const std::string& symbol,
                     const std::vector<source::Diagnostic>& findings, const jit::Kept& kept,
                     std::string refused) const {
  if (!lookup.key) return;
  std::string value;
  append_part(value, "code"), append_part(value, symbol), append_part(value, code.brief ? "1" : "0");
  append_part(value, kept.lanes ? load::vector_libraries() : "");
  bool typed = true;
  const auto add_type = [&](sema::TypeRef t) {
    const std::string text = type_text(t, wanted.arguments);
    typed = typed && !text.empty();
    append_part(value, text);
  };
  add_type(code.result);
  append_part(value, fmt::format("{}", code.params.size()));
  for (sema::TypeRef t : code.params) add_type(t);
  append_part(value, text_of(findings));
  append_part(value, fmt::format("{}", kept.later.size()));
  for (const jit::Kept::Later& f : kept.later) append_part(value, f.symbol), append_part(value, f.general ? "1" : "0");
  append_part(value, kept.bitcode), append_part(value, kept.object);
  if (!typed && refused.empty()) refused = "a function made in the kernel is part of its types";
  const bool done =
      refused.empty() && store_->keep({CacheStore::Kind::Code, lookup.key->subject, lookup.key->text}, value, &refused);
  const bool absent = lookup.why == "there is no entry";
  note(lookup.key->subject, CacheEvent::Outcome::Miss,
       lookup.why + (refused.empty() ? "" : fmt::format("; not kept: {}", refused)), done,
       absent ? lookup.key->text : "");
}

void CodeCache::keep(const Lookup& lookup, const std::set<size_t>& literals) const {
  if (!lookup.key || literals.empty()) return;
  std::string value;
  append_part(value, "literals");
  for (const size_t k : literals) append_part(value, fmt::format("{}", k));
  store_->keep({CacheStore::Kind::Code, lookup.key->subject, lookup.key->text}, value);
}

void CodeCache::note(const std::string& function, CacheEvent::Outcome outcome, std::string reason, bool kept,
                     std::string key) const {
  const std::lock_guard lock(mutex_);
  events_.push_back({{function, outcome, std::move(reason), kept}, std::move(key)});
}

std::vector<CacheEvent> CodeCache::events() const {
  std::vector<Event> events;
  {
    const std::lock_guard lock(mutex_);
    events = events_;
  }
  std::vector<CacheEvent> out;
  for (Event& each : events) {
    // Looked for now, since it means reading the directory: what else is kept for this function and these types?
    if (!each.key.empty()) {
      const auto others = store_->other_keys({CacheStore::Kind::Code, each.event.function, each.key});
      if (!others.empty()) each.event.reason.replace(0, 17, key_difference(others.front(), each.key));
    }
    out.push_back(std::move(each.event));
  }
  return out;
}

}  // namespace kjit::driver
