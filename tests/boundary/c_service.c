/*
 * The service that the catalogue is sent to, for C: libmicrohttpd and the C library.
 *
 *     c_service PORT
 *
 * `/public/` is exempt, everything else is protected. `meals` may only GET and POST below `/api`. There are no mounts, so the
 * rules name the prefix `/inner` too, and the handler takes it off.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <microhttpd.h>
#include <sealwire.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_HEADERS = 300, MAX_BODY = 1 << 20 };

struct exchange {
    char *target; /* raw: libmicrohttpd decodes the one it hands to handlers */
    bool begun;
    char *body;
    size_t body_size;
};

struct lines {
    sealwire_header list[MAX_HEADERS];
    size_t count;
    char users[256]; /* all values of X-User-ID */
};

static sealwire_verifier *make_verifier(void);
static void add_pair(sealwire_key_ring_builder *ring, const char *peer, const char *variable);
static void require(int32_t status, const sealwire_error *error);
static void *begin(void *unused, const char *target, struct MHD_Connection *connection);
static enum MHD_Result handle(void *verifier, struct MHD_Connection *connection, const char *decoded,
                              const char *method, const char *version, const char *data, size_t *data_size,
                              void **state);
static enum MHD_Result collect(void *lines, enum MHD_ValueKind kind, const char *name, size_t name_size,
                               const char *value, size_t value_size);
static enum MHD_Result serve(struct MHD_Connection *connection, const char *decoded, const char *sender,
                             const char *users);
static enum MHD_Result respond(struct MHD_Connection *connection, int status, const char *type, const char *text);
static void end(void *unused, struct MHD_Connection *connection, void **state,
                enum MHD_RequestTerminationCode how);

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sealwire_verifier *verifier = make_verifier();
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, handle, verifier, MHD_OPTION_SOCK_ADDR,
                         &address, MHD_OPTION_URI_LOG_CALLBACK, begin, NULL, MHD_OPTION_NOTIFY_COMPLETED, end, NULL,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)1 << 18, MHD_OPTION_END);
    if (daemon == NULL)
        return 1;
    int received = 0;
    sigwait(&stop, &received);
    MHD_stop_daemon(daemon);
    sealwire_verifier_free(verifier);
    return 0;
}

static sealwire_verifier *make_verifier(void)
{
    sealwire_error error = {.text = ""};
    sealwire_key_ring_builder *keys = NULL;
    sealwire_key_ring *ring = NULL;
    sealwire_replay_table *table = NULL;
    sealwire_verifier_builder *builder = NULL;
    sealwire_verifier *verifier = NULL;
    require(sealwire_key_ring_builder_new(false, &keys), NULL);
    add_pair(keys, "agent", "HMAC_SECRET_AGENT_PRACTICES");
    add_pair(keys, "meals", "HMAC_SECRET_MEALS_PRACTICES");
    require(sealwire_key_ring_builder_build(keys, &ring), NULL);
    require(sealwire_replay_table_new(sealwire_replay_slots(200, 600), sealwire_now_ms() / 1000, &table), NULL);
    require(sealwire_verifier_builder_new(sealwire_text_of("practices"), &builder), NULL);
    require(sealwire_verifier_builder_accept(builder, SEALWIRE_SCHEME_MESSAGE), NULL);
    require(sealwire_verifier_builder_exempt_path(builder, sealwire_text_of("/public/*")), NULL);
    require(sealwire_verifier_builder_exempt_path(builder, sealwire_text_of("/inner/public/*")), NULL);
    sealwire_text methods[] = {sealwire_text_of("GET"), sealwire_text_of("POST")};
    sealwire_text prefixes[] = {sealwire_text_of("/api"), sealwire_text_of("/inner/api")};
    require(sealwire_verifier_builder_add_sender(builder, sealwire_text_of("meals"), SEALWIRE_MODE_INHERIT, methods, 2,
                                                 prefixes, 2),
            NULL);
    require(sealwire_verifier_builder_build(builder, ring, table, &verifier, &error), &error);
    sealwire_verifier_builder_free(builder);
    sealwire_replay_table_free(table);
    sealwire_key_ring_free(ring);
    sealwire_key_ring_builder_free(keys);
    return verifier;
}

static void add_pair(sealwire_key_ring_builder *ring, const char *peer, const char *variable)
{
    const char *base64 = getenv(variable);
    unsigned char secret[64];
    size_t size = 0;
    sealwire_error error = {.text = ""};
    require(sealwire_decode_secret(sealwire_text_of(base64 != NULL ? base64 : ""), secret, sizeof secret, &size, &error),
            &error);
    sealwire_key_version version = {.version = 1, .secret = secret, .secret_size = size};
    require(sealwire_key_ring_builder_add_pair(ring, sealwire_text_of("practices"), sealwire_text_of(peer), &version, 1,
                                               1, &error),
            &error);
}

