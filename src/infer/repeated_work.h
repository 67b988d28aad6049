#pragma once

#include <ATen/ATen.h>
#include <ATen/ThreadLocalState.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "infer/cudnn_trials.h"
#include "infer/device_graph.h"
#include "infer/side_stream.h"

namespace throng {

struct RepeatedWorkOptions {
  int eager = 3;           ///< times that a form is done step by step before it is recorded
  std::size_t graphs = 4;  ///< that are kept; the one not used for longest goes first
  /// Do it once more before it is recorded, on a thread of its own, where cuDNN has not chosen its algorithms yet and
  /// may try them. Not for work that changes something.
  bool rehearse = false;
};

/// Work of a device that comes again and again, with inputs of a few forms (sizes and types). Of each form it is done
/// step by step a few times, in which libraries set themselves up; then it is recorded and replayed. All of it is in
/// turn with what the current stream is given.
template <class Result>
class RepeatedWork {
 public:
  using Inputs = std::vector<at::Tensor>;
  /// Gets its inputs on the device. See DeviceGraph::capture for what it may do.
  using Work = std::function<Result(const Inputs&)>;

  RepeatedWork(const at::Device& device, GraphSupport graphs, const RepeatedWorkOptions& options)
      : device_(device), side_(device), graphs_(std::move(graphs)), options_(options) {}

  /// The tensors of the result may be those of the last time with this form, overwritten. Inputs lie on the device or,
  /// best in pinned memory, on the host; undefined ones stay so. `variant` tells apart work that differs though its
  /// inputs look alike.
  Result run(const Inputs& inputs, const Work& work, std::int64_t variant = 0) {
    Result result;
    side_.in_turn([&] { result = run_in_turn(form_of(inputs, variant), inputs, work); });
    return result;
  }

  /// Why nothing is recorded, in words; empty where it is.
  const std::string& why_not() const { return graphs_.why_not; }
  /// How many forms are replayed now.
  std::size_t recorded() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(forms_, [](const Form& form) { return form.graph != nullptr; }));
  }
  /// Drops all graphs, because the work is another from now on.
  void forget() { forms_.clear(); }
  /// Drops all graphs and their memory; from now on nothing is recorded.
  void give_up(const std::string& why) {
    forms_.clear();
    graphs_ = {.why_not = why};
  }

 private:
  using Key = std::vector<std::int64_t>;
  struct Form {
    Key key;
    int times = 0;
    Inputs inputs = {};  // where the graph reads
    Result result = {};  // where it writes
    std::unique_ptr<DeviceGraph> graph = {};
  };
  static constexpr std::size_t kMostForms = 256;  // whose times are remembered

  static Key key_of(const Inputs& inputs, std::int64_t variant) {
    Key key{variant};
    for (const at::Tensor& input : inputs) {
      key.push_back(-1);
      if (!input.defined()) continue;
      key.push_back(static_cast<std::int64_t>(input.scalar_type()));
      key.insert(key.end(), input.sizes().begin(), input.sizes().end());
    }
    return key;
  }

  // It is the first of forms_ then.
  Form& form_of(const Inputs& inputs, std::int64_t variant) {
    const Key key = key_of(inputs, variant);
    const auto found = std::ranges::find(forms_, key, &Form::key);
    if (found != forms_.end()) {
      forms_.splice(forms_.begin(), forms_, found);
    } else {
      forms_.push_front({.key = key});
      if (forms_.size() > kMostForms) forms_.pop_back();
    }
    return forms_.front();
  }

  Result run_in_turn(Form& form, const Inputs& inputs, const Work& work) {
    if (form.graph) return replay(form, inputs);
    if (!graphs_.make || form.times < options_.eager) {
      ++form.times;
      return work(on_device(inputs));
    }
    try {
      record(form, inputs, work);
    } catch (const c10::OutOfMemoryError&) {
      give_up("the device's memory does not suffice for them");
      return work(on_device(inputs));
    } catch (const c10::Error& error) {
      give_up(std::string("what is computed could not be recorded: ") + error.what_without_backtrace());
      return work(on_device(inputs));
    }
    return replay(form, inputs);
  }

  void record(Form& form, const Inputs& inputs, const Work& work) {
    make_room();
    form.inputs = on_device(inputs, /*copy=*/true);
    std::unique_ptr<DeviceGraph> graph = graphs_.make();
    const auto capture = [&] {
      // The work is kept with the form: what replays by calling it again, in tests, needs it.
      graph->capture([&form, work] { form.result = work(form.inputs); });
    };
    if (options_.rehearse) {
      on_new_thread([&] {
        const CudnnTrials trials(true);
        work(form.inputs);
        capture();
      });
    } else {
      capture();
    }
    form.graph = std::move(graph);
  }

  template <class Call>
  void on_new_thread(const Call& call) {
    const at::ThreadLocalState state;
    std::async(std::launch::async, [&] {
      const at::ThreadLocalStateGuard guard(state);
      side_.beside(call);
    }).get();
  }

  Result replay(Form& form, const Inputs& inputs) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].defined()) form.inputs[i].copy_(inputs[i], /*non_blocking=*/true);
    }
    form.graph->replay();
    return form.result;
  }

  // Before another graph takes memory. The form that is about to be recorded is the first.
  void make_room() {
    std::size_t kept = recorded();
    for (auto form = forms_.rbegin(); kept >= options_.graphs && form != forms_.rend(); ++form) {
      if (!form->graph) continue;
      form->graph.reset();
      *form = Form{.key = form->key};
      --kept;
    }
  }

  Inputs on_device(const Inputs& inputs, bool copy = false) const {
    Inputs there;
    for (const at::Tensor& input : inputs) {
      there.push_back(input.defined() ? input.to(device_, input.scalar_type(), /*non_blocking=*/true, copy) : input);
    }
    return there;
  }

  at::Device device_;
  SideStream side_;
  GraphSupport graphs_;
  RepeatedWorkOptions options_;
  std::list<Form> forms_;  // used last first
};

}  // namespace throng
