package io.dray.bench.load;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The calls of a load over plain gRPC; messages are bytes without a schema. */
final class GrpcMethods {
    static final String SERVICE = "bench.Load";
    /** One request, one reply. */
    static final MethodDescriptor<byte[], byte[]> CALL = method("Call", MethodType.UNARY);
    /** A stream of requests, answered in their order. */
    static final MethodDescriptor<byte[], byte[]> ECHO = method("Echo", MethodType.BIDI_STREAMING);
    /** A stream of messages; confirmations come back. */
    static final MethodDescriptor<byte[], byte[]> MESSAGES = method("Messages", MethodType.BIDI_STREAMING);

    private GrpcMethods() {}

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new KnownBytes(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Its length is what {@code available} says, which spares gRPC a buffer. */
    private static final class KnownBytes extends ByteArrayInputStream implements KnownLength {
        KnownBytes(byte[] value) {
            super(value);
        }
    }
}
