package io.dray.agent;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.Welcome;
import io.dray.core.wire.InstanceName;
import io.dray.types.v1.Limits;

/** What the sidecar gave this attachment in its last Welcome. */
record Session(
        String instance, String node, String suffix, long id, ByteString secret, long incarnation, SendLimits limits) {

    /** The largest envelope and header that the sidecar takes, in bytes, and whether it takes larger ones in chunks. */
    record SendLimits(int envelopeBytes, int headerBytes, boolean takesChunks) {
        static final SendLimits DEFAULTS = of(Limits.getDefaultInstance(), false);

        static SendLimits of(Limits limits, boolean takesChunks) {
            return new SendLimits(
                    orElse(limits.getMaxEnvelopeBytes(), 4 * 1024 * 1024 - 64 * 1024),
                    orElse(limits.getMaxHeaderBytes(), 32 * 1024),
                    takesChunks);
        }

        private static int orElse(int given, int otherwise) {
            return given == 0 ? otherwise : given;
        }
    }

    static Session of(Welcome welcome) {
        return new Session(
                welcome.getInstance(),
                welcome.getNode(),
                InstanceName.parse(welcome.getInstance())
                        .map(InstanceName::suffix)
                        .orElse(""),
                welcome.getSession(),
                welcome.getSessionSecret(),
                welcome.getIncarnation(),
                SendLimits.of(
                        welcome.getLimits(),
                        welcome.getVersion().getFeaturesList().contains(Introduction.CHUNKS)));
    }
}
