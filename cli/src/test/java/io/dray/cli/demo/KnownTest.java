package io.dray.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KnownTest {
    private static final DigestOf UNKNOWN = new DigestOf("", 0, 0, false);
    private static final long SECOND = 1_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private final Map<String, DigestOf> answers = new TreeMap<>();

    @Test
    void countsWhoAnsweredForEachFile() {
        answers.put("aa", new DigestOf("1", SECOND, 2 * SECOND, true));
        answers.put("bb", new DigestOf("2", SECOND, 2 * SECOND, false));

        Known known = ask(Map.of("a", "aa", "copy of a", "aa", "b", "bb", "new", "cc"), Set.of("1", "2"));

        assertThat(known.files()).isEqualTo(Map.of("a", "aa", "copy of a", "aa", "b", "bb"));
        assertThat(known.cached()).isEqualTo(2);
        assertThat(known.fromAgents()).isEqualTo(1);
    }

    @Test
    void whatOverlapsIsSavedOnceAndPausesAreNot() {
        answers.put("aa", new DigestOf("1", SECOND, 4 * SECOND, true));
        answers.put("bb", new DigestOf("2", 2 * SECOND, 3 * SECOND, true));
        answers.put("cc", new DigestOf("3", 3 * SECOND, 5 * SECOND, true));
        answers.put("dd", new DigestOf("4", 9 * SECOND, 10 * SECOND, true));

        Known known = ask(Map.of("a", "aa", "b", "bb", "c", "cc", "d", "dd"), Set.of("1", "2", "3", "4"));

        assertThat(Duration.ofNanos(known.digestNanos())).isEqualTo(Duration.ofSeconds(5));
        assertThat(Duration.ofNanos(known.askNanos())).isEqualTo(Duration.ofMillis(4));
        assertThat(Duration.ofNanos(known.savedNanos())).isEqualTo(Duration.ofMillis(4996));
    }

    @Test
    void whatATaskDidThatTheRouterDoesNotConfirmIsNotKnown() {
        answers.put("aa", new DigestOf("1", SECOND, 2 * SECOND, true));

        assertThat(ask(Map.of("a", "aa"), Set.of("2")).files()).isEmpty();
    }

    private Known ask(Map<String, String> files, Set<String> tasks) {
        Map<String, PlainFile> walked = new TreeMap<>();
        files.forEach((file, sha256) -> walked.put(file, new PlainFile(sha256, 1, 1)));
        return Known.ask(this::answer, walked, tasks, _ -> {}, nanos::get);
    }

    private DigestOf answer(String sha256) {
        nanos.addAndGet(1_000_000);
        return answers.getOrDefault(sha256, UNKNOWN);
    }
}
