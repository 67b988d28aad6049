#pragma once

// Everything is compiled with hidden visibility; THRONG_API marks what the shared library exports.
#define THRONG_API __attribute__((visibility("default")))
