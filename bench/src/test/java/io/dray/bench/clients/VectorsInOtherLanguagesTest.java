package io.dray.bench.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorsInOtherLanguagesTest {
    @ParameterizedTest
    @EnumSource(Language.class)
    void readsAndWritesTheConformanceBytes(Language language) {
        try (Program vectors = language.vectors()) {
            vectors.awaitExit(0);
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void anAgentNeedsFewerThan120LinesAndNoSdk(Language language) throws IOException {
        assertThat(Files.readAllLines(language.agentFile())).hasSizeLessThan(120);
    }
}
