package io.dray.bench.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.report.ReportFile;
import io.dray.core.config.Preset;
import io.dray.core.testing.Requires;
import io.dray.sidecar.Profile;
import io.dray.sidecar.SidecarPresets;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PresetFiguresTest {
    private static final Pattern SOURCE = Pattern.compile("\\((bench/results/\\S+), (\\S+), (\\S+)\\)");

    @ParameterizedTest
    @EnumSource(Profile.class)
    void theReportsThatAProfileNamesHaveItsScenarios(Profile profile) throws IOException {
        for (Preset preset : SidecarPresets.ofThisHost().chosen(_ -> Optional.of(profile.word()))) {
            for (MatchResult source : SOURCE.matcher(preset.reason()).results().toList()) {
                assertThatItIsThere(source);
            }
        }
    }

    private static void assertThatItIsThere(MatchResult source) throws IOException {
        var report = ReportFile.read(Requires.repository().resolve(source.group(1)));

        assertThat(report.started().toString()).startsWith(source.group(3));
        assertThat(report.rows()).extracting(row -> row.workload().scenario()).contains(source.group(2));
    }
}
