package io.dray.core.wire;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.core.testing.Vectors.Bad;
import io.dray.peer.v1.Compressed;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Encoding;
import io.dray.types.v1.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Makes the bad vectors: what the doors must refuse by the bytes alone, each with its code. */
final class BadVectors {
    private static final Envelope GOOD = Envelope.newBuilder()
            .setTo(Addresses.agent("digester"))
            .setFrom("reader/1@alpha")
            .setSession(0x0123_4567_89ab_cdefL)
            .setSequence(17)
            .setPayload(ByteString.copyFromUtf8("hello"))
            .build();
    private static final String FRAME_OF_ONE = "0a";

    private final List<Bad> vectors = new ArrayList<>();

    private BadVectors() {}

    static List<Bad> all() {
        BadVectors all = new BadVectors();
        all.addRepeated();
        all.addTexts();
        all.addLengths();
        all.addForms();
        all.addAddresses();
        all.addValuesAndSizes();
        all.addFrames();
        all.addCompressed();
        return all.vectors;
    }

    /** Returns bytes as a frame's compressed form, with what is true of them. */
    static Compressed compressed(byte[] raw) {
        try (ZstdFrames frames = new ZstdFrames()) {
            byte[] room = new byte[ZstdFrames.maxCompressedLength(raw.length)];
            int written = frames.compress(raw, 0, raw.length, room, 0);
            return Compressed.newBuilder()
                    .setEncoding(Encoding.ENCODING_ZSTD)
                    .setRawBytes(raw.length)
                    .setData(ByteString.copyFrom(room, 0, written))
                    .build();
        }
    }

    private void addRepeated() {
        envelope("second from after the payload", Code.CODE_REPEATED_FIELD, "12086576696c2f314061");
        envelope("second to", Code.CODE_REPEATED_FIELD, "0a060a046576696c");
        envelope("second session", Code.CODE_REPEATED_FIELD, "190100000000000000");
        envelope("second payload", Code.CODE_REPEATED_FIELD, "a2060161");
        envelope("type twice", Code.CODE_REPEATED_FIELD, "8201016182010162");
        envelope("error with its message twice", Code.CODE_REPEATED_FIELD, "d201061a01611a0162");
        envelope("header with its value twice", Code.CODE_REPEATED_FIELD, "f201090a0161120162120163");
        address("two targets", Code.CODE_REPEATED_FIELD, "0a01611a0162");
        address("one target twice", Code.CODE_REPEATED_FIELD, "0a01610a0162");
    }

    private void addTexts() {
        envelope("type that is not UTF-8", Code.CODE_INVALID_UTF8, "820102c328");
        envelope("conversation with a surrogate", Code.CODE_INVALID_UTF8, "920103eda080");
        envelope("content type in overlong form", Code.CODE_INVALID_UTF8, "8a0102c0af");
        envelope("idempotency key beyond Unicode", Code.CODE_INVALID_UTF8, "aa0104f4908080");
        envelope("trace context cut in a character", Code.CODE_INVALID_UTF8, "b20102e282");
        envelope("header with a key that is not UTF-8", Code.CODE_INVALID_UTF8, "f201060a01ff120161");
        envelope("header with a value that is not UTF-8", Code.CODE_INVALID_UTF8, "f201060a01611201ff");
        envelope("error with a message that is not UTF-8", Code.CODE_INVALID_UTF8, "d201031a01ff");
        address("agent that is not UTF-8", Code.CODE_INVALID_UTF8, "0a02c328");
    }

