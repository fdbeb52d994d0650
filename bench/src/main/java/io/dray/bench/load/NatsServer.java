package io.dray.bench.load;

import io.dray.bench.mesh.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The distribution's NATS server, started on a free loopback port and ended with the bench. */
public final class NatsServer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 20;
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/sbin/nats-server"), Path.of("/usr/bin/nats-server"), Path.of("/usr/local/bin/nats-server"));

    /** The server itself does not end with its input, so a shell waits for that and ends it by its id. */
    private static final String SCRIPT = "\"$0\" --addr 127.0.0.1 --port -1 --ports_file_dir \"$1\" >&2 & server=$!;"
            + " echo \"READY {\\\"pid\\\":$server}\"; cat >/dev/null; kill -9 $server";

    private NatsServer() {}

    /**
     * Finds the installed program.
     *
     * @return its path, or empty when it is not installed
     */
    public static Optional<Path> installed() {
        return PLACES.stream().filter(Files::isExecutable).findFirst();
    }

    /**
     * Starts the server and the agents of its load.
     *
     * @param program from {@link #installed()}
     * @param folder an existing folder for logs
     * @return the system, ready for load
     * @throws IOException when a process cannot be started
     */
    public static Peer start(Path program, Path folder) throws IOException {
        List<String> command = List.of("/bin/sh", "-c", SCRIPT, program.toString(), folder.toString());
        Child child = Child.start("nats-server", command, Map.of(), folder.resolve("nats-server.log"));
        try {
            long pid = child.ready(START).get("pid").asLong();
            Server server = new Server(child, pid, url(folder.resolve("nats-server_" + pid + ".ports")));
            return Peer.start("nats", server, "nats", folder);
        } catch (IOException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private static String url(Path ports) throws IOException {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            if (Files.exists(ports)) {
                try {
                    JsonNode json = JSON.readTree(Files.readString(ports));
                    return json.get("nats").get(0).asString();
                } catch (JacksonException _) {
                    // Half written.
                }
            }
            pause();
        }
        throw new IOException("nats-server did not write " + ports + " within " + START);
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
