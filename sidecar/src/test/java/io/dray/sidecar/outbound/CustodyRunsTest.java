package io.dray.sidecar.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.wire.MeshError;
import io.dray.sidecar.peers.Peer;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Parcel;
import io.dray.sidecar.queue.Parcels;
import io.dray.sidecar.queue.RecordingOrigin;
import io.dray.sidecar.queue.RecordingOrigin.Told;
import io.dray.types.v1.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CustodyRunsTest {
    private static final Peer PEER = new Peer("b", 1, "b:7402");

    private final Custody custody = new Custody();
    private final RecordingOrigin origin = new RecordingOrigin();

    private void send(long session, long sequence) {
        Parcel parcel = Parcels.of(origin, sequence, 10);
        parcel.session = session;
        parcel.wish = Levels.DONE;
        custody.sent(parcel, PEER.node(), PEER.incarnation());
    }

    @Test
    void aRunEndsCustodyOfWhatItNamesAndOfNothingElse() {
        for (long sequence = 1; sequence <= 6; sequence++) {
            send(7, sequence);
        }
        send(8, 3);

        custody.said(7, 2, 3, Levels.DONE);
        custody.said(7, 5, 1, Levels.DELIVERED);
        custody.said(7, 6, Integer.MAX_VALUE, Levels.DONE);
        custody.said(9, Long.MAX_VALUE, Integer.MAX_VALUE, Levels.DONE);

        custody.lost(PEER, MeshError.of(Code.CODE_NODE_LOST, "test"));
        assertThat(origin.told()).containsExactly(lost(1), lost(5), lost(3));
    }

    private static Told lost(long sequence) {
        return new Told(sequence, Levels.REFUSED, "CODE_NODE_LOST");
    }

    @Test
    void runsThatClaimMuchCostNothing() {
        for (long sequence = 1; sequence <= 50_000; sequence++) {
            send(7, sequence);
        }

        long startNanos = System.nanoTime();
        for (int i = 0; i < 16_384; i++) {
            custody.said(6, 1, Integer.MAX_VALUE, Levels.DONE);
            custody.said(7, 60_000, Integer.MAX_VALUE, Levels.DONE);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(2));
    }
}