    /** Some of these are taken by parsers that do not check where a text ends, which is why the doors do. */
    private void addLengths() {
        envelope("length beyond the end", Code.CODE_MALFORMED_ENVELOPE, "8201ff7f61");
        envelope("length of 2 GiB and more", Code.CODE_MALFORMED_ENVELOPE, "8201ffffffff0f61");
        envelope("length without end", Code.CODE_MALFORMED_ENVELOPE, "8201ffffffffffffffffffff");
        envelope("payload cut", Code.CODE_MALFORMED_ENVELOPE, "aa0105616263");
        notProtobuf("fixed number cut", "9901010203");
        notProtobuf("tag cut", "82");
        notProtobuf("varint of eleven bytes", "48" + "ff".repeat(10) + "01");
        addHead(
                "envelope",
                "text in place of an envelope",
                Code.CODE_MALFORMED_ENVELOPE,
                ascii("GET / HTTP/1.1"),
                false);
        addHead(
                "envelope",
                "address with a length that lies",
                Code.CODE_MALFORMED_ENVELOPE,
                unhex("0a030a0961"),
                false);
    }

    private void addForms() {
        envelope("group", Code.CODE_MALFORMED_ENVELOPE, "fb06fc06");
        envelope("end of a group", Code.CODE_MALFORMED_ENVELOPE, "fc06");
        envelope("field number 0", Code.CODE_MALFORMED_ENVELOPE, "0001");
        envelope("wire type 6", Code.CODE_MALFORMED_ENVELOPE, "fe06");
        envelope("hops as text", Code.CODE_MALFORMED_ENVELOPE, "4a0133");
        envelope("hops over 32 bits", Code.CODE_MALFORMED_ENVELOPE, "488080808010");
        addHead("envelope", "to as number", Code.CODE_MALFORMED_ENVELOPE, unhex("0801"), false);
    }

    private void addAddresses() {
        addHead("envelope", "no to", Code.CODE_MISSING_FIELD, withoutTo(), false);
        addHead("envelope", "nothing at all", Code.CODE_MISSING_FIELD, new byte[0], false);
        address("no target", Code.CODE_MISSING_FIELD, "");
        to("agent with capitals", Addresses.agent("Digester"));
        to("agent without name", Addresses.agent(""));
        to("agent of 64 characters", Addresses.agent("a".repeat(64)));
        to("instance without node", Addresses.instance("digester/1"));
        to("instance with two nodes", Addresses.instance("digester/1@a@b"));
        to("capability with a blank", Addresses.capability("di gest"));
        to("topic with a wildcard", Addresses.topic("news.*"));
        to("topic with an empty token", Addresses.topic("news..eu"));
        to("topic of 17 tokens", Addresses.topic("t" + ".t".repeat(16)));
    }

    private void addValuesAndSizes() {
        envelope("priority that no version has", Code.CODE_UNIMPLEMENTED, "3009");
        envelope("delivery class that no version has", Code.CODE_UNIMPLEMENTED, "3804");
        envelope("kind below zero", Code.CODE_UNIMPLEMENTED, "58ffffffffffffffffff01");
        envelope("payload encoding that no version has", Code.CODE_UNSUPPORTED_ENCODING, "c00103");
        envelope("65 headers", Code.CODE_TOO_MANY, headers(65));
        byte[] head = concat(GOOD.toByteArray(), "8201808002");
        vectors.add(new Bad(
                "header over 32 KiB",
                "envelope",
                HexFormat.of().formatHex(head),
                'x',
                32 * 1024,
                Code.CODE_HEADER_TOO_LARGE,
                false));
        byte[] withoutPayload = GOOD.toBuilder().clearPayload().build().toByteArray();
        byte[] large = concat(withoutPayload, "a2068080fc01");
        vectors.add(new Bad(
                "envelope over 4 MiB - 64 KiB",
                "envelope",
                HexFormat.of().formatHex(large),
                'x',
                4_128_768,
                Code.CODE_TOO_LARGE,
                false));
    }

