package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    @Test
    void isAlwaysHeardOutsideOfASocket() {
        Connection connection = Connection.current();

        assertThat(connection.principal()).isEmpty();
        assertThat(connection.nanosSinceLastRead()).isZero();
        assertThat(connection).hasToString("in-process");
    }

    @Test
    void growsOldUntilItIsHeard() {
        Connection connection = Connection.accepted("uid:7", "unix");
        long before = connection.nanosSinceLastRead();
        while (connection.nanosSinceLastRead() < before + 1_000_000) {
            Thread.onSpinWait();
        }

        connection.stamp();

        assertThat(connection.nanosSinceLastRead()).isLessThan(before + 1_000_000);
        assertThat(connection).hasToString("unix (uid:7)");
    }

    @Test
    void findsTheNumberOfAUser() throws Exception {
        assertThat(PeerCredentialsOf.uid("root")).isEqualTo(Optional.of("0"));
        assertThat(PeerCredentialsOf.uid("4711")).isEqualTo(Optional.of("4711"));
        assertThat(PeerCredentialsOf.uid("no such user")).isEmpty();
    }
}
