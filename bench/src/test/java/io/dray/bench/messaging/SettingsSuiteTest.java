package io.dray.bench.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.dray.core.config.ConfigLoader;
import io.dray.sidecar.SidecarConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettingsSuiteTest {
    @Test
    void everySettingOfASidecarHasAValueThatItsConfigurationTakes() {
        List<String> changes = changes(false).toList();

        assertThat(changes).hasSizeGreaterThan(30).allMatch(change -> change.contains("="));
        for (String change : changes) {
            String[] words = change.split("=", 2);
            if (!words[0].startsWith("DRAY_AGENT_")) {
                assertThatCode(() -> ConfigLoader.load(
                                SidecarConfig.class, null, Map.of(), "DRAY_SIDECAR", Map.of(words[0], words[1])))
                        .as(change)
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void aQuickRunTakesOneValueOfEverySetting() {
        Map<String, String> whole = StepSuite.list(SettingsSuite.steps(false));
        Map<String, String> quick = StepSuite.list(SettingsSuite.steps(true));

        assertThat(quick.keySet()).containsExactlyElementsOf(whole.keySet());
        assertThat(quick)
                .allSatisfy((name, value) -> assertThat(whole.get(name)).startsWith(value));
        assertThat(quick.values()).noneMatch(value -> value.contains(", "));
    }

    private static Stream<String> changes(boolean quick) {
        return StepSuite.list(SettingsSuite.steps(quick)).values().stream()
                .flatMap(values -> Arrays.stream(values.split("[,+] ?")));
    }
}
