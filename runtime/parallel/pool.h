// What libkjit_threads.so gives to the runtime: one region's work spread over the threads of oneTBB. Plain C types, for
// it is opened with dlopen.
#pragma once

#include <cstdint>

extern "C" {

// Called for each participant, with the slot of its thread in the arena: below `threads`, and no two at the same time
// have the same one.
using kjit_pool_work = void (*)(void* region, int32_t participant, int32_t slot);

// Calls work for 0 .. participants - 1, each once, on at most `threads` threads of which the calling one is the first;
// returns when all have returned. nested: the calling thread is inside of such a work and shares its threads. 0: done;
// 1: out of memory, and some participants were not called.
int32_t kjit_pool_run(int32_t participants, int32_t threads, int32_t nested, kjit_pool_work work, void* region);
const char* kjit_pool_version(void);  // of oneTBB, "2021.8"
void kjit_pool_abandon(void);         // in the child of a fork: its threads are gone, and nothing waits for them
}
