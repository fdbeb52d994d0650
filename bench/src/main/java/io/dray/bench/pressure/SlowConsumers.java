package io.dray.bench.pressure;

import io.dray.bench.mesh.Child;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A consumer that is stopped by SIGSTOP and one that takes 100 messages per second, each with a sender that sends as fast
 * as is accepted. Between windows the stopped one goes on, so that its sidecar never takes it for dead.
 */
final class SlowConsumers implements Neighbours {
    private static final long CRAWL_PER_S = 100;
    private static final int PAYLOAD_BYTES = 100;
    private static final int NORMAL = 2;
    /** Senders fill a mailbox to where they are told to pause in a small part of that. */
    private static final long FILL_MILLIS = 300;

    private final PressureBed bed;
    private final Child stopped;
    private final Child crawling;
    private final Child senders;

    private SlowConsumers(PressureBed bed, Child stopped, Child crawling, Child senders) {
        this.bed = bed;
        this.stopped = stopped;
        this.crawling = crawling;
        this.senders = senders;
    }

    static SlowConsumers start(PressureBed bed, String node) throws IOException {
        String where = bed.socket(node);
        Child stopped = bed.start("stopped", Consumers.class, new Consumers.Plan(where, "stopped", 0, 1), false);
        Child crawling =
                bed.start("crawling", Consumers.class, new Consumers.Plan(where, "crawling", CRAWL_PER_S, 1), true);
        Senders.Plan flood = new Senders.Plan(
                where,
                List.of(
                        new Senders.Flow("to-stopped", "stopped", NORMAL, 0, PAYLOAD_BYTES),
                        new Senders.Flow("to-crawling", "crawling", NORMAL, 0, PAYLOAD_BYTES)));
        Child senders = bed.start("senders", Senders.class, flood, true);
        return new SlowConsumers(bed, stopped, crawling, senders);
    }

    @Override
    public void press() throws InterruptedException {
        stopped.signal("STOP");
        var _ = PressureBed.tell(senders, "on");
        TimeUnit.MILLISECONDS.sleep(FILL_MILLIS);
    }

    @Override
    public void relieve() throws InterruptedException {
        var _ = PressureBed.tell(senders, "off");
        stopped.signal("CONT");
        var _ = PressureBed.ask(crawling, "free");
        bed.await("dray_queued_envelopes", waiting -> waiting == 0);
        var _ = PressureBed.ask(crawling, "paced");
    }

    @Override
    public void close() {
        stopped.signal("CONT");
    }
}
