package io.dray.router.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.Submission;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.router.v1.TaskSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process in the middle of its commits and looks for every one that it had acknowledged. */
class SqliteKillTest {
    private static final int ACKNOWLEDGED = 200;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void everyAcknowledgedCommitSurvivesAKill() throws Exception {
        Path file = folder.resolve("router.db");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Committer.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long acknowledged = 0;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            while (acknowledged < ACKNOWLEDGED) {
                acknowledged = Long.parseLong(out.readLine());
            }
            child.destroyForcibly();
        }
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(acknowledged).isGreaterThanOrEqualTo(ACKNOWLEDGED);

        assertThat(libraries()).as("unpacked beside the store").isNotEmpty();
        for (Path library : libraries()) {
            Files.setLastModifiedTime(library, FileTime.from(Instant.now().minusSeconds(600)));
        }
        Path loading = Files.createFile(folder.resolve("sqlite-3-new-libsqlitejdbc.so"));
        Set<Long> found = new HashSet<>();
        try (SqliteStore store = SqliteStore.open(file)) {
            store.forEachLive(task -> found.add(task.id()));
        }
        // This JVM may have unpacked its own elsewhere before.
        assertThat(libraries()).contains(loading).hasSizeBetween(1, 3).allMatch(SqliteKillTest::isNew);

        for (long id = 1; id <= acknowledged; id++) {
            assertThat(found).contains(id);
        }
    }

    private List<Path> libraries() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().contains("libsqlitejdbc"))
                    .toList();
        }
    }

    private static boolean isNew(Path file) {
        try {
            return Files.getLastModifiedTime(file)
                    .toInstant()
                    .isAfter(Instant.now().minusSeconds(300));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Commits tasks one by one and prints the id of each after its commit, until it is killed. */
    static final class Committer {
        private Committer() {}

        public static void main(String[] words) throws StoreException {
            SqliteStore store = SqliteStore.open(Path.of(words[0]));
            for (long id = 1; id < 1_000_000; id++) {
                Submission submission =
                        new Submission(id, TaskSpec.getDefaultInstance(), "default", "", ByteString.EMPTY, id);
                TaskSnapshot task = TaskSnapshot.submitted(submission, new TaskState.Pending());
                store.commit(List.of(new Change.Insert(task, ByteString.EMPTY)));
                System.out.println(id);
                System.out.flush();
            }
        }
    }
}