    private void addFrames() {
        String one = HexFormat.of()
                .formatHex(AttachRequest.newBuilder().addEnvelopes(GOOD).build().toByteArray());
        frame("frame with a length that lies", FRAME_OF_ONE + "7f0801", true);
        frame("frame cut in its second envelope", one + one.substring(0, one.length() - 2), true);
        frame("frame that is text", HexFormat.of().formatHex(ascii("GET / HTTP/1.1")), true);
        frame("frame with a group", one + "fb06fc06", false);
        frame("frame with field number 0", one + "0200", false);
        frame("frame with a varint without end", one + "50" + "ff".repeat(10) + "01", true);
    }

    private void addCompressed() {
        byte[] raw = ascii("a frame that stands for any other frame. ".repeat(40));
        Compressed good = compressed(raw);
        compressed("raw size too small", good.toBuilder().setRawBytes(raw.length - 1));
        compressed("raw size too large", good.toBuilder().setRawBytes(raw.length + 1));
        compressed("raw size 0", good.toBuilder().setRawBytes(0));
        compressed("raw size beyond the limit", good.toBuilder().setRawBytes(5 * 1024 * 1024));
        compressed("raw size over 2 GiB", good.toBuilder().setRawBytes(-1));
        compressed("no zstd frame", good.toBuilder().setData(ByteString.copyFrom(raw)));
        compressed("nothing", good.toBuilder().clearData());
        // A frame of one block that repeats a byte a million times.
        String million = "28b52ffd" + "a0" + "40420f00" + "0300" + "00" + "61";
        compressed("ratio beyond belief", data(good, million).setRawBytes(1_000_000));
        String window = "28b52ffd" + "80" + "a8" + "90060000" + "00".repeat(30);
        compressed("window of 2 GiB", data(good, window).setRawBytes(raw.length));
        String dictionary = "28b52ffd" + "61" + "07" + "9005" + "00".repeat(30);
        compressed("dictionary that was not agreed on", data(good, dictionary).setRawBytes(raw.length));
        String cut = HexFormat.of().formatHex(good.getData().toByteArray());
        compressed("content cut", data(good, cut.substring(0, cut.length() - 8)));
    }

    private void compressed(String name, Compressed.Builder message) {
        byte[] bytes = message.build().toByteArray();
        vectors.add(
                new Bad(name, "compressed", HexFormat.of().formatHex(bytes), 0, 0, Code.CODE_BAD_COMPRESSION, false));
    }

    private static Compressed.Builder data(Compressed good, String hex) {
        return good.toBuilder().setData(ByteString.copyFrom(unhex(hex)));
    }

    private void frame(String name, String hex, boolean notProtobuf) {
        addHead("frame", name, Code.CODE_BAD_FRAME, unhex(hex), notProtobuf);
    }

    private void envelope(String name, Code code, String hex) {
        addHead("envelope", name, code, concat(GOOD.toByteArray(), hex), false);
    }

    private void notProtobuf(String name, String hex) {
        addHead("envelope", name, Code.CODE_MALFORMED_ENVELOPE, concat(GOOD.toByteArray(), hex), true);
    }

    /** Adds an envelope whose Address has these bytes. */
    private void address(String name, Code code, String hex) {
        byte[] content = unhex(hex);
        byte[] to = concat(new byte[] {0x0a, (byte) content.length}, hex);
        addHead("envelope", name, code, concat(to, HexFormat.of().formatHex(withoutTo())), false);
    }

    private void to(String name, Address address) {
        addHead(
                "envelope",
                name,
                Code.CODE_BAD_NAME,
                GOOD.toBuilder().setTo(address).build().toByteArray(),
                false);
    }

    private void addHead(String kind, String name, Code code, byte[] bytes, boolean notProtobuf) {
        vectors.add(new Bad(name, kind, HexFormat.of().formatHex(bytes), 0, 0, code, notProtobuf));
    }

    private static byte[] withoutTo() {
        return GOOD.toBuilder().clearTo().build().toByteArray();
    }

    private static String headers(int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(String.format("f201060a01%02x120161", 'a' + i % 26));
        }
        return all.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] unhex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] concat(byte[] first, String hex) {
        byte[] second = unhex(hex);
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
