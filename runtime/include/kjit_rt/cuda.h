/* CUDA devices for hosts: memory, kernels of PTX or cubins, launches, all on device 0 and in its default stream. The
 * driver (libcuda.so.1) is loaded by kjit_cuda_open; nothing else of CUDA is needed. Functions with a status return
 * KJIT_OK, or fill `error` (its location is null) and return its kind: KJIT_MEMORY_ERROR when device memory is out,
 * KJIT_VALUE_ERROR for a grid that the device cannot have, KJIT_RUNTIME_ERROR with the driver's name and text of what
 * went wrong otherwise. Thread-safe; handles may go in any order.
 *
 *   kjit_error error;
 *   kjit_cuda* cuda;
 *   if (kjit_cuda_open(NULL, &cuda, &error) != KJIT_OK) puts(error.message);   // "no CUDA device: ..."
 */
#pragma once

#include <kjit_rt/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kjit_cuda kjit_cuda;               /* the driver, and device 0 */
typedef struct kjit_cuda_buffer kjit_cuda_buffer; /* memory of the device */
typedef struct kjit_cuda_kernel kjit_cuda_kernel;

/* library: null for libcuda.so.1. */
KJIT_RT_API int32_t kjit_cuda_open(const char* library, kjit_cuda** out, kjit_error* error);
KJIT_RT_API void kjit_cuda_close(kjit_cuda* cuda); /* null: nothing */

typedef struct kjit_cuda_properties {
  char name[256];
  uint64_t memory;                      /* bytes */
  int32_t devices;                      /* of the machine */
  int32_t driver;                       /* CUDA version of the driver: 1000 * major + 10 * minor */
  int32_t major, minor;                 /* compute capability */
  int32_t multiprocessors, max_threads; /* threads of a block */
} kjit_cuda_properties;
KJIT_RT_API void kjit_cuda_describe(const kjit_cuda* cuda, kjit_cuda_properties* out);

/* Memory, allocated and freed in the stream's order. */
KJIT_RT_API int32_t kjit_cuda_alloc(kjit_cuda* cuda, uint64_t bytes, kjit_cuda_buffer** out, kjit_error* error);
/* Foreign memory of the device as a buffer; the caller keeps it alive as long as that. */
KJIT_RT_API int32_t kjit_cuda_borrow(kjit_cuda* cuda, uint64_t address, uint64_t bytes, kjit_cuda_buffer** out,
                                     kjit_error* error);
KJIT_RT_API void kjit_cuda_free(kjit_cuda_buffer* buffer); /* null: nothing */
KJIT_RT_API uint64_t kjit_cuda_address(const kjit_cuda_buffer* buffer);
/* The first `bytes` of the buffer. Host memory may be used again when they return. */
KJIT_RT_API int32_t kjit_cuda_copy_in(kjit_cuda_buffer* to, const void* from, uint64_t bytes, kjit_error* error);
KJIT_RT_API int32_t kjit_cuda_copy_out(const kjit_cuda_buffer* from, void* to, uint64_t bytes, kjit_error* error);

/* image: PTX text, a cubin or a fat binary. */
KJIT_RT_API int32_t kjit_cuda_load(kjit_cuda* cuda, const char* image, uint64_t bytes, const char* name,
                                   kjit_cuda_kernel** out, kjit_error* error);
KJIT_RT_API void kjit_cuda_unload(kjit_cuda_kernel* kernel); /* null: nothing */
/* grid: three numbers of blocks, three of threads in a block. parameters: the address of each parameter's value, read
   before the call returns. What goes wrong in the kernel is told by a later call that waits. */
KJIT_RT_API int32_t kjit_cuda_launch(kjit_cuda_kernel* kernel, const uint32_t grid[6], uint32_t shared_bytes,
                                     void** parameters, kjit_error* error);
/* A module's variable of that name: its address on the device and its bytes. KJIT_VALUE_ERROR when it has none. */
KJIT_RT_API int32_t kjit_cuda_symbol(kjit_cuda_kernel* kernel, const char* name, uint64_t* address, uint64_t* bytes,
                                     kjit_error* error);
/* Copies between the host and any address on the device, and waits. */
KJIT_RT_API int32_t kjit_cuda_read(kjit_cuda* cuda, uint64_t address, void* to, uint64_t bytes, kjit_error* error);
KJIT_RT_API int32_t kjit_cuda_write(kjit_cuda* cuda, uint64_t address, const void* from, uint64_t bytes,
                                    kjit_error* error);
/* Of a kernel: registers of a thread, bytes of static shared memory of a block, of local memory of a thread, threads
   of a block at most. */
KJIT_RT_API int32_t kjit_cuda_kernel_info(kjit_cuda_kernel* kernel, uint64_t out[4], kjit_error* error);
/* Blocks of that many threads that a multiprocessor holds at once. */
KJIT_RT_API int32_t kjit_cuda_occupancy(kjit_cuda_kernel* kernel, int32_t threads, uint64_t shared_bytes, int32_t* out,
                                        kjit_error* error);
/* PTX to a cubin by the driver's compiler: *image is freed with kjit_cuda_free_image. */
KJIT_RT_API int32_t kjit_cuda_link(kjit_cuda* cuda, const char* ptx, uint64_t bytes, char** image, uint64_t* size,
                                   kjit_error* error);
KJIT_RT_API void kjit_cuda_free_image(char* image); /* null: nothing */

/* A module with this variable, a word of 32 bits, has a barrier of the grid: its kernels are launched so that all
   blocks run at once, one launch after another, or refused with KJIT_VALUE_ERROR where the device has no room for that.
 */
