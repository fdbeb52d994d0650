package io.dray.bench.messaging;

import io.dray.bench.mesh.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program that knows nothing of its parent, under a shell that ends it by its id when the bench ends.
 *
 * @param child the shell
 * @param pid the program itself
 */
public record ServerProgram(Child child, long pid) {
    private static final Duration START = Duration.ofSeconds(10);
    private static final int CONNECT_MILLIS = 200;
    private static final long POLL_MILLIS = 10;
    /** Ctrl-C reaches the shell too, which must live until it has ended the program. */
    private static final String SCRIPT = "trap : INT TERM HUP; \"$@\" & server=$!;"
            + " echo \"READY {\\\"pid\\\":$server}\"; cat >/dev/null; kill -9 $server";

    /**
     * Starts a program.
     *
     * @param name of the child and of its log
     * @param command program and arguments
     * @param environment added to this process's
     * @param folder for the log
     * @return the running program
     * @throws IOException when it cannot be started
     */
    public static ServerProgram start(String name, List<String> command, Map<String, String> environment, Path folder)
            throws IOException {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh"));
        words.addAll(command);
        Child child = Child.start(name, words, environment, folder.resolve(name + ".log"));
        return new ServerProgram(child, child.ready(START).get("pid").asLong());
    }

    /**
     * Finds a port.
     *
     * @return a loopback port that nothing listens on now
     * @throws IOException when there is none
     */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Returns when the program accepts connections.
     *
     * @param port of loopback
     * @throws IOException when it does not in time
     * @throws InterruptedException when the thread was interrupted
     */
    public void awaitPort(int port) throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + START.toNanos();
        while (!accepts(port)) {
            if (System.nanoTime() > giveUp) {
                throw new IOException(child.name() + " does not listen on 127.0.0.1:" + port + " after " + START);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
