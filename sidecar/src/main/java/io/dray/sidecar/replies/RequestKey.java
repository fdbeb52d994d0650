package io.dray.sidecar.replies;

import com.google.protobuf.ByteString;
import io.dray.types.v1.Address;
import io.dray.types.v1.Envelope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
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
        MessageDigest digest = digest();
        Address to = request.getTo();
        add(digest, to.toByteString());
        add(digest, principal);
        add(digest, request.getType());
        add(digest, request.getContentType());
        add(digest, Integer.toString(request.getPayloadEncodingValue()));
        new TreeMap<>(request.getHeadersMap())
                .entrySet().stream()
                        .filter(header -> headers.test(header.getKey()))
                        .forEach(header -> add(digest, header));
        // Before the payload, so that it is no header.
        add(digest, "");
        add(digest, request.getPayload());
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new RequestKey(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
    }

    private static void add(MessageDigest digest, Map.Entry<String, String> header) {
        add(digest, header.getKey());
        add(digest, header.getValue());
    }

    private static void add(MessageDigest digest, String text) {
        add(digest, ByteString.copyFrom(text, StandardCharsets.UTF_8));
    }

    private static void add(MessageDigest digest, ByteString bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.size()).flip());
        bytes.asReadOnlyByteBufferList().forEach(digest::update);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance(ALGORITHM);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
