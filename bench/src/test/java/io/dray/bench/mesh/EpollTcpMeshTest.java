package io.dray.bench.mesh;

import io.dray.core.net.Transport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole mesh over the EPOLL transport; agents attach by TCP. */
@Tag("long")
class EpollTcpMeshTest
        implements AddressContract,
                QueueGroupContract,
                PressureContract,
                AttachContract,
                BadInputContract,
                CorpusContract,
                ByteAccountingContract,
                TaskContract,
                LargePayloadContract,
                LossContract {
    @RegisterExtension
    static final MeshFixture MESH = new MeshFixture(Transport.EPOLL, false, "a", "b", "c");

    @Override
    public MeshFixture mesh() {
        return MESH;
    }

    @Override
    public int rounds() {
        return 1_000;
    }
}
