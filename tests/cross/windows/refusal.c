/* Tests that the library refuses a replay table in a file on Windows, with an error message that suggests Redis. */
#include <string.h>

#include "../../abi/fixture.h"

int main(void) {
    sealwire_replay_table *table = NULL;
    sealwire_error error = {{0}};
    EXPLAINS(SEALWIRE_STATUS_SYSTEM, sealwire_replay_table_map(text("C:\\orders.replay"), 64, false, &table, &error));
    CHECK(table == NULL);
    CHECK(strstr(error.text, "Redis") != NULL);
    printf("%s\n", error.text);
    return verdict("refusal");
}
