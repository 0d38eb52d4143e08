// The main function of the test programs. Nothing else belongs here.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
// doctest concludes this from the line above, but not when a precompiled header brought it in before.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
