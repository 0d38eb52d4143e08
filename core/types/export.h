// XGRAD_API marks what a shared library exports. XGRAD_SHARED comes with the build and package files.
#pragma once

#if !defined(XGRAD_SHARED)
#define XGRAD_API
#elif !defined(_WIN32)
#define XGRAD_API __attribute__((visibility("default")))
#elif defined(XGRAD_BUILDING)
#define XGRAD_API __declspec(dllexport)
#else
#define XGRAD_API __declspec(dllimport)
#endif
