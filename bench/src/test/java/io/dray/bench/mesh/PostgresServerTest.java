package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Requires;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
    @TempDir
    Path folder;

    @BeforeEach
    void postgresIsInstalled() {
        Requires.that("postgres", PostgresServer.isInstalled(), "PostgreSQL is not installed");
    }

    @Test
    void keepsWhatWasCommittedWhenItIsKilledAndStartsOnItsPortAgain() throws Exception {
        try (PostgresServer server = PostgresServer.make(folder())) {
            server.start();
            sql(server, "CREATE TABLE kept (it text); INSERT INTO kept VALUES ('it')");

            server.kill();
            boolean alive = server.isAlive();
            server.start();

            assertThat(alive).isFalse();
            assertThat(sql(server, "SELECT it FROM kept")).isEqualTo("it");
            assertThat(sql(server, "SHOW fsync")).isEqualTo("on");
            assertThat(server.version()).matches("[0-9]{2}\\.[0-9]+");
        }
    }

    @Test
    void endsWhenItIsClosed() throws Exception {
        PostgresServer server = PostgresServer.make(folder(), "max_connections=7");
        server.start();
        String connections = sql(server, "SHOW max_connections");

        server.close();

        assertThat(connections).isEqualTo("7");
        assertThat(server.isAlive()).isFalse();
        assertThat(folder.resolve("run/postgres/data/postmaster.pid")).doesNotExist();
    }

    /** The user of PostgreSQL must be able to pass through what is above it too. */
    private Path folder() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        return Files.createDirectory(folder.resolve("run"));
    }

    private static String sql(PostgresServer server, String sql) throws Exception {
        String url = server.url().substring("jdbc:".length());
        List<String> words = List.of("psql", "-X", "-A", "-t", "-q", "-U", server.user(), "-d", url, "-c", sql);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(Map.of("PGPASSWORD", server.password()));
        Process psql = builder.start();
        return new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
