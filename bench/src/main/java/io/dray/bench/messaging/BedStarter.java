package io.dray.bench.messaging;

import io.dray.bench.report.Contender;
import java.io.IOException;
import java.nio.file.Path;

/** Starts all processes of one contender. */
public interface BedStarter {
    /**
     * Starts them.
     *
     * @param scenario what they are for
     * @param contender who is measured
     * @param folder for sockets and logs; not made yet
     * @return the bed, ready for load
     * @throws IOException when a process cannot be started
     * @throws InterruptedException when the thread was interrupted
     */
    Bed start(Scenario scenario, Contender contender, Path folder) throws IOException, InterruptedException;
}
