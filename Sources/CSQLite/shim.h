#pragma once
#include <sqlite3.h>

// Swift does not see macros that are expressions or casts.
static const int SQLITE_CONSTRAINT_UNIQUE_CODE = SQLITE_CONSTRAINT_UNIQUE;
static const int SQLITE_CONSTRAINT_PRIMARYKEY_CODE = SQLITE_CONSTRAINT_PRIMARYKEY;
static const int SQLITE_CONSTRAINT_ROWID_CODE = SQLITE_CONSTRAINT_ROWID;

// Both copy what they are given. A null pointer would bind NULL where an empty value is meant.
static inline int sqlite3_gatehouse_bind_text(sqlite3_stmt *statement, int index, const void *bytes, long count) {
    return sqlite3_bind_text64(statement, index, bytes ? (const char *)bytes : "", (sqlite3_uint64)count,
                               SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int sqlite3_gatehouse_bind_bytes(sqlite3_stmt *statement, int index, const void *bytes, long count) {
    return sqlite3_bind_blob64(statement, index, bytes ? bytes : "", (sqlite3_uint64)count, SQLITE_TRANSIENT);
}
