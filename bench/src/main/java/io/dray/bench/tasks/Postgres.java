package io.dray.bench.tasks;

import io.dray.bench.messaging.OtherSystems;
import io.dray.bench.messaging.Part;
import io.dray.bench.messaging.ServerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The PostgreSQL of one run, installed on this machine and started with data of its own. Each commit is on the disk before
 * it is answered. Used by one thread.
 */
final class Postgres implements AutoCloseable {
    static final String USER = "postgres";

    private static final String ROOT = "root";
    private static final String SCHEMA = "?currentSchema=";
    private static final Duration START = Duration.ofSeconds(30);
    private static final int STOP_SECONDS = 10;
    /** What a user sets who has read one page about it; all else is as installed. */
    private static final List<String> SETTINGS = List.of(
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "shared_buffers=1GB",
            "max_wal_size=4GB",
            "max_connections=200",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=");

    private final ServerProgram program;
    private final int port;

    private Postgres(ServerProgram program, int port) {
        this.program = program;
        this.port = port;
    }

    /** Makes a cluster below the folder of the run, and starts it. */
    static Postgres start(Path run) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(run.resolve("postgres"));
        Path data = Files.createDirectory(folder.resolve("data"));
        if (isRoot()) {
            // The server refuses to run as root: its user must reach the data, and nobody may list what is above.
            Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx--x--x"));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            Files.setOwner(
                    data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
        }
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        Path binaries =
                OtherSystems.program(OtherSystems.POSTGRESQL).toRealPath().resolveSibling("x");
        runToEnd(
                asUser(
                        binaries.resolveSibling("initdb"),
                        "-D",
                        data.toString(),
                        "-U",
                        USER,
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--no-locale"),
                folder.resolve("initdb.log"));
        int port = ServerProgram.freePort();
        List<String> words =
                asUser(binaries.resolveSibling("postgres"), "-D", data.toString(), "-p", Integer.toString(port));
        SETTINGS.forEach(setting -> words.addAll(List.of("-c", setting)));
        Postgres postgres = new Postgres(ServerProgram.start("postgres", words, Map.of(), folder), port);
        Path asked = binaries.resolveSibling("pg_isready");
        if (!Patience.until(START, () -> isReady(asked, port))) {
            postgres.close();
            throw new IOException("PostgreSQL does not answer on 127.0.0.1:" + port + " after " + START);
        }
        return postgres;
    }

    /** Where tables lie in a schema of their own. */
    String url(String schema) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres" + SCHEMA + schema;
    }

    /** The schema that a URL of this class names. */
    static String schema(String url) {
        return url.substring(url.indexOf(SCHEMA) + SCHEMA.length());
    }

    /** All its processes, for what they cost. */
    Part part() {
        return Part.tree("postgres", program);
    }

    /** Ends its connections and itself. */
    @Override
    public void close() {
        ProcessHandle.of(program.pid()).ifPresent(server -> {
            try {
                new ProcessBuilder("kill", "-INT", Long.toString(server.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
                server.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (IOException | ExecutionException | TimeoutException _) {
                // Closing the child kills it.
            }
        });
        program.child().close();
    }

    private static boolean isRoot() {
        return System.getProperty("user.name", "").equals(ROOT);
    }

    private static List<String> asUser(Path program, String... arguments) {
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            words.addAll(List.of("setpriv", "--reuid", USER, "--regid", USER, "--init-groups"));
        }
        words.add(program.toString());
        words.addAll(List.of(arguments));
        return words;
    }

    private static void runToEnd(List<String> words, Path log) throws IOException, InterruptedException {
        int code = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", words) + " exited with " + code + ":\n" + Files.readString(log));
        }
    }

    private static boolean isReady(Path program, int port) throws IOException, InterruptedException {
        return new ProcessBuilder(program.toString(), "-q", "-h", "127.0.0.1", "-p", Integer.toString(port))
                        .start()
                        .waitFor()
                == 0;
    }
}
