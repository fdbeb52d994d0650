package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dray.core.config.ConfigException;
import io.dray.core.config.ConfigLoader;
import io.dray.core.config.Loaded;
import io.dray.core.config.Preset;
import io.dray.core.config.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SidecarPresetsTest {
    /** A report, a scenario in it and its date, or how it is computed. */
    private static final Pattern SOURCE =
            Pattern.compile(".*\\(bench/results/\\S+\\.json, [a-z0-9-]+, \\d{4}-\\d\\d-\\d\\d\\)|computed: .*");

    @Test
    void whatSomebodyWroteWinsOverTheProfile() throws Exception {
        Loaded<SidecarConfig> alone = load(2, Map.of("profile", "latency"));
        Loaded<SidecarConfig> beside = load(2, Map.of("profile", "latency", "memory.mailbox", "2MiB"));

        assertThat(setting(alone, "memory.mailbox").origin()).isEqualTo("profile latency");
        assertThat(alone.config().memory().mailbox()).hasToString("1MiB");
        assertThat(setting(beside, "memory.mailbox").origin()).isEqualTo("--set");
        assertThat(beside.config().memory().mailbox()).hasToString("2MiB");
    }

    @Test
    void aProfileWinsOverTheTier() throws Exception {
        Loaded<SidecarConfig> loaded = load(16, Map.of("profile", "memory"));

        assertThat(setting(loaded, "memory.rings").origin()).isEqualTo("profile memory");
        assertThat(setting(loaded, "loops").origin()).isEqualTo("tier 16+ cores");
    }

    @Test
    void withoutAProfileTheDefaultsStayAsTheyAre() throws Exception {
        Loaded<SidecarConfig> loaded = load(2, Map.of());

        assertThat(loaded.config().profile()).isEqualTo(Profile.BALANCED);
        assertThat(loaded.config().memory()).isEqualTo(MemoryConfig.defaults());
        assertThat(loaded.settings())
                .filteredOn(Setting::isPreset)
                .allMatch(each -> each.origin().equals("tier 2 cores"));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2 cores, 1, 16MiB",
        "2, 2 cores, 1, 16MiB",
        "4, 2 cores, 2, 16MiB",
        "8, 8 cores, 4, 64MiB",
        "15, 8 cores, 7, 64MiB",
        "16, 16+ cores, 8, 128MiB",
        "64, 16+ cores, 32, 128MiB"
    })
    void theTierIsChosenByTheCores(int cores, String tier, int loops, String rings) throws Exception {
        Loaded<SidecarConfig> loaded = load(cores, Map.of());

        assertThat(loaded.config().loops()).isEqualTo(loops);
        assertThat(setting(loaded, "loops").origin()).isEqualTo("tier " + tier);
        assertThat(setting(loaded, "memory.rings").value()).isEqualTo(rings);
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void everyProfileCanBeUsedAndEachOfItsValuesSaysWhy(Profile profile) throws Exception {
        Loaded<SidecarConfig> loaded = load(2, Map.of("profile", profile.word()));
        List<Preset> chosen =
                new SidecarPresets(2).chosen(key -> Optional.of(key.equals("profile") ? profile.word() : ""));

        assertThat(loaded.config().profile()).isEqualTo(profile);
        assertThat(chosen).allSatisfy(preset -> {
            assertThat(preset.reason()).as(preset.key()).matches(SOURCE);
            assertThat(ConfigLoader.keys(SidecarConfig.class)).contains(preset.key());
        });
    }

    @Test
    void aProfileThatDoesNotExistIsRefusedOnceAndGuessed() {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> load(2, Map.of("profile", "latncy")));

        assertThat(refused.problems())
                .containsExactly("profile: latncy (expected: one of balanced, throughput, latency, memory;"
                        + " did you mean latency?)");
    }

    private static Setting setting(Loaded<SidecarConfig> loaded, String key) {
        return loaded.settings().stream()
                .filter(each -> each.key().equals(key))
                .findAny()
                .orElseThrow();
    }

    private static Loaded<SidecarConfig> load(int cores, Map<String, String> settings) throws ConfigException {
        return ConfigLoader.read(
                SidecarConfig.class, null, Map.of(), "DRAY_SIDECAR", settings, new SidecarPresets(cores));
    }
}
