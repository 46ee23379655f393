/* Debian's unwinder, which is compiled for glibc, calls this function, but musl does not have it. This file
 * is linked if the Rust standard library is built from source. */
#include <stdarg.h>
#include <stdio.h>

int __fprintf_chk(FILE *to, int flag, const char *format, ...) {
    va_list values;
    (void)flag;
    va_start(values, format);
    int written = vfprintf(to, format, values);
    va_end(values);
    return written;
}
