/* Debian's unwinder, linked where Rust was built from source, was compiled against glibc, and asks musl for this. */
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
