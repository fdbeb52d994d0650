package io.dray.router.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {
    @TempDir
    private Path folder = Path.of("");

    private Path file() {
        return folder.resolve("deep/router.db");
    }

    @Override
    Store openStore() throws StoreException {
        return SqliteStore.open(file());
    }

    @Override
    Store openAfterKillOf(Store killed) throws Exception {
        return SqliteStore.open(copyWithoutClosing());
    }

    /** Copies the file and its WAL as a kill would leave them. */
    private Path copyWithoutClosing() throws Exception {
        Path copy = folder.resolve("copy.db");
        Files.copy(file(), copy);
        Files.copy(Path.of(file() + "-wal"), Path.of(copy + "-wal"));
        return copy;
    }

    @Test
    void aSecondStoreOnTheFileIsRefusedWithOneClearSentence() throws Exception {
        try (SqliteStore first = SqliteStore.open(file())) {
            assertThat(first.epoch()).isEqualTo(1);
            assertThatThrownBy(() -> SqliteStore.open(file()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is in use by another process (expected: one router per file)");
        }
    }

    @Test
    void aFileThatIsNoStoreIsRefused() throws Exception {
        Path text = folder.resolve("text.db");
        Files.writeString(text, "this is not a database, but long enough to be read as one ".repeat(100));

        assertThatThrownBy(() -> SqliteStore.open(text))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be opened");
    }

    @Test
    void aFileOfANewerRouterIsRefused() throws Exception {
        SqliteStore.open(file()).close();
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = raw.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }

        assertThatThrownBy(() -> SqliteStore.open(file()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("store schema: 99");
    }

    @Test
    void aCordonOutlivesTheProcess() throws Exception {
        try (Store store = SqliteStore.open(file())) {
            store.nodeSeen("a", 5);
            store.cordon("a", true, 7);
            store.cordon("b", true, 7);
            store.cordon("b", false, 8);
        }

        try (Store store = SqliteStore.open(file())) {
            assertThat(store.cordoned()).containsExactly("a");
            assertThat(store.nodesSince(5)).containsExactlyInAnyOrder("a", "b");
            assertThat(store.nodesSince(6)).containsExactly("b");
        }
    }
}
