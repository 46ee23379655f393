/* POSIX functions that the C tests call and that mingw lacks. */
#ifndef SEALWIRE_TEST_WINDOWS_POSIX_H
#define SEALWIRE_TEST_WINDOWS_POSIX_H

#include <direct.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

static inline int setenv(const char *name, const char *value, int overwrite) {
    return !overwrite && getenv(name) ? 0 : _putenv_s(name, value);
}

static inline int unsetenv(const char *name) { return _putenv_s(name, ""); }

static inline char *mkdtemp(char *name) { return _mktemp(name) && _mkdir(name) == 0 ? name : NULL; }

/* Renames a file and replaces `to` if it exists, as POSIX requires. On Windows, a rename fails while another
 * thread reads the file, so this function retries. */
static inline int posix_rename(const char *from, const char *to) {
    for (int tries = 0; tries < 1000; tries++) {
        if (MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING)) return 0;
        Sleep(1);
    }
    return -1;
}

#define rename posix_rename

#endif
