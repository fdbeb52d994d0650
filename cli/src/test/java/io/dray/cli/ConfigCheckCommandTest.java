package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCheckCommandTest {
    private static final String ROUTER = "listen: 127.0.0.1:0\nstore:\n  path: tasks.db\n";
    private static final String SIDECAR = "node: a\nagents:\n  listen: 127.0.0.1:0\n";

    @TempDir
    private Path folder;

    @Test
    void theRoleIsFoundByTheKeys() throws IOException {
        assertThat(check(ROUTER).out()).endsWith(": valid for a router\n");
        assertThat(check(SIDECAR).out()).endsWith(": valid for a sidecar\n");
    }

    @Test
    void aBadValueDoesNotChangeTheRole() throws IOException {
        Outcome outcome = check(ROUTER + "pool:\n  lease: soon\n");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("cannot be used by a router", "soon").doesNotContain("unknown key");
    }

    @Test
    void aRoleThatIsNamedIsKept() throws IOException {
        Outcome outcome = check(ROUTER, "--role", "sidecar");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("cannot be used by a sidecar", "unknown key listen");
    }

    @Test
    void everyAddressThatCannotBeOneIsToldAtOnce() throws IOException {
        Outcome sidecar = check("""
                transport: warp
                agents: {listen: "host:99999"}
                peers: {listen: foo, advertise: "a b:1"}
                admin: {listen: "unix:/x"}
                router: {endpoints: [junk]}
                """);
        Outcome router = check("listen: foo\ntransport: warp\nadmin: {listen: bar}\n", "--role", "router");

        assertThat(sidecar.exitCode()).isEqualTo(2);
        assertThat(sidecar.err())
                .contains("transport: warp", "agents.listen: port: 99999", "peers.listen: foo")
                .contains("peers.advertise: host: a b", "admin.listen: unix:/x", "router.endpoints: junk");
        assertThat(router.err()).contains("listen: foo", "transport: warp", "admin.listen: bar");
    }

    private Outcome check(String yaml, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("dray.yaml"), yaml);
        String[] words = new String[3 + more.length];
        words[0] = "config";
        words[1] = "check";
        words[2] = file.toString();
        System.arraycopy(more, 0, words, 3, more.length);
        return Outcome.of(words);
    }
}
