/* Tests that modes can change while a verifier uses them: with a call, with a file and with the environment. */
#include "file.h"
#include "fixture.h"

static sealwire_verifier *verifier_under(const sealwire_key_ring *ring, const sealwire_modes *modes) {
    sealwire_verifier_builder *builder = NULL;
    sealwire_verifier *verifier = NULL;
    OK(sealwire_verifier_builder_new(text("practices"), &builder));
    OK(sealwire_verifier_builder_set_modes(builder, modes));
    OK(sealwire_verifier_builder_accept_replays(builder, true));
    OK(sealwire_verifier_builder_build(builder, ring, NULL, &verifier, NULL));
    sealwire_verifier_builder_free(builder);
    return verifier;
}

/* Verifies a request from `agent` with a changed body, and returns the mode in the rejection. */
static int32_t met(fixture *it) {
    sealwire_rejection rejected;
    EXPECT(SEALWIRE_REASON_BODY_DIGEST_MISMATCH, sealwire_verifier_verify(it->verifier, &it->request, "x", 1, NOW, NULL, &rejected));
    return rejected.mode;
}

static int32_t mode_of(const sealwire_modes *modes, const char *sender) {
    int32_t found = 99;
    OK(sealwire_modes_get(modes, text(sender), &found));
    return found;
}

static void modes_are_set_while_requests_run(void) {
    fixture it;
    sealwire_modes *modes = NULL, *same = NULL;
    set_up(&it);
    OK(sealwire_modes_new(SEALWIRE_MODE_ENFORCE, &modes));
    sealwire_verifier_free(it.verifier);
    it.verifier = verifier_under(it.ring, modes);
    CHECK(met(&it) == SEALWIRE_MODE_ENFORCE);
    OK(sealwire_modes_set(modes, SEALWIRE_MODE_OBSERVE));
    CHECK(met(&it) == SEALWIRE_MODE_OBSERVE);
    OK(sealwire_modes_set_sender(modes, text("agent_service"), SEALWIRE_MODE_ENFORCE));
    CHECK(met(&it) == SEALWIRE_MODE_ENFORCE && mode_of(modes, "") == SEALWIRE_MODE_OBSERVE);
    OK(sealwire_verifier_modes(it.verifier, &same));
    OK(sealwire_modes_set_sender(same, text("agent"), SEALWIRE_MODE_OFF));
    CHECK(met(&it) == SEALWIRE_MODE_OFF && mode_of(modes, "agent_service") == SEALWIRE_MODE_OFF);
    OK(sealwire_modes_set_sender(same, text("agent"), SEALWIRE_MODE_INHERIT));
    CHECK(met(&it) == SEALWIRE_MODE_OBSERVE && mode_of(same, "agent") == SEALWIRE_MODE_OBSERVE);
    sealwire_modes_free(modes);
    sealwire_modes_free(same);
    CHECK(met(&it) == SEALWIRE_MODE_OBSERVE);
    tear_down(&it);
}

static void the_modes_of_any_verifier_can_be_set(void) {
    fixture it;
    sealwire_modes *modes = NULL;
    set_up(&it);
    OK(sealwire_verifier_modes(it.verifier, &modes));
    CHECK(mode_of(modes, "") == SEALWIRE_MODE_ENFORCE && met(&it) == SEALWIRE_MODE_ENFORCE);
    OK(sealwire_modes_set(modes, SEALWIRE_MODE_OBSERVE));
    CHECK(met(&it) == SEALWIRE_MODE_OBSERVE);
    sealwire_modes_free(modes);
    tear_down(&it);
}

static void wrong_arguments_change_nothing(void) {
    static const int32_t wrong[] = {SEALWIRE_MODE_INHERIT, -2, 3, INT32_MAX, INT32_MIN};
    sealwire_modes *modes = NULL;
    char long_name[200];
    OK(sealwire_modes_new(SEALWIRE_MODE_OBSERVE, &modes));
    for (size_t at = 0; at < sizeof wrong / sizeof wrong[0]; at++) {
        sealwire_modes *none = NULL;
        EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_modes_new(wrong[at], &none));
        EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_modes_set(modes, wrong[at]));
        if (wrong[at] != SEALWIRE_MODE_INHERIT)
            EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_modes_set_sender(modes, text("agent"), wrong[at]));
        CHECK(none == NULL);
    }
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_modes_set_sender(modes, text(long_name), SEALWIRE_MODE_OFF));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_modes_set_sender(modes, text(""), SEALWIRE_MODE_OFF));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_modes_get(modes, text("agent"), NULL));
    CHECK(mode_of(modes, "agent") == SEALWIRE_MODE_OBSERVE);
    sealwire_modes_free(modes);
    sealwire_modes_free(NULL);
}

static void two_places_for_modes_are_an_error(void) {
    sealwire_verifier_builder *builder = NULL;
    sealwire_verifier *verifier = NULL;
    sealwire_key_ring *ring = ring_with(1);
    sealwire_modes *modes = NULL;
    sealwire_error error;
    OK(sealwire_modes_new(SEALWIRE_MODE_ENFORCE, &modes));
    OK(sealwire_verifier_builder_new(text("practices"), &builder));
    OK(sealwire_verifier_builder_set_modes(builder, modes));
    OK(sealwire_verifier_builder_set_mode(builder, SEALWIRE_MODE_OBSERVE));
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_verifier_builder_build(builder, ring, NULL, &verifier, &error));
    CHECK(strstr(error.text, "modes") != NULL && verifier == NULL);
    sealwire_verifier_builder_free(builder);
    sealwire_modes_free(modes);
    sealwire_key_ring_free(ring);
}

