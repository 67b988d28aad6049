#include "infer/side_stream.h"

#include <ATen/ATen.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace throng {

namespace {

void wait_for(const c10::Stream& first, const c10::Stream& then) {
  c10::Event reached(first.device_type());
  reached.record(first);
  reached.block(then);
}

c10::Stream current_stream(const at::Device& device) {
  return c10::impl::VirtualGuardImpl(device.type()).getStream(device);
}

}  // namespace

SideStream::SideStream(const at::Device& device) {
  if (!device.is_cpu()) stream_ = c10::impl::VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device);
}

void SideStream::follow() const {
  if (stream_) wait_for(current_stream(stream_->device()), *stream_);
}

void SideStream::join() const {
  if (stream_) wait_for(*stream_, current_stream(stream_->device()));
}

void SideStream::hand_over(const at::Tensor& tensor) const {
  if (stream_) tensor.record_stream(current_stream(stream_->device()));
}

}  // namespace throng
