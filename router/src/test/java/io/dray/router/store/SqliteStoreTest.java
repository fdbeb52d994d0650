package io.dray.router.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
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
                .hasMessageContaining("store schema: 99")
                .hasMessageContaining(file().toString());
    }

    @Test
    void aFileOfAnotherProgramIsRefusedAndLeftAsItIs() throws Exception {
        Path other = folder.resolve("other.db");
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + other);
                Statement statement = raw.createStatement()) {
            statement.execute("CREATE TABLE photo(name TEXT)");
        }

        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(other.toString())
                .hasMessageContaining("another program");

        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + other);
                Statement statement = raw.createStatement();
                ResultSet tables = statement.executeQuery("SELECT count(*) FROM sqlite_master")) {
            assertThat(tables.getInt(1)).isEqualTo(1);
        }
    }

    @Test
    void anEmptyFileBesideALogWithTasksIsRefusedAndTheLogStays() throws Exception {
        Store store = open();
        store.commit(List.of(StoredTasks.insert(StoredTasks.pending(1, ""))));
        Path copy = copyWithoutClosing();
        Files.write(copy, new byte[0]);
        Path log = Path.of(copy + "-wal");
        long bytes = Files.size(log);

        assertThatThrownBy(() -> SqliteStore.open(copy))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(copy + " is empty");

        assertThat(Files.size(log)).isEqualTo(bytes).isPositive();
    }

    /** A router reads all live tasks before it serves. */
    @Test
    void aDamagedFileIsNamedAndNeverMadeAnew() throws Exception {
        try (Store store = SqliteStore.open(file())) {
            for (long id = 1; id <= 300; id++) {
                store.commit(List.of(StoredTasks.insert(StoredTasks.pending(id, "key " + id))));
            }
        }
        byte[] damaged = Files.readAllBytes(file());
        Arrays.fill(damaged, 4_096, damaged.length, (byte) 0x5a);
        Files.write(file(), damaged);

        assertThatThrownBy(() -> {
                    try (Store store = SqliteStore.open(file())) {
                        store.forEachLive(_ -> {});
                    }
                })
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file().toString());

        assertThat(Files.size(file())).isEqualTo(damaged.length);
        assertThat(Arrays.mismatch(Files.readAllBytes(file()), damaged))
                .satisfiesAnyOf(
                        at -> assertThat(at).isEqualTo(-1), at -> assertThat(at).isLessThan(4_096));
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
