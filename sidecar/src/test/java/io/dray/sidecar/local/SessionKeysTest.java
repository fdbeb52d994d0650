package io.dray.sidecar.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.core.wire.InstanceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionKeysTest {
    private static final InstanceName NAME = new InstanceName("a", "1", "n");

    @TempDir
    Path folder;

    @Test
    void provesASessionOfAnEarlierProcess() throws IOException {
        byte[] secret = SessionKeys.in(folder).secret(5, NAME, "uid:1");

        SessionKeys again = SessionKeys.in(folder);

        assertThat(again.proves(secret, 5, NAME, "uid:1")).isTrue();
    }

    @Test
    void provesNothingElse() throws IOException {
        SessionKeys keys = SessionKeys.in(folder);
        byte[] secret = keys.secret(5, NAME, "uid:1");

        assertThat(keys.proves(secret, 6, NAME, "uid:1")).isFalse();
        assertThat(keys.proves(secret, 5, new InstanceName("a", "2", "n"), "uid:1"))
                .isFalse();
        assertThat(keys.proves(secret, 5, NAME, "uid:2")).isFalse();
        assertThat(keys.proves(new byte[0], 5, NAME, "uid:1")).isFalse();
    }

    @Test
    void keepsTheKeyFromOthers() throws IOException {
        SessionKeys.in(folder);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("session.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void anEmptyKeyIsMadeAgainSinceNobodyEverHadIt() throws IOException {
        Files.createFile(folder.resolve("session.key"));

        byte[] secret = SessionKeys.in(folder).secret(5, NAME, "uid:1");

        assertThat(SessionKeys.in(folder).proves(secret, 5, NAME, "uid:1")).isTrue();
        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("session.key"));
    }

    @Test
    void anExistingKeyNeedsNoFolderThatCanBeWritten() throws IOException {
        byte[] secret = SessionKeys.in(folder).secret(5, NAME, "uid:1");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));

        assertThat(SessionKeys.in(folder).proves(secret, 5, NAME, "uid:1")).isTrue();
    }

    @Test
    void aFolderThatCannotBeMadeIsToldWithWhatToDo() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> SessionKeys.in(file))
                .hasMessageContaining("data-dir " + file)
                .hasMessageContaining("expected: a folder that this user may write");
    }

    @Test
    void refusesADamagedKey() throws IOException {
        Files.write(folder.resolve("session.key"), new byte[3]);

        assertThatThrownBy(() -> SessionKeys.in(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("3 bytes (expected: 32)");
    }
}