static void require(int32_t status, const sealwire_error *error)
{
    if (status == 0)
        return;
    fprintf(stderr, "%s %s\n", sealwire_status_name(status), error != NULL ? error->text : "");
    exit(1);
}

static void *begin(void *unused, const char *target, struct MHD_Connection *connection)
{
    (void)unused, (void)connection;
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange != NULL)
        exchange->target = strdup(target);
    return exchange;
}

static enum MHD_Result handle(void *verifier, struct MHD_Connection *connection, const char *decoded,
                              const char *method, const char *version, const char *data, size_t *data_size,
                              void **state)
{
    (void)version;
    struct exchange *exchange = *state;
    if (exchange == NULL || exchange->target == NULL)
        return MHD_NO;
    if (!exchange->begun) {
        exchange->begun = true;
        return MHD_YES;
    }
    if (*data_size > 0) {
        size_t size = *data_size;
        char *grown = size > MAX_BODY - exchange->body_size ? NULL : realloc(exchange->body, exchange->body_size + size);
        if (grown == NULL)
            return MHD_NO;
        memcpy(grown + exchange->body_size, data, size);
        exchange->body = grown;
        exchange->body_size += size;
        *data_size = 0;
        return MHD_YES;
    }
    struct lines lines = {.count = 0, .users = ""};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, collect, &lines);
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    sealwire_request request = {
        .method = sealwire_text_of(method),
        .target = sealwire_text_of(exchange->target),
        .authority = sealwire_text_of(host != NULL ? host : ""),
        .scheme = sealwire_text_of("http"),
        .headers = lines.list,
        .header_count = lines.count,
    };
    bool exempt = false;
    sealwire_text path = {.data = exchange->target, .length = strcspn(exchange->target, "?")};
    if (sealwire_verifier_is_exempt(verifier, path, &exempt) == 0 && exempt)
        return serve(connection, decoded, NULL, lines.users);
    sealwire_identity identity;
    sealwire_rejection rejected;
    int32_t status = sealwire_verifier_verify(verifier, &request, exchange->body, exchange->body_size,
                                              sealwire_now_ms(), &identity, &rejected);
    if (status == 0)
        return serve(connection, decoded, identity.sender, lines.users);
    return respond(connection, sealwire_status_http(status), "text/plain", status > 0 ? rejected.public_text : "");
}

/* Every line is added, a repeated one twice. One beyond the last slot would be too many for the verifier too. */
static enum MHD_Result collect(void *into, enum MHD_ValueKind kind, const char *name, size_t name_size,
                               const char *value, size_t value_size)
{
    (void)kind;
    struct lines *lines = into;
    if (lines->count == MAX_HEADERS)
        return MHD_NO;
    lines->list[lines->count++] = (sealwire_header){
        .name = {.data = name, .length = name_size},
        .value = {.data = value != NULL ? value : "", .length = value_size},
    };
    if (name_size == 9 && strncasecmp(name, "X-User-ID", 9) == 0 && value != NULL) {
        size_t used = strlen(lines->users);
        snprintf(lines->users + used, sizeof lines->users - used, "%s%s", used > 0 ? "," : "", value);
    }
    return MHD_YES;
}

/* Writes text as a JSON string, or null. */
static void put(FILE *out, const char *text)
{
    if (text == NULL || *text == '\0') {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (isprint(byte) && byte != '"' && byte != '\\')
            fputc(byte, out);
        else
            fprintf(out, "\\u%04x", byte);
    }
    fputc('"', out);
}

static enum MHD_Result serve(struct MHD_Connection *connection, const char *decoded, const char *sender,
                             const char *users)
{
    const char *path = strncmp(decoded, "/inner/", 7) == 0 ? decoded + 6 : decoded;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return MHD_NO;
    fprintf(out, "{\"served\": \"%s\", \"path\": ", strncmp(path, "/public/", 8) == 0 ? "public" : "protected");
    put(out, path);
    fputs(", \"sender\": ", out);
    put(out, sender);
    fputs(", \"user\": ", out);
    put(out, users);
    fputs("}", out);
    fclose(out);
    enum MHD_Result queued = respond(connection, MHD_HTTP_OK, "application/json", text);
    free(text);
    return queued;
}

static enum MHD_Result respond(struct MHD_Connection *connection, int status, const char *type, const char *text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned int)status, response);
    MHD_destroy_response(response);
    return queued;
}

static void end(void *unused, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode how)
{
    (void)unused, (void)connection, (void)how;
    struct exchange *exchange = *state;
    if (exchange == NULL)
        return;
    free(exchange->target);
    free(exchange->body);
    free(exchange);
    *state = NULL;
}
