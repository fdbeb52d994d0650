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
import org.junit.jupiter.api.Test;

class CustodyTest {
    private static final Peer PEER = new Peer("there", 5, "127.0.0.1:1");

    private final Custody custody = new Custody();
    private final RecordingOrigin origin = new RecordingOrigin();

    @Test
    void aWishOfDeliveredEndsAtDelivered() {
        send(1, Levels.DELIVERED);

        custody.said(7, 1, 1, Levels.DELIVERED);
        lose();

        assertThat(origin.told()).isEmpty();
    }

    @Test
    void aWishOfDoneOutlivesDelivered() {
        send(1, Levels.DONE);

        custody.said(7, 1, 1, Levels.DELIVERED);
        lose();

        assertThat(origin.told()).containsExactly(new Told(1, Levels.REFUSED, "CODE_NODE_LOST"));
    }

    @Test
    void doneEndsARunOfThem() {
        send(1, Levels.DONE);
        send(2, Levels.DONE);
        send(3, Levels.DONE);

        custody.said(7, 1, 2, Levels.DONE);
        lose();

        assertThat(origin.told()).containsExactly(new Told(3, Levels.REFUSED, "CODE_NODE_LOST"));
    }

    @Test
    void aResendTakesThePlaceOfTheFirstCopyWithinARun() {
        for (long sequence = 1; sequence <= 5; sequence++) {
            send(sequence, Levels.DONE);
        }
        Parcel again = Parcels.of(origin, 3, 10);
        again.wish = Levels.DONE;
        custody.sent(again, "elsewhere", 1);

        lose();

        assertThat(origin.told()).extracting(Told::sequence).containsExactly(1L, 2L, 4L, 5L);
    }

    @Test
    void forgetsWhatNobodyWaitsFor() {
        for (long sequence = 1; sequence <= 2; sequence++) {
            Parcel parcel = Parcels.of(origin, sequence, 10);
            parcel.wish = Levels.DONE;
            parcel.deadlineMicros = sequence * 5_000_000;
            custody.sent(parcel, PEER.node(), PEER.incarnation());
        }

        custody.forgetExpired(6_000_000);
        lose();

        assertThat(origin.told()).extracting(Told::sequence).containsExactly(2L);
    }

    private void send(long sequence, int wish) {
        Parcel parcel = Parcels.of(origin, sequence, 10);
        parcel.wish = wish;
        custody.sent(parcel, PEER.node(), PEER.incarnation());
    }

    private void lose() {
        custody.lost(PEER, MeshError.of(Code.CODE_NODE_LOST, "gone"));
    }
}
