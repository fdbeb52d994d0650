package io.dray.sidecar;

import io.dray.core.config.Preset;
import io.dray.core.config.Presets;
import io.dray.core.net.EventLoops;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a sidecar's keys have when nobody has set them: values of the profile that is wanted, else of the host's tier.
 * Each says which figure justifies it; what figures do not show to be of use is in no profile. Immutable.
 */
public final class SidecarPresets implements Presets {
    private final int cores;

    SidecarPresets(int cores) {
        this.cores = cores;
    }

    /** Returns the presets of the host that this process runs on. */
    public static SidecarPresets ofThisHost() {
        return new SidecarPresets(Runtime.getRuntime().availableProcessors());
    }

    @Override
    public List<Preset> chosen(Function<String, Optional<String>> written) {
        String wanted = written.apply("profile").orElse("").strip();
        // One that does not exist chooses nothing; the configuration refuses it.
        Stream<Preset> byProfile = Arrays.stream(Profile.values())
                .filter(profile -> profile.word().equalsIgnoreCase(wanted))
                .flatMap(profile -> byProfile(profile, "profile " + profile.word()));
        return Stream.concat(byProfile, byTier()).toList();
    }

    private static Stream<Preset> byProfile(Profile profile, String origin) {
        return switch (profile) {
            case BALANCED, THROUGHPUT -> Stream.empty();
            case LATENCY ->
                Stream.of(new Preset(
                        "memory.mailbox",
                        "1MiB",
                        origin,
                        "a full queue of 1 KB messages is waited in for 1.51 ms (P50) instead of 1.60 with 4MiB and 2.43"
                                + " with 16MiB (P99 5.98, 5.80, 8.61), for 0.88 of the messages per second of 4MiB"
                                + " (bench/results/settings-2026-11-22.json, mailbox-flood, 2026-11-22)"));
            case MEMORY ->
                Stream.of(new Preset(
                        "memory.rings",
                        "0B",
                        origin,
                        "a sidecar whose agents come over TCP, which has no shared memory, weighs 114 MB in a flood"
                                + " of 1 KB instead of 136, for 478,000 messages per second instead of 823,000"
                                + " (bench/results/messaging-2026-11-22.json, flood-1kb, 2026-11-22)"));
        };
    }

    private Stream<Preset> byTier() {
        Tier tier = Tier.of(cores);
        String origin = "tier " + tier.word();
        return Stream.of(
                new Preset(
                        "loops",
                        Integer.toString(EventLoops.loopsFor(cores)),
                        origin,
                        "computed: half of " + cores + " cores, at least 1: agents need the others"),
                new Preset(
                        "memory.rings",
                        tier.ringsMib() + "MiB",
                        origin,
                        "computed: " + tier.ringsMib() / 2
                                + " agents that send and receive large frames, 1MiB each way;"
                                + " 8MiB for each core of the smallest host of the tier"));
    }
}
