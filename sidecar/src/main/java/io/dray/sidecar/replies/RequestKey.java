package io.dray.sidecar.replies;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.dray.types.v1.Address;
import io.dray.types.v1.Envelope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What makes two requests identical: the SHA-256 of where they go, who sends them, their type, media type and encoding,
 * the headers that count and the payload. Nobody can make another request with the same key.
 */
record RequestKey(long a, long b, long c, long d) {
    private static final String ALGORITHM = "SHA-256";

    /**
     * Returns the key of a request.
     *
     * @param principal verified identity of its sender: what one may read another may not
     * @param headers which headers count
     */
    static RequestKey of(Envelope request, String principal, Predicate<String> headers) {
        Hash hash = new Hash();
        Address to = request.getTo();
        hash.add(to.toByteArray());
        hash.add(principal);
        hash.add(request.getType());
        hash.add(request.getContentType());
        hash.add(request.getPayloadEncodingValue());
        new TreeMap<>(request.getHeadersMap())
                .entrySet().stream()
                        .filter(header -> headers.test(header.getKey()))
                        .forEach(header -> {
                            hash.add(header.getKey());
                            hash.add(header.getValue());
                        });
        // Before the payload, so that it is no header.
        hash.add("");
        hash.add(request.getPayload());
        ByteBuffer key = ByteBuffer.wrap(hash.digest.digest());
        return new RequestKey(key.getLong(), key.getLong(), key.getLong(), key.getLong());
    }

    /** Takes fields with their lengths before them, so that two are never taken for one; bytes as they stand. */
    private static final class Hash extends ByteOutput {
        private final MessageDigest digest = digest();

        void add(String text) {
            add(text.getBytes(StandardCharsets.UTF_8));
        }

        void add(byte[] bytes) {
            add(bytes.length);
            digest.update(bytes);
        }

        void add(ByteString bytes) {
            add(bytes.size());
            try {
                UnsafeByteOperations.unsafeWriteTo(bytes, this);
            } catch (IOException e) {
                throw new UncheckedIOException(e); // nothing here throws it
            }
        }

        void add(int number) {
            digest.update((byte) (number >>> 24));
            digest.update((byte) (number >>> 16));
            digest.update((byte) (number >>> 8));
            digest.update((byte) number);
        }

        @Override
        public void write(byte value) {
            digest.update(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
        }

        @Override
        public void writeLazy(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
        }

        @Override
        public void write(ByteBuffer bytes) {
            digest.update(bytes);
        }

        @Override
        public void writeLazy(ByteBuffer bytes) {
            digest.update(bytes);
        }

        private static MessageDigest digest() {
            try {
                return MessageDigest.getInstance(ALGORITHM);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has " + ALGORITHM, e);
            }
        }
    }
}
