package io.dray.core.net;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client that says HTTP/2 frames as it likes, within the window that it was given at the start. Blocks. */
final class RawHttp2 implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW = 8;
    private static final int END_OF_HEADERS = 4;
    private static final int ACKNOWLEDGED = 1;
    private static final int END_OF_STREAM = 1;
    private static final int MAX_FRAME = 16 * 1024;
    private static final int CANCEL = 8;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final byte[] headers;

    /** Connects, and waits for the server's settings. */
    RawHttp2(int port, String method) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
        in = new DataInputStream(socket.getInputStream());
        headers = headers(method);
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
        out.flush();
        read(SETTINGS);
    }

    /** Opens a call and says how long its first message is. */
    void begin(int stream, int messageBytes) throws IOException {
        frame(HEADERS, END_OF_HEADERS, stream, headers);
        byte[] prefix = {
            0,
            (byte) (messageBytes >>> 24),
            (byte) (messageBytes >>> 16),
            (byte) (messageBytes >>> 8),
            (byte) messageBytes
        };
        frame(DATA, 0, stream, prefix);
        out.flush();
    }

    /** Sends a part of a message; a server that cuts this off is no failure. */
    void data(int stream, int bytes) {
        try {
            for (int left = bytes; left > 0; left -= MAX_FRAME) {
                frame(DATA, 0, stream, new byte[Math.min(left, MAX_FRAME)]);
            }
            out.flush();
        } catch (IOException _) {
            // Reading will say that it is over.
        }
    }

    void reset(int stream) throws IOException {
        frame(RESET, 0, stream, new byte[] {0, 0, 0, CANCEL});
        out.flush();
    }

    /** Says that the client sends no more on a stream. */
    void end(int stream) throws IOException {
        frame(DATA, END_OF_STREAM, stream, new byte[0]);
        out.flush();
    }

    /** Lets the server send more on a stream; 0 is the whole connection. */
    void allow(int stream, int bytes) throws IOException {
        frame(
                WINDOW,
                0,
                stream,
                ByteBuffer.allocate(Integer.BYTES).putInt(bytes).array());
        out.flush();
    }

    void ping() throws IOException {
        frame(PING, 0, 0, new byte[8]);
        out.flush();
    }

    /** Returns the next frame that is an answer: a reset, or that of a ping. */
    String nextFrame() throws IOException {
        return read(-1);
    }

    /** Waits until the server has closed the connection. */
    void awaitEnd() {
        while (true) {
            try {
                read(-1);
            } catch (IOException _) {
                return;
            }
        }
    }

    /** The same, but answers no ping. */
    void awaitEndInSilence() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    /** Returns the answers until the first answered ping or the end of the connection. */
    List<String> frames() {
        List<String> frames = new ArrayList<>();
        try {
            do {
                frames.add(nextFrame());
            } while (!frames.getLast().equals("ping"));
        } catch (IOException _) {
            // The end.
        }
        return frames;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String read(int wanted) throws IOException {
        long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new AssertionError("no answer within 10 s");
            }
            int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(length);
            if (type == RESET) {
                return "reset of " + stream + ", code " + payload[3];
            }
            if (type == PING && (flags & ACKNOWLEDGED) != 0) {
                return "ping";
            }
            if (type == PING) {
                frame(PING, ACKNOWLEDGED, 0, payload);
                out.flush();
            }
            if (type == wanted) {
                return "";
            }
        }
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        out.writeByte(payload.length >>> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    /** Literal fields, without index and Huffman code. */
    private static byte[] headers(String method) {
        var block = new ByteArrayOutputStream();
        String[] fields = {
            ":method",
            "POST",
            ":scheme",
            "http",
            ":path",
            method,
            ":authority",
            "x",
            "content-type",
            "application/grpc",
            "te",
            "trailers"
        };
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            for (String text : List.of(fields[i], fields[i + 1])) {
                block.write(text.length());
                block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            }
        }
        return block.toByteArray();
    }
}
