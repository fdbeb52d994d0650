package io.dray.router;

import io.dray.router.dispatch.Time;
import io.dray.router.fleet.DirectoryNews;
import io.dray.router.fleet.DirectoryStream;
import io.dray.router.v1.DirectoryWelcome;
import io.dray.router.v1.JoinResponse;
import io.dray.types.v1.Error;
import java.time.Duration;

/** The writing side of one directory stream, in the contract's messages. Thread-safe; never blocks. */
final class JoinStream implements DirectoryStream {
    /** What every sidecar is told when it comes. Immutable. */
    record Terms(String router, long incarnation, Duration lease, Time time) {}

    private final OutboundStream<JoinResponse> outbound;
    private final Terms terms;

    JoinStream(OutboundStream<JoinResponse> outbound, Terms terms) {
        this.outbound = outbound;
        this.terms = terms;
    }

    @Override
    public void welcome() {
        outbound.send(JoinResponse.newBuilder()
                .setWelcome(DirectoryWelcome.newBuilder()
                        .setVersion(Versions.ours())
                        .setRouter(terms.router())
                        .setIncarnation(terms.incarnation())
                        .setLeaseMillis((int) terms.lease().toMillis())
                        .setClockUnixMicros(terms.time().nowMicros()))
                .build());
    }

    @Override
    public void send(DirectoryNews news) {
        DirectoryMessages.news(news).forEach(outbound::send);
    }

    @Override
    public void end(Error reason) {
        outbound.end(reason);
    }
}
