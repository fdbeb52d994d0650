package io.dray.bench.profile;

import io.dray.bench.mesh.Jvm;
import io.dray.bench.mesh.RunFolder;
import io.dray.bench.messaging.MessagingSuite;
import io.dray.bench.messaging.Suite;
import io.dray.bench.messaging.Timing;
import io.dray.bench.report.Contender;
import io.dray.bench.report.Machine;
import io.dray.bench.report.Revision;
import io.dray.bench.report.Row;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Measures one scenario while its processes are sampled.
 *
 * @param scenario of the messaging suite
 * @param contender who carries it
 * @param timing of one window
 */
record ProfileRun(String scenario, Contender contender, Timing timing) {
    /**
     * What was recorded.
     *
     * @param profile the figures
     * @param recordings the stacks, by role
     */
    record Recorded(Profile profile, Map<String, Recorder.Recording> recordings) {
        /** Copies the map. */
        Recorded {
            recordings = Collections.unmodifiableMap(new LinkedHashMap<>(recordings));
        }

        String page() throws IOException {
            return ProfilePage.of(profile, recordings);
        }
    }

    /** Runs; empty when it could not be measured, which the progress tells. Logs are kept then. */
    Optional<Recorded> run(String command, PrintStream progress) throws IOException, InterruptedException {
        Instant started = Instant.now();
        Sampler sampler;
        Recorder recorder;
        List<Row> rows;
        try (RunFolder folder = RunFolder.make("dray-profile-", () -> {})) {
            sampler = Sampler.unpack(folder.path());
            recorder = new Recorder(sampler, folder.path());
            Suite.Outcome outcome = MessagingSuite.of(false, Set.of(scenario), Set.of(), timing)
                    .watched(contender, recorder)
                    .run(folder.path(), progress, _ -> {});
            rows = outcome.rows();
            if (outcome.failures() > 0 || rows.isEmpty()) {
                folder.keep();
                progress.println("it could not be measured; logs: " + folder.path());
                return Optional.empty();
            }
        }
        Row row = rows.getFirst();
        Profile profile = new Profile(
                Profile.SCHEMA,
                Machine.current(),
                Revision.of(Jvm.repository()),
                command,
                started,
                sampler.event(),
                row,
                Profiles.processes(row, recorder.recordings()));
        return Optional.of(new Recorded(profile, recorder.recordings()));
    }
}
