// The main function of the test programs. Nothing else belongs here.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define XGRAD_TEST_LEAKS
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && defined(__linux__)
#define XGRAD_TEST_LEAKS
#endif
#ifdef XGRAD_TEST_LEAKS
#include <sanitizer/lsan_interface.h>
#endif

int main(int argc, char** argv) {
  doctest::Context context(argc, argv);
  const int result = context.run();
#ifdef XGRAD_TEST_LEAKS
  // Not at the end of the program, when the threads of libraries are about to end: LeakSanitizer, which looks
  // into every thread, dies of half a one.
  __lsan_do_leak_check();
#endif
  return result;
}
