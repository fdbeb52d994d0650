package io.dray.bench.mesh;

import io.dray.core.net.Transport;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole mesh over the EPOLL transport; agents attach by Unix sockets. */
class EpollUnixMeshTest
        implements AddressContract,
                QueueGroupContract,
                PressureContract,
                AttachContract,
                BadInputContract,
                CorpusContract,
                ByteAccountingContract,
                TaskContract,
                LargePayloadContract,
                RingContract,
                LossContract {
    @RegisterExtension
    static final MeshFixture MESH = new MeshFixture(Transport.EPOLL, true, "a", "b", "c");

    @Override
    public MeshFixture mesh() {
        return MESH;
    }
}
