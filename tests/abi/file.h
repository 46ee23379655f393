/* Helpers that write and replace files in a temporary folder. */
#ifndef SEALWIRE_TEST_FILE_H
#define SEALWIRE_TEST_FILE_H

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char folder[64], path[128];

static inline void make_folder(void) {
    strcpy(folder, "/tmp/sealwire-abi-XXXXXX");
    if (mkdtemp(folder) == NULL) exit(2);
}

/* Replaces a file atomically. */
static inline const char *put(const char *name, const char *contents) {
    char aside[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(aside, sizeof aside, "%s/aside", folder);
    FILE *out = fopen(aside, "w");
    if (out == NULL || fputs(contents, out) < 0 || fclose(out) != 0 || rename(aside, path) != 0) exit(2);
    return path;
}

static inline void take_away(const char *name) {
    snprintf(path, sizeof path, "%s/%s", folder, name);
    CHECK(unlink(path) == 0);
}

static inline void remove_folder(void) {
    DIR *all = opendir(folder);
    for (struct dirent *one; all != NULL && (one = readdir(all)) != NULL;) {
        snprintf(path, sizeof path, "%s/%.60s", folder, one->d_name);
        unlink(path);
    }
    if (all != NULL) closedir(all);
    CHECK(rmdir(folder) == 0);
}

#endif