static void a_file_sets_modes(void) {
    fixture it;
    sealwire_mode_file *file = NULL;
    sealwire_modes *modes = NULL;
    sealwire_error error;
    bool reloaded = true;
    set_up(&it);
    OK(sealwire_mode_file_open(text(put("modes.toml", "mode = \"enforce\"\n")), &file, &error));
    OK(sealwire_mode_file_modes(file, &modes));
    sealwire_verifier_free(it.verifier);
    it.verifier = verifier_under(it.ring, modes);
    CHECK(met(&it) == SEALWIRE_MODE_ENFORCE);
    OK(sealwire_mode_file_reload_if_changed(file, &reloaded, NULL));
    CHECK(!reloaded);
    /* A rollback must be possible even if the keys in the same file are invalid. */
    put("modes.toml", "observeOnly = true\n[pairs.broken]\n[senders]\nagent = \"enforce\"\n");
    OK(sealwire_mode_file_reload_if_changed(file, &reloaded, NULL));
    CHECK(reloaded && met(&it) == SEALWIRE_MODE_OBSERVE);
    put("modes.toml", "[senders]\nagent = \"off\"\n");
    OK(sealwire_mode_file_reload(file, NULL));
    CHECK(met(&it) == SEALWIRE_MODE_OFF && mode_of(modes, "") == SEALWIRE_MODE_ENFORCE);
    put("modes.toml", "mode = \"obsrve\"\n");
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_mode_file_reload_if_changed(file, &reloaded, &error));
    CHECK(strstr(error.text, "obsrve") != NULL && met(&it) == SEALWIRE_MODE_OFF);
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_mode_file_reload(file, &error));
    OK(sealwire_mode_file_reload_if_changed(file, &reloaded, NULL));
    CHECK(!reloaded);
    put("modes.toml", "");
    OK(sealwire_mode_file_reload_if_changed(file, &reloaded, NULL));
    CHECK(reloaded && met(&it) == SEALWIRE_MODE_ENFORCE);
    sealwire_mode_file_free(file);
    OK(sealwire_modes_set(modes, SEALWIRE_MODE_OBSERVE));
    CHECK(met(&it) == SEALWIRE_MODE_OBSERVE);
    sealwire_modes_free(modes);
    sealwire_mode_file_free(NULL);
    tear_down(&it);
}

static void a_variable_file_switches_enforcement_off(void) {
    sealwire_mode_file *file = NULL;
    sealwire_modes *modes = NULL;
    OK(sealwire_mode_file_open(text(put(".env", "HMAC_AUTH_ENABLED=false\n")), &file, NULL));
    OK(sealwire_mode_file_modes(file, &modes));
    CHECK(mode_of(modes, "agent") == SEALWIRE_MODE_OBSERVE);
    put(".env", "HMAC_AUTH_ENABLED=true\n");
    OK(sealwire_mode_file_reload(file, NULL));
    CHECK(mode_of(modes, "agent") == SEALWIRE_MODE_ENFORCE);
    sealwire_modes_free(modes);
    sealwire_mode_file_free(file);
}

static void what_the_environment_switched_off_no_change_switches_on(void) {
    static const char *const values[] = {"true", "", "1"};
    sealwire_modes *modes = NULL;
    sealwire_error error;
    OK(sealwire_modes_new(SEALWIRE_MODE_ENFORCE, &modes));
    for (size_t at = 0; at < sizeof values / sizeof values[0]; at++) {
        CHECK(setenv("HMAC_AUTH_ENABLED", values[at], 1) == 0);
        OK(sealwire_modes_apply_env(modes, &error));
    }
    CHECK(setenv("HMAC_AUTH_ENABLED", "flase", 1) == 0);
    EXPLAINS(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_modes_apply_env(modes, &error));
    CHECK(strstr(error.text, "flase") != NULL && mode_of(modes, "") == SEALWIRE_MODE_ENFORCE);
    CHECK(setenv("HMAC_AUTH_ENABLED", "false", 1) == 0);
    OK(sealwire_modes_apply_env(modes, &error));
    CHECK(mode_of(modes, "") == SEALWIRE_MODE_OBSERVE);
    OK(sealwire_modes_set(modes, SEALWIRE_MODE_ENFORCE));
    OK(sealwire_modes_set_sender(modes, text("agent"), SEALWIRE_MODE_ENFORCE));
    CHECK(mode_of(modes, "") == SEALWIRE_MODE_OBSERVE && mode_of(modes, "agent") == SEALWIRE_MODE_OBSERVE);
    CHECK(unsetenv("HMAC_AUTH_ENABLED") == 0);
    sealwire_modes_free(modes);
}

int main(void) {
    make_folder();
    modes_are_set_while_requests_run();
    the_modes_of_any_verifier_can_be_set();
    wrong_arguments_change_nothing();
    two_places_for_modes_are_an_error();
    a_file_sets_modes();
    a_variable_file_switches_enforcement_off();
    what_the_environment_switched_off_no_change_switches_on();
    remove_folder();
    return verdict("modes");
}
