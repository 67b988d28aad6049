#include "core/folder_lock.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {
namespace {

TEST(FolderLock, IsHeldByOneAtATime) {
  const TemporaryFolder folder;
  std::optional<FolderLock> first(folder.path());
  EXPECT_EQ(first->path(), folder / "lock");
  expect_error(ErrorKind::failure, {"another process", folder.path().string()}, [&] { FolderLock(folder.path()); });
  first.reset();
  EXPECT_NO_THROW(FolderLock(folder.path()));
}

TEST(FolderLock, NamesAFolderThatIsNotThere) {
  const TemporaryFolder folder;
  expect_error(ErrorKind::failure, {(folder / "none").string()}, [&] { FolderLock(folder / "none"); });
}

}  // namespace
}  // namespace throng
