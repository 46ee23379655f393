/* A libmicrohttpd server for the C test services. Handlers receive the complete body, the target as sent, and
 * all header lines. */
#ifndef SEALWIRE_TEST_HTTP_SERVICE_H
#define SEALWIRE_TEST_HTTP_SERVICE_H

#include <microhttpd.h>
#include <stdint.h>

#include "sealwire.h"

/* A request with its body. */
typedef struct {
    const sealwire_request *request;
    const char *path; /* the decoded path without the query */
    const char *body;
    size_t body_size;
    struct MHD_Connection *connection;
} http_call;

typedef struct {
    enum MHD_Result (*handle)(void *context, const http_call *call);
    void *context;
} http_service;

/* Blocks SIGTERM, SIGINT and SIGHUP in this thread and in the threads that it starts later. Call it before
 * any other function. */
void http_block_signals(void);

/* Serves on the loopback address until SIGTERM or SIGINT. If `look` is not NULL, calls it every 200 ms and on SIGHUP.
 * Returns the exit status. */
int http_serve(uint16_t port, const http_service *service, void (*look)(void *context, bool is_asked));

/* Queues a response and copies `text`. */
enum MHD_Result http_respond(const http_call *call, int status, const char *type, const char *text, size_t size);

#endif
