package io.dray.router.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PostgresAddressTest {
    @Test
    void parametersAreNotShown() {
        var address = new PostgresAddress("jdbc:postgresql://db:5432/tasks?sslmode=require", "dray", "");

        assertThat(address.shown()).isEqualTo("jdbc:postgresql://db:5432/tasks");
    }

    @Test
    void aPasswordInTheUrlIsRefusedAndNotShown() {
        assertThatThrownBy(() -> PostgresAddress.check("jdbc:postgresql://db/tasks?user=dray&password=s3cret"))
                .hasMessage("url: jdbc:postgresql://db/tasks carries a user or a password"
                        + " (expected: store.user and store.password-file)");
        assertThatThrownBy(() -> PostgresAddress.check("jdbc:postgresql://dray:s3cret@db/tasks"))
                .hasMessageStartingWith("url: jdbc:postgresql://db/tasks carries");
    }

    @Test
    void anotherDatabaseIsRefused() {
        assertThatThrownBy(() -> PostgresAddress.check("jdbc:mysql://db/tasks"))
                .hasMessage("url: jdbc:mysql://db/tasks (expected: jdbc:postgresql://host:port/database)");
    }
}
