#pragma once

namespace throng {

/// Activations come and go by the gigabyte. Memory that is given back to the system is cleared anew when it is taken
/// again, which takes longer than computing some layers: after this call the process keeps what it has freed. For
/// programs, at their start; it is not the library's to decide.
void keep_freed_memory();

/// Gives back what is kept.
void release_freed_memory();

}  // namespace throng
