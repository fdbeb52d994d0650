package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which messages grow too slowly, by a clock that the test moves. */
class ConnectionUnfinishedTest {
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int LEAST_BYTES = 80 * 1024;

    private final UnfinishedMessages all =
            new UnfinishedMessages(new UnfinishedMessages.Limits(1 << 30, 1 << 30, CHECK_NANOS));
    private final List<String> cuts = new ArrayList<>();
    private final ConnectionUnfinished connection = new ConnectionUnfinished(all, cuts::add);
    private final UnfinishedMessage message = new UnfinishedMessage(connection, new Outflow(null, 1));
    private long now;

    @Test
    void aSlowMessageThatKeepsThePaceIsLeftAlone() {
        for (int i = 0; i < 6; i++) {
            grow(message, LEAST_BYTES);
            now += CHECK_NANOS;

            assertThat(connection.slow(now, true)).isNull();
        }
    }

    @Test
    void aMessageBelowThePaceIsSlowOnceItsTimeIsOver() {
        grow(message, LEAST_BYTES - 1);

        assertThat(connection.slow(now + CHECK_NANOS - 1, true)).isNull();
        assertThat(connection.slow(now + CHECK_NANOS, true)).isSameAs(message);
    }

    @Test
    void aMessageThatCouldNotGrowGetsItsTimeAgain() {
        grow(message, 1);
        now += CHECK_NANOS;

        assertThat(connection.slow(now, false)).isNull();
        assertThat(connection.slow(now + CHECK_NANOS - 1, true)).isNull();
        assertThat(connection.slow(now + CHECK_NANOS, true)).isSameAs(message);
    }

    @Test
    void aStreamOfSmallMessagesIsNeverSlow() {
        for (int i = 0; i < 6; i++) {
            grow(message, 10);
            assertThat(connection.slow(now, true)).isNull();
            message.inboundMessageRead(i, 10, 10);
            now += CHECK_NANOS;
        }
        grow(message, 10);

        assertThat(connection.slow(now, true)).isNull();
    }

    @Test
    void whatIsToldIsTheSumOfWhatIsThere() {
        var other = new UnfinishedMessage(connection, new Outflow(null, 3));
        grow(message, 10_000);
        grow(other, 20_000);
        connection.tell();
        assertThat(all.bytes()).isEqualTo(30_000);

        message.streamClosed(Status.CANCELLED);
        connection.tell();
        assertThat(all.bytes()).isEqualTo(20_000);

        connection.close();
        other.streamClosed(Status.CANCELLED);
        assertThat(all.bytes()).isZero();
        assertThat(cuts).isEmpty();
    }

    private void grow(UnfinishedMessage grown, int bytes) {
        connection.reading(0, now);
        grown.inboundWireSize(bytes);
    }
}
