/* The macros that the C tests use for checks. A failed check is counted and printed with its location. */
#ifndef SEALWIRE_TEST_CHECK_H
#define SEALWIRE_TEST_CHECK_H

#include <sealwire.h>
#include <stdio.h>
#include <stdlib.h>

static int checks, failures;

#define CHECK(condition)                                                            \
    do {                                                                            \
        checks++;                                                                   \
        if (!(condition)) {                                                         \
            failures++;                                                             \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
        }                                                                           \
    } while (0)

#define EXPECT(wanted, call)                                                                                          \
    do {                                                                                                              \
        int32_t got_ = (call);                                                                                        \
        checks++;                                                                                                     \
        if (got_ != (wanted)) {                                                                                       \
            failures++;                                                                                               \
            fprintf(stderr, "%s:%d: %s: %s, wanted %s\n", __FILE__, __LINE__, #call, sealwire_status_name(got_),      \
                    sealwire_status_name(wanted));                                                                    \
        }                                                                                                             \
    } while (0)

#define OK(call) EXPECT(SEALWIRE_STATUS_OK, call)

/* Expects that a call fails with the status `wanted`, and that it writes a message to the local variable `error`. */
#define EXPLAINS(wanted, call)            \
    do {                                  \
        memset(&error, 0, sizeof error);  \
        EXPECT(wanted, call);             \
        CHECK(error.text[0] != 0);        \
    } while (0)

static inline int verdict(const char *name) {
    printf("%s: %d checks, %d failed\n", name, checks, failures);
    return failures == 0 && checks > 0 ? 0 : 1;
}

#endif
