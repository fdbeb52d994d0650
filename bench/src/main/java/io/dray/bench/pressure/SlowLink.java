package io.dray.bench.pressure;

import io.dray.bench.mesh.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One link of three through a network of 1 MB/s, with a sender that sends as fast as is accepted. A proxy rather than a
 * stopped peer: what is slow is the way and not the host, bytes keep trickling, and pings are still answered.
 */
final class SlowLink implements Neighbours {
    private static final long BYTES_PER_S = 1_000_000;
    /** So large that the far node and its consumer, which share the cores here alone, take little of them. */
    private static final int PAYLOAD_BYTES = 10_240;

    private static final int NORMAL = 2;
    private static final long FILL_MILLIS = 300;

    private final PressureBed bed;
    private final ThrottledProxy proxy;
    private final Child senders;

    private SlowLink(PressureBed bed, ThrottledProxy proxy, Child senders) {
        this.bed = bed;
        this.proxy = proxy;
        this.senders = senders;
    }

    /** Starts the node at the far end of the slow link, a consumer there and a sender on another node. */
    static SlowLink start(PressureBed bed, String far, String near) throws IOException {
        int port = freePort();
        ThrottledProxy proxy = new ThrottledProxy(port);
        bed.startSidecar(far, "peers.listen=127.0.0.1:" + port, "peers.advertise=127.0.0.1:" + proxy.port());
        bed.start("far", Consumers.class, new Consumers.Plan(bed.socket(far), "far", 0, 1), true);
        Senders.Plan flood = new Senders.Plan(
                bed.socket(near), List.of(new Senders.Flow("to-far", "far", NORMAL, 0, PAYLOAD_BYTES)));
        return new SlowLink(bed, proxy, bed.start("senders", Senders.class, flood, true));
    }

    @Override
    public void press() throws InterruptedException {
        proxy.limit(BYTES_PER_S);
        var _ = PressureBed.tell(senders, "on");
        TimeUnit.MILLISECONDS.sleep(FILL_MILLIS);
    }

    @Override
    public void relieve() throws InterruptedException {
        var _ = PressureBed.tell(senders, "off");
        proxy.limit(0);
        bed.await("dray_queued_envelopes", waiting -> waiting == 0);
    }

    @Override
    public void close() throws IOException {
        proxy.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
