#include "common.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_pair(sealwire_key_ring_builder *builder, const char *service, const char *peer);
static void add_client(sealwire_key_ring_builder *builder, const char *client);
static const char *variable(const char *prefix, const char *one, const char *other);

static const char *const SERVICES[] = {"agent", "archive", "billing",   "catalog", "gateway",
                                        "iam",   "ledger",  "practices", "records"};

void require(int32_t status, const char *what, const sealwire_error *error)
{
    if (status == 0)
        return;
    const char *reason = error != NULL ? error->text : "";
    fprintf(stderr, "%s: %s %s\n", what, sealwire_status_name(status), reason);
    exit(1);
}

sealwire_key_ring *keys_of(const char *service)
{
    sealwire_key_ring_builder *builder = NULL;
    sealwire_key_ring *ring = NULL;
    require(sealwire_key_ring_builder_new(false, &builder), "key ring", NULL);
    for (size_t at = 0; at < sizeof SERVICES / sizeof *SERVICES; at++) {
        add_pair(builder, service, SERVICES[at]);
        add_client(builder, SERVICES[at]);
    }
    require(sealwire_key_ring_builder_build(builder, &ring), "key ring", NULL);
    sealwire_key_ring_builder_free(builder);
    return ring;
}

static void add_pair(sealwire_key_ring_builder *builder, const char *service, const char *peer)
{
    bool sorted = strcmp(service, peer) < 0;
    const char *name = variable("HMAC_SECRET_", sorted ? service : peer, sorted ? peer : service);
    const char *base64 = getenv(name);
    if (base64 == NULL)
        return;
    unsigned char secret[64];
    size_t size = 0;
    sealwire_error error = {.text = ""};
    require(sealwire_decode_secret(sealwire_text_of(base64), secret, sizeof secret, &size, &error), name, &error);
    sealwire_key_version version = {.version = 1, .secret = secret, .secret_size = size};
    require(sealwire_key_ring_builder_add_pair(builder, sealwire_text_of(service), sealwire_text_of(peer),
                                               &version, 1, 1, &error),
            name, &error);
    sealwire_memzero(secret, sizeof secret);
}

static void add_client(sealwire_key_ring_builder *builder, const char *client)
{
    const char *name = variable("CLIENT_SECRET_", client, NULL);
    const char *secret = getenv(name);
    if (secret == NULL)
        return;
    sealwire_error error = {.text = ""};
    sealwire_key_version version = {.version = 1, .secret = secret, .secret_size = strlen(secret)};
    require(sealwire_key_ring_builder_add_client(builder, sealwire_text_of(client), &version, 1, 1, &error), name,
            &error);
}

/* Returns the name of an environment variable. The string is valid until the next call. */
static const char *variable(const char *prefix, const char *one, const char *other)
{
    static char name[128];
    snprintf(name, sizeof name, other != NULL ? "%s%s_%s" : "%s%s", prefix, one, other);
    for (char *letter = name; *letter != '\0'; letter++)
        *letter = (char)toupper((unsigned char)*letter);
    return name;
}
