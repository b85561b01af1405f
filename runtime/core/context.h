// Inside of the runtime's core: raising from C++, the fields behind kjit_ctx::reserved.
#pragma once

#include <kjit_rt/abi.h>
#include <kjit_rt/core.h>

#include <atomic>
#include <span>
#include <string_view>

namespace kjit::rt {

struct Account;  // memory.cpp

// kjit_ctx::reserved by use.
enum ReservedField { kAccountField = 0, kWriteField = 1, kWriteUserField = 2 };  // the latter two: see kjit_rt_message
static_assert(sizeof(kjit_ctx::reserved) / sizeof(void*) > kWriteUserField);

// Fills the error record and returns `kind`. `operands`: for {0} {1} ...; without any the text is taken as it is (it
// may come from a user).
int32_t raise(kjit_ctx* ctx, int32_t kind, const kjit_location* where, std::string_view message,
              std::span<const int64_t> operands = {});

void drop_account(kjit_ctx* ctx);
// Makes the account of a limited context, which the contexts of a region share. False when out of memory.
bool open_account(kjit_ctx* ctx);

// Called with blocks of arrays that are about to be freed, while somebody wants to know; null: nobody.
using FreedHook = void (*)(void* data, int64_t bytes);
extern std::atomic<FreedHook> freed_hook;

// False when the allocation must fail because a test asked for it (kjit_rt_fail_allocation).
bool allocation_allowed();

}  // namespace kjit::rt
