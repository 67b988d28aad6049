#include "infer/band.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace throng {

KernelType kernel_type(at::ScalarType type) {
  switch (type) {
    case at::kFloat:
      return KernelType::f32;
    case at::kBFloat16:
      return KernelType::bf16;
    case at::kByte:
      return KernelType::u8;
    default:
      throw std::logic_error("feature maps are fp32, bf16 or u8");
  }
}

RowsOut rows_out_of(const MapRows& map) {
  const auto channels = static_cast<int>(map.values.size(1));
  const auto width = static_cast<int>(map.values.size(3));
  return {.data = map.values.data_ptr(),
          .type = kernel_type(map.values.scalar_type()),
          .channels = channels,
          .width = width,
          .pixel_stride = channels,
          .row_stride = std::int64_t{channels} * width,
          .first = map.first,
          .height = map.height,
          .scale = map.scale};
}

Rows rows_of(const MapRows& map) {
  const RowsOut rows = rows_out_of(map);
  return {rows.data,       rows.type,  rows.channels, rows.width, rows.pixel_stride,
          rows.row_stride, rows.first, rows.height,   rows.scale};
}

namespace {

// Maps that are held whole have their place; in others an eighth more lets rows move up once for many steps.
int rows_of_memory(const Band::Shape& shape) {
  const int whole = shape.height + 2 * shape.margin;
  return std::min(whole, shape.capacity + (shape.capacity + 7) / 8);
}

std::int64_t row_bytes(const Band::Shape& shape) {
  return std::int64_t{shape.channels} * shape.width * static_cast<std::int64_t>(at::elementSize(shape.type));
}

}  // namespace

std::int64_t Band::bytes(const Shape& shape) { return rows_of_memory(shape) * row_bytes(shape); }

Band::Band(const Shape& shape)
    : shape_(shape),
      memory_(at::empty({1, shape.channels, rows_of_memory(shape), shape.width},
                        at::TensorOptions().dtype(shape.type).memory_format(at::MemoryFormat::ChannelsLast))),
      origin_(-shape.margin),
      first_(-shape.margin) {
  if (shape.margin > 0) view(-shape.margin, shape.margin).values.zero_();
}

MapRows Band::append(int count, int keep_from) {
  first_ = std::max(first_, keep_from);
  const int begin = end_;
  const bool last = begin + count == shape_.height;
  const int end = begin + count + (last ? shape_.margin : 0);
  if (end > origin_ + memory_.size(2)) move_up();
  end_ = begin + count;
  if (last && shape_.margin > 0) view(end_, shape_.margin).values.zero_();
  return view(begin, count);
}

// What is not forgotten goes to the beginning of the memory.
void Band::move_up() {
  const auto row = static_cast<std::size_t>(row_bytes(shape_));
  auto* const bytes = static_cast<std::byte*>(memory_.data_ptr());
  if (first_ < end_) {
    std::memmove(bytes, bytes + static_cast<std::size_t>(first_ - origin_) * row,
                 static_cast<std::size_t>(end_ - first_) * row);
  }
  origin_ = first_;
}

MapRows Band::rows(int first, int last) const {
  if (last > end_ + (end_ == shape_.height ? shape_.margin : 0))
    throw std::logic_error("rows of a feature map are asked for that are not computed yet");
  return view(first, last - first);
}

MapRows Band::view(int first, int count) const {
  const std::int64_t channels = shape_.channels, width = shape_.width;
  if (first < first_ || first + count > origin_ + memory_.size(2))
    throw std::logic_error("rows of a feature map are asked for that are not held");
  const std::int64_t offset = (first - origin_) * width * channels;
  // The strides of a dense tensor of these rows alone, which is how oneDNN recognises channels-last.
  return {at::as_strided(memory_, {1, channels, count, width},
                         {count * width * channels, 1, width * channels, channels}, offset),
          first, shape_.height, shape_.scale};
}

}  // namespace throng
