package io.dray.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptMeshesTest {
    private static final KeptMesh.Member ALIVE = KeptMesh.Member.of(ProcessHandle.current());
    /** The number of a process that lives, from the life of another one. */
    private static final KeptMesh.Member GONE = new KeptMesh.Member(ALIVE.pid(), Instant.ofEpochSecond(1));

    @TempDir
    private Path parent;

    private final List<String> notes = new ArrayList<>();

    @Test
    void theMeshThatWasLeftLastIsTaken() throws IOException {
        kept("dray-demo-1", 1, ALIVE);
        KeptMesh later = kept("dray-demo-2", 3, ALIVE);
        kept("dray-demo-3", 2, ALIVE);

        try (var claim = claim().orElseThrow()) {
            assertThat(claim.mesh()).isEqualTo(later);
            assertThat(claim.all()).isEqualTo(3);
        }
        assertThat(notes).isEmpty();
    }

    @Test
    void aMeshThatIsGoneIsToldOnce() throws IOException {
        KeptMesh mesh = kept("dray-demo-1", 1, GONE, GONE);

        assertThat(claim()).isEmpty();
        assertThat(claim()).isEmpty();

        assertThat(notes).singleElement().asString().contains("is gone", "by: rm -r " + mesh.folder());
    }

    @Test
    void aMeshOfWhichAProcessEndedIsToldAndNotTaken() throws IOException {
        kept("dray-demo-1", 1, ALIVE, GONE);

        assertThat(claim()).isEmpty();
        assertThat(claim()).isEmpty();

        assertThat(notes).hasSize(2).last().asString().contains("1 of its 2 processes", "kill " + ALIVE.pid() + "; rm");
    }

    @Test
    void whatIsNotPrivateOrNotOfADemoIsNotTaken() throws IOException {
        KeptMesh open = kept("dray-demo-1", 1, ALIVE);
        Files.setPosixFilePermissions(open.folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
        KeptMesh other = kept("elsewhere", 1, ALIVE);
        Files.createSymbolicLink(parent.resolve("dray-demo-2"), other.folder());
        KeptMesh broken = kept("dray-demo-3", 1, ALIVE);
        Files.writeString(broken.folder().resolve(KeptMesh.FILE), "{\"version\":1}");
        KeptMesh newer = kept("dray-demo-4", 1, ALIVE);
        Files.writeString(newer.folder().resolve(KeptMesh.FILE), "{\"version\":2}");

        assertThat(claim()).isEmpty();
        assertThat(notes).isEmpty();
    }

    private KeptMesh kept(String name, long second, KeptMesh.Member... processes) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path folder = Files.createDirectory(parent.resolve(name), owner);
        var sidecars = new TreeMap<String, String>();
        sidecars.put("node-1", "unix:" + folder.resolve("sidecar.sock"));
        var addresses = new MeshAddresses("127.0.0.1:1", sidecars);
        KeptMesh mesh = new KeptMesh(folder, Instant.ofEpochSecond(second), addresses, List.of(processes));
        mesh.write();
        return KeptMesh.read(folder).orElseThrow();
    }

    private Optional<KeptMeshes.Claim> claim() {
        return new KeptMeshes(parent, notes::add).claim();
    }
}
