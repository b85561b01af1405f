// What libkjit_threads.so gives to the runtime: one region's work spread over the threads of oneTBB. Plain C types, for
// it is opened with dlopen.
#pragma once

#include <cstdint>

extern "C" {

// Called for each participant, with the slot of its thread in the arena: below `threads`, and no two at the same time
// have the same one.
using kjit_pool_work = void (*)(void* region, int32_t participant, int32_t slot);

// Calls work for some of 0 .. participants - 1, 0 among them, on at most `threads` threads of which the calling one is
// the first; returns when all have returned that were called. Those that come too late are not: whoever is there has to
// do all that is to do. nested: the calling thread is inside of such a work and shares its threads. body: a name for
// what the outermost region does, by which it is known again. 0: done; 1: out of memory, and nobody may have been
// called.
int32_t kjit_pool_run(int32_t participants, int32_t threads, int32_t nested, const void* body, kjit_pool_work work,
                      void* region);
const char* kjit_pool_version(void);  // of oneTBB, "2021.8"
void kjit_pool_abandon(void);         // in the child of a fork: its threads are gone, and nothing waits for them
}
