package io.dray.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StacksTest {
    @TempDir
    Path folder;

    @Test
    void namesThreadsAndFramesWithoutWhatDiffersInEveryRun() {
        Stack stack = Stack.parse(
                "[loop-1 tid=42];io/dray/agent/Outbox$$Lambda.0x000000004532d800.run;"
                        + "/tmp/libnetty_transport_native_epoll_x86_6415438345060157630652.so (deleted);PhaseChaitin::Split 12");

        assertThat(stack)
                .isEqualTo(new Stack(
                        "loop-1",
                        List.of(
                                "io.dray.agent.Outbox$$Lambda.run",
                                "libnetty_transport_native_epoll_x86_.so",
                                "PhaseChaitin::Split"),
                        12));
        assertThat(Stack.parse(stack.text())).isEqualTo(stack);
    }

    @Test
    void refusesALineWithoutACount() {
        assertThatThrownBy(() -> Stack.parse("frames"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stack: frames (expected: frames joined by ; and a count)");
    }

    @Test
    void joinsStacksOfThreadsWithTheSameName() throws IOException {
        Stacks stacks = read("[loop tid=1];a/B.c 2", "", "[loop tid=2];a/B.c 3", "[loop tid=2];a/B.d 1");

        assertThat(stacks.all())
                .containsExactly(new Stack("loop", List.of("a.B.c"), 5), new Stack("loop", List.of("a.B.d"), 1));
        assertThat(stacks.samples()).isEqualTo(6);
        assertThat(stacks.top(1)).containsExactly(entry("a.B.c", 5L));
    }

    @Test
    void countsSamplesByPurpose() throws IOException {
        Stacks stacks = read("[a];io/dray/agent/Inbox.handle 2", "[a];io/dray/agent/Inbox.handle;recv 3");

        assertThat(stacks.purposes()).containsOnly(entry(Purpose.SDK, 2L), entry(Purpose.READ, 3L));
    }

    @Test
    void writesThemCompressedForOtherTools() throws IOException {
        Path file = folder.resolve("stacks.gz");

        read("[loop tid=1];a/B.c 2").write(file);

        try (var in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("[loop];a.B.c 2\n");
        }
    }

    @Test
    void aFlameGraphHoldsEachNodeAfterItsParentAndLeavesOutWhatNobodyWouldSee() throws IOException {
        Map<String, Integer> names = new LinkedHashMap<>();

        String numbers = new FlameGraph(names)
                .add(read("[t];a;b 7000", "[t];a;c 3000", "[t];a;d 1"))
                .numbers("sink");

        assertThat(names.keySet()).containsExactly("sink", "[t]", "a", "b", "c");
        assertThat(numbers).isEqualTo("[0,0,10001,1,1,10001,2,2,10001,3,3,7000,3,4,3000]");
    }

    private Stacks read(String... lines) throws IOException {
        Path file = Files.writeString(folder.resolve("stacks"), String.join("\n", lines));
        return Stacks.read(file);
    }
}
