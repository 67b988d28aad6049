// The least that any program with libtorch takes: loads it, makes one tensor, and ends. What `throng count` takes
// beyond it is Throng's own; see cold_start.py.
#include <ATen/ATen.h>

int main() { return at::ones({1}).item<float>() == 1.0F ? 0 : 1; }
