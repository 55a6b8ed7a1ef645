#pragma once

/// 1 when the descriptor's file lives in memory only (tmpfs, ramfs), 0 when it does not or nobody can say.
int gh_is_in_memory(int descriptor);

/// O_PATH, which Swift does not see: a descriptor that can be asked about its file, and opens nothing.
extern const int GH_O_PATH;
