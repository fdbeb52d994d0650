package io.dray.bench.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorsInOtherLanguagesTest {
    @ParameterizedTest
    @EnumSource(value = Language.class, mode = EnumSource.Mode.MATCH_ALL, names = Language.PLAIN)
    void readsAndWritesTheConformanceBytes(Language language) {
        try (Program vectors = language.vectors()) {
            vectors.awaitExit(0);
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void anAgentNeedsFewerThan120Lines(Language language) throws IOException {
        assertThat(Files.readAllLines(language.agentFile())).hasSizeLessThan(120);
    }
}
