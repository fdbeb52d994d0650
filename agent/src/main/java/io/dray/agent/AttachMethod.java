package io.dray.agent;

import io.dray.agent.v1.AgentServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/** The Attach method with frames as bytes: envelopes are written and read by hand. Thread-safe. */
final class AttachMethod {
    static final MethodDescriptor<OutFrame, InFrame> FRAMES = AgentServiceGrpc.getAttachMethod().toBuilder(
                    new Outbound(), new Inbound())
            .build();

    private AttachMethod() {}

    private static final class Outbound implements Marshaller<OutFrame> {
        @Override
        public InputStream stream(OutFrame frame) {
            return frame.stream();
        }

        @Override
        public OutFrame parse(InputStream stream) {
            throw new UnsupportedOperationException("frames of agents are not received by agents");
        }
    }

    private static final class Inbound implements Marshaller<InFrame> {
        @Override
        public InputStream stream(InFrame frame) {
            throw new UnsupportedOperationException("frames of sidecars are not sent by agents");
        }

        @Override
        public InFrame parse(InputStream stream) {
            try {
                return InFrame.read(stream);
            } catch (IOException e) {
                throw Status.INTERNAL
                        .withDescription("frame not readable")
                        .withCause(e)
                        .asRuntimeException();
            }
        }
    }
}