#define KJIT_CUDA_GRID_BARRIER "kjit_grid_barrier"

/* What a kernel with debug=True leaves in its module's variable KJIT_CUDA_REPORT when a thread fails: the one of the
   lowest number. Nothing failed where `number` is 0. */
#define KJIT_CUDA_REPORT "kjit_report"
/* The module's variable with the places: at `site` stand file, place (line, column, and those of its end),
   function and message, in lines, then a 0. */
#define KJIT_CUDA_SITES "kjit_sites"
typedef struct kjit_cuda_report {
  uint32_t lock;
  int32_t status;  /* kjit_status */
  uint64_t number; /* of the thread in the grid, from 1 on */
  uint32_t block[3], thread[3];
  uint32_t site;
  uint32_t reserved;
  int64_t operands[4]; /* of the message: {0} and on */
} kjit_cuda_report;

/* --- streams, events, pinned memory. A null stream is the default one, which waits for the others, and they for it. */
typedef struct kjit_cuda_stream kjit_cuda_stream;
typedef struct kjit_cuda_event kjit_cuda_event;
typedef struct kjit_cuda_pinned kjit_cuda_pinned;
KJIT_RT_API int32_t kjit_cuda_stream_new(kjit_cuda* cuda, kjit_cuda_stream** out, kjit_error* error);
KJIT_RT_API void kjit_cuda_stream_free(kjit_cuda_stream* stream);          /* null: nothing; its work goes on */
KJIT_RT_API void* kjit_cuda_stream_handle(const kjit_cuda_stream* stream); /* the driver's CUstream */
KJIT_RT_API int32_t kjit_cuda_stream_synchronize(kjit_cuda* cuda, kjit_cuda_stream* stream, kjit_error* error);
KJIT_RT_API int32_t kjit_cuda_stream_idle(kjit_cuda* cuda, kjit_cuda_stream* stream, int32_t* idle, kjit_error* error);
KJIT_RT_API int32_t kjit_cuda_event_new(kjit_cuda* cuda, int32_t timing, kjit_cuda_event** out, kjit_error* error);
KJIT_RT_API void kjit_cuda_event_free(kjit_cuda_event* event); /* null: nothing */
KJIT_RT_API int32_t kjit_cuda_event_record(kjit_cuda* cuda, kjit_cuda_event* event, kjit_cuda_stream* stream,
                                           kjit_error* error);
/* The stream's later work waits for the event. */
KJIT_RT_API int32_t kjit_cuda_event_wait(kjit_cuda* cuda, kjit_cuda_event* event, kjit_cuda_stream* stream,
                                         kjit_error* error);
KJIT_RT_API int32_t kjit_cuda_event_synchronize(kjit_cuda_event* event, kjit_error* error);
KJIT_RT_API int32_t kjit_cuda_event_reached(kjit_cuda_event* event, int32_t* reached, kjit_error* error);
/* Between two events with timing that are recorded and reached. */
KJIT_RT_API int32_t kjit_cuda_event_elapsed(kjit_cuda_event* start, kjit_cuda_event* end, float* milliseconds,
                                            kjit_error* error);
KJIT_RT_API int32_t kjit_cuda_pinned_new(kjit_cuda* cuda, uint64_t bytes, void** data, kjit_cuda_pinned** out,
                                         kjit_error* error);
KJIT_RT_API void kjit_cuda_pinned_free(kjit_cuda_pinned* memory); /* null: nothing */
/* In the stream's order, `at` bytes into the buffer. What is not pinned is read before copy_in_at returns; host memory
   of copy_out_at is written when the stream has been waited for. */
KJIT_RT_API int32_t kjit_cuda_copy_in_at(kjit_cuda* cuda, kjit_cuda_buffer* to, uint64_t at, const void* from,
                                         uint64_t bytes, kjit_cuda_stream* stream, kjit_error* error);
KJIT_RT_API int32_t kjit_cuda_copy_out_at(kjit_cuda* cuda, const kjit_cuda_buffer* from, uint64_t at, void* to,
                                          uint64_t bytes, kjit_cuda_stream* stream, kjit_error* error);
/* Work in the stream uses the buffer: it is freed after that. */
KJIT_RT_API void kjit_cuda_used_in(kjit_cuda_buffer* buffer, kjit_cuda_stream* stream);
/* As kjit_cuda_launch. */
KJIT_RT_API int32_t kjit_cuda_launch_in(kjit_cuda_kernel* kernel, const uint32_t grid[6], uint32_t shared_bytes,
                                        void** parameters, kjit_cuda_stream* stream, kjit_error* error);
/* Bytes free on the device and in all; most bytes at once from now on; what is cached goes back; who has the memory. */
KJIT_RT_API int32_t kjit_cuda_memory_info(kjit_cuda* cuda, uint64_t out[2], kjit_error* error);
KJIT_RT_API int32_t kjit_cuda_reset_peak(kjit_cuda* cuda, kjit_error* error);
KJIT_RT_API int32_t kjit_cuda_empty_cache(kjit_cuda* cuda, kjit_error* error);
KJIT_RT_API int32_t kjit_cuda_memory_summary(kjit_cuda* cuda, char* text, uint64_t size, kjit_error* error);

/* Waits for everything on the device. */
KJIT_RT_API int32_t kjit_cuda_synchronize(kjit_cuda* cuda, kjit_error* error);
/* Bytes allocated, most of them at once, reserved, most of them at once. */
KJIT_RT_API int32_t kjit_cuda_memory(kjit_cuda* cuda, uint64_t out[4], kjit_error* error);

#ifdef __cplusplus
}
#endif
