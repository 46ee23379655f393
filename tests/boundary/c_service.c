/*
 * The service of the boundary tests in C, with libmicrohttpd.
 *
 *     c_service PORT
 *
 * The paths below `/public/` are exempt, and all other paths are protected. The sender `meals` may send only GET and
 * POST requests below `/api`. libmicrohttpd does not support mounted applications, so the rules contain the prefix
 * `/inner`, and the handler removes it.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../e2e/services/c/common.h"
#include "../e2e/services/c/http_service.h"

static sealwire_verifier *make_verifier(void);
static enum MHD_Result judge(void *verifier, const http_call *call);
static enum MHD_Result serve(const http_call *call, const char *sender);

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    http_block_signals();
    sealwire_verifier *verifier = make_verifier();
    http_service service = {judge, verifier};
    int result = http_serve((uint16_t)atoi(argv[1]), &service, NULL);
    sealwire_verifier_free(verifier);
    return result;
}

static sealwire_verifier *make_verifier(void)
{
    sealwire_error error = {.text = ""};
    sealwire_key_ring *ring = NULL;
    sealwire_replay_table *table = NULL;
    sealwire_verifier_builder *builder = NULL;
    sealwire_verifier *verifier = NULL;
    require(sealwire_key_ring_from_env(sealwire_text_of("practices"), false, &ring, &error), "keys", &error);
    require(sealwire_replay_table_new(sealwire_replay_slots(200, 600), sealwire_now_ms() / 1000, &table), "verifier", NULL);
    require(sealwire_verifier_builder_new(sealwire_text_of("practices"), &builder), "verifier", NULL);
    require(sealwire_verifier_builder_accept(builder, SEALWIRE_SCHEME_MESSAGE), "verifier", NULL);
    require(sealwire_verifier_builder_exempt_path(builder, sealwire_text_of("/public/*")), "verifier", NULL);
    require(sealwire_verifier_builder_exempt_path(builder, sealwire_text_of("/inner/public/*")), "verifier", NULL);
    sealwire_text methods[] = {sealwire_text_of("GET"), sealwire_text_of("POST")};
    sealwire_text prefixes[] = {sealwire_text_of("/api"), sealwire_text_of("/inner/api")};
    require(sealwire_verifier_builder_add_sender(builder, sealwire_text_of("meals"), SEALWIRE_MODE_INHERIT, methods, 2,
                                                 prefixes, 2),
            "verifier", NULL);
    require(sealwire_verifier_builder_build(builder, ring, table, &verifier, &error), "verifier", &error);
    sealwire_verifier_builder_free(builder);
    sealwire_replay_table_free(table);
    sealwire_key_ring_free(ring);
    return verifier;
}

/* Writes text as a JSON string, or null if the text is NULL or empty. */
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

/* Returns all values of X-User-ID, separated by commas. */
static const char *users_of(const sealwire_request *request, char *into, size_t size)
{
    size_t used = 0;
    into[0] = '\0';
    for (size_t at = 0; at < request->header_count; at++) {
        const sealwire_header *line = &request->headers[at];
        if (line->name.length == 9 && strncasecmp(line->name.data, "X-User-ID", 9) == 0 && used < size)
            used += (size_t)snprintf(into + used, size - used, "%s%.*s", used > 0 ? "," : "", (int)line->value.length,
                                     line->value.data);
    }
    return into;
}

static enum MHD_Result judge(void *verifier, const http_call *call)
{
    sealwire_identity identity;
    sealwire_rejection rejected;
    bool exempt = false;
    if (sealwire_verifier_is_exempt(verifier, call->request, &exempt) == 0 && exempt)
        return serve(call, NULL);
    int32_t status = sealwire_verifier_verify(verifier, call->request, call->body, call->body_size, sealwire_now_ms(),
                                              &identity, &rejected);
    if (status == 0)
        return serve(call, identity.sender);
    const char *text = status > 0 ? rejected.public_text : "";
    return http_respond(call, sealwire_status_http(status), "text/plain", text, strlen(text));
}

static enum MHD_Result serve(const http_call *call, const char *sender)
{
    const char *path = strncmp(call->path, "/inner/", 7) == 0 ? call->path + 6 : call->path;
    char users[256];
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
    put(out, users_of(call->request, users, sizeof users));
    fputs("}", out);
    fclose(out);
    enum MHD_Result queued = http_respond(call, MHD_HTTP_OK, "application/json", text, size);
    free(text);
    return queued;
}
