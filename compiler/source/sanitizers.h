// Which sanitizer this build is made for.
#pragma once

namespace kjit::source {

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KJIT_THREAD_SANITIZER 1
#endif
#if __has_feature(address_sanitizer)
#define KJIT_ADDRESS_SANITIZER 1
#endif
#endif
#ifdef KJIT_THREAD_SANITIZER
inline constexpr bool kThreadSanitizer = true;
#else
inline constexpr bool kThreadSanitizer = false;
#endif
#ifdef KJIT_ADDRESS_SANITIZER
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif

}  // namespace kjit::source
