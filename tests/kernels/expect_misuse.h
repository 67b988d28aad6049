#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace throng {

/// Expects that `action` throws std::logic_error, and that its words hold every one of `parts`.
template <class Action>
void expect_misuse(const std::vector<std::string>& parts, Action action) {
  try {
    action();
  } catch (const std::logic_error& error) {
    for (const std::string& part : parts) EXPECT_THAT(error.what(), testing::HasSubstr(part));
    return;
  }
  ADD_FAILURE() << "nothing was thrown";
}

}  // namespace throng
