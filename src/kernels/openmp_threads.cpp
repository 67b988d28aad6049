#include "kernels/openmp_threads.h"

#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <exception>

// libtorch brings an OpenMP, and there must be only one. Its functions are looked up by name in what is loaded, so that
// neither the compiler's own is linked nor a compiler needs one. (at::parallel_for is no way to these threads: its loop
// is compiled here, and runs on one thread unless all that sees libtorch's headers is compiled with -fopenmp.)
namespace throng {
namespace {

struct OpenMp {
  void (*parallel)(void (*work)(void*), void* data, unsigned threads, unsigned flags);
  int (*thread_number)();
  int (*threads)();
  int (*most_threads)();
  int (*in_parallel)();

  bool there() const { return parallel && thread_number && threads && most_threads && in_parallel; }
};

template <class Function>
void look_up(Function*& function, const char* name) {
  function = reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

const OpenMp& openmp() {
  static const OpenMp found = [] {
    OpenMp functions{};
    look_up(functions.parallel, "GOMP_parallel");
    look_up(functions.thread_number, "omp_get_thread_num");
    look_up(functions.threads, "omp_get_num_threads");
    look_up(functions.most_threads, "omp_get_max_threads");
    look_up(functions.in_parallel, "omp_in_parallel");
    return functions;
  }();
  return found;
}

struct Work {
  std::int64_t count;
  const std::function<void(std::int64_t, std::int64_t)>& run;
  std::atomic_flag failed = ATOMIC_FLAG_INIT;
  std::exception_ptr problem = nullptr;

  void run_part(int thread, int threads) {
    const std::int64_t part = (count + threads - 1) / threads;
    const std::int64_t begin = thread * part, end = std::min(count, begin + part);
    if (begin >= end) return;
    try {
      run(begin, end);
    } catch (...) {
      if (!failed.test_and_set()) problem = std::current_exception();
    }
  }
};

void run_part(void* data) { static_cast<Work*>(data)->run_part(openmp().thread_number(), openmp().threads()); }

}  // namespace

void on_openmp_threads(std::int64_t count, const std::function<void(std::int64_t begin, std::int64_t end)>& work) {
  if (count <= 0) return;
  if (count == 1 || !openmp().there() || openmp().in_parallel() || openmp().most_threads() == 1) return work(0, count);
  Work shared{count, work};
  // Always all of them: OpenMP makes its threads anew when their number changes.
  openmp().parallel(&run_part, &shared, /*threads=*/0, /*flags=*/0);
  if (shared.problem) std::rethrow_exception(shared.problem);
}

}  // namespace throng
