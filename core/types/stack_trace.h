// Where a call came from: frames now, their text later. Private to the library.
#pragma once

#include <string>
#include <vector>

namespace xgrad {

/// Return addresses from the caller outwards, at most `limit`; empty where the platform cannot tell.
std::vector<void*> stack_frames(int limit);
/// One line per frame: function, offset, module. Leading frames inside xgrad are left out, and so is what
/// runs main().
std::string stack_text(const std::vector<void*>& frames, int limit);

}  // namespace xgrad
