package io.dray.router.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A line to a database that can break in the middle of a write, before or after the database has done it, or be cut. */
public final class BreakingLine implements AutoCloseable {
    private static final String WRITE = "all_live";
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger broken = new AtomicInteger();
    private final int target;
    private volatile Break next = Break.NEVER;
    private volatile boolean cut;

    /** When the line breaks. */
    enum Break {
        NEVER,
        /** The next write does not reach the database. */
        BEFORE_WRITE,
        /** The next write is done, but nobody hears of it. */
        AFTER_WRITE
    }

    /** Leads to the database of all tests. */
    public BreakingLine() throws IOException {
        this(PostgresForTests.port());
    }

    BreakingLine(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Lets no new connection through, or again. */
    public void cut(boolean isCut) {
        cut = isCut;
    }

    void breakAtNext(Break when) {
        next = when;
    }

    /** Returns how often it has broken. */
    int broken() {
        return broken.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                if (cut) {
                    client.close();
                    continue;
                }
                Line line = new Line(client, new Socket(InetAddress.getLoopbackAddress(), target));
                Thread.ofVirtual().start(line::carryUp);
                Thread.ofVirtual().start(line::carryDown);
            }
        } catch (IOException _) {
            // Closed: the test is over.
        }
    }

    /** One connection; its two directions run on a thread each. */
    private final class Line {
        private final Socket client;
        private final Socket database;
        private volatile boolean breaksAtAnswer;

        Line(Socket client, Socket database) {
            this.client = client;
            this.database = database;
        }

        void carryUp() {
            byte[] buffer = new byte[BUFFER_BYTES];
            try (InputStream in = client.getInputStream();
                    OutputStream out = database.getOutputStream()) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    boolean isWrite = new String(buffer, 0, read, StandardCharsets.ISO_8859_1).contains(WRITE);
                    if (isWrite && next == Break.BEFORE_WRITE) {
                        end();
                        return;
                    }
                    breaksAtAnswer = isWrite && next == Break.AFTER_WRITE;
                    out.write(buffer, 0, read);
                    out.flush();
                }
            } catch (IOException _) {
                // One of the two has gone.
            }
        }

        void carryDown() {
            byte[] buffer = new byte[BUFFER_BYTES];
            try (InputStream in = database.getInputStream();
                    OutputStream out = client.getOutputStream()) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (breaksAtAnswer) {
                        end();
                        return;
                    }
                    out.write(buffer, 0, read);
                    out.flush();
                }
            } catch (IOException _) {
                // One of the two has gone.
            }
        }

        private void end() throws IOException {
            next = Break.NEVER;
            broken.incrementAndGet();
            client.close();
            database.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
