package io.dray.bench.mesh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The installed PostgreSQL as processes of this machine, with a data folder of its own and otherwise its own defaults.
 * All of them can be killed at once and started again on the same port; they end when the bench ends. One thread uses
 * it.
 */
public final class PostgresServer implements AutoCloseable {
    /** What installs it on Debian. */
    public static final String INSTALL = "apt-get install -y --no-install-recommends postgresql";

    private static final int OLDEST = 15;
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final String USER = "dray";
    private static final String SYSTEM_USER = "postgres";
    private static final int STATUS_LINE = 7;
    private static final Duration SHELL = Duration.ofSeconds(10);
    /** Long enough to go through the log of a killed one. */
    private static final Duration START = Duration.ofSeconds(60);

    private static final Duration STOP = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;
    /** A shell ends it by its id when the bench ends; QUIT makes it end its own children without a checkpoint. */
    private static final String SCRIPT = "trap : INT TERM HUP; \"$@\" & server=$!;"
            + " echo \"READY {\\\"pid\\\":$server}\"; cat >/dev/null; kill -QUIT $server 2>/dev/null; wait $server";

    private final Path programs;
    private final Path logs;
    private final Path home;
    private final String password;
    private final int port;
    private final List<String> settings;
    private @Nullable Child shell;
    private long pid;

    private PostgresServer(Path programs, Path logs, List<String> settings) throws IOException {
        this.programs = programs;
        this.logs = logs;
        this.home = logs.resolve("postgres");
        this.password = UUID.randomUUID().toString();
        this.port = freePort();
        this.settings = settings;
    }

    /**
     * Tells whether a PostgreSQL of a version that the router takes is installed.
     *
     * @return false when {@link #INSTALL} would help
     */
    public static boolean isInstalled() {
        return programs().isPresent();
    }

    /**
     * Makes an empty database without starting it.
     *
     * @param folder an existing folder for data and logs; other users of the machine may pass through it from now on,
     *     since PostgreSQL does not run as root
     * @param settings words such as {@code shared_buffers=256MB}; else its own defaults hold, also that of fsync
     * @return the database
     * @throws IOException when it is not installed or cannot be made
     * @throws InterruptedException when the caller is interrupted
     */
    public static PostgresServer make(Path folder, String... settings) throws IOException, InterruptedException {
        Path programs = programs()
                .orElseThrow(() -> new IOException("PostgreSQL is not installed; install it with: " + INSTALL));
        PostgresServer server = new PostgresServer(programs, folder, List.of(settings));
        server.makeData();
        return server;
    }

    /**
     * Starts it, on the port of before, and waits until it takes connections.
     *
     * @throws IOException when it does not
     * @throws InterruptedException when the caller is interrupted
     */
    public void start() throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh"));
        words.addAll(asSystemUser());
        words.addAll(List.of(program("postgres"), "-D", data().toString(), "-p", Integer.toString(port)));
        // Sockets would stand in a folder of the system.
        words.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
        settings.forEach(setting -> words.addAll(List.of("-c", setting)));
        shell = Child.start("postgres", words, Map.of("LC_ALL", "C"), log());
        pid = shell.ready(SHELL).get("pid").asLong();
        awaitReady();
    }

    /**
     * Ends it in good order: connections are closed, and what it holds is written to its data.
     *
     * @throws IOException when the program kill cannot be started
     * @throws InterruptedException when the caller is interrupted
     */
    public void stop() throws IOException, InterruptedException {
        signal("INT", pid);
        awaitEnd(ProcessHandle.of(pid).stream().toList(), STOP);
        close();
    }

    /**
     * Kills all its processes, as {@code kill -9} does.
     *
     * @throws IOException when the program kill cannot be started
     * @throws InterruptedException when the caller is interrupted
     */
    public void kill() throws IOException, InterruptedException {
        // Stopped first, so that it starts no more of them while they are counted.
        signal("STOP", pid);
        List<ProcessHandle> all = ProcessHandle.of(pid).stream()
                .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(all, STOP);
        close();
    }

    /**
     * Sends its first process {@code kill -STOP} or {@code -CONT}.
     *
     * @param signal STOP or CONT
     * @throws IOException when the program kill cannot be started
     * @throws InterruptedException when the caller is interrupted
     */
    public void signal(String signal) throws IOException, InterruptedException {
        signal(signal, pid);
    }

    /** Ends it by its own means but without a checkpoint; its data stays. */
    @Override
    public void close() {
        if (shell != null) {
            shell.close();
            shell = null;
        }
    }

    /**
     * Tells whether it runs.
     *
     * @return false before the first start and once it has ended
     */
    public boolean isAlive() {
        return shell != null
                && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /**
     * Returns where it is.
     *
     * @return a URL of JDBC without user and password, the same after each start
     */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /**
     * Returns who may do everything there.
     *
     * @return a name of PostgreSQL, not of the machine
     */
    public String user() {
        return USER;
    }

    /**
     * Returns that user's password.
     *
     * @return a random one
     */
    public String password() {
        return password;
    }

    /**
     * Returns the file with that user's password, which only this user of the machine and PostgreSQL's may read.
     *
     * @return an existing file
     */
    public Path passwordFile() {
        return home.resolve("password");
    }

    /**
     * Returns the settings of a router that keeps its tasks there.
     *
     * @return words such as {@code store.user=dray}
     */
    public List<String> routerSettings() {
        return Stream.concat(Stream.of("store.url=" + url()), loginSettings().stream())
                .toList();
    }

    /**
     * Returns the part of those settings that says who the router is there.
     *
     * @return user and file of the password
     */
    public List<String> loginSettings() {
        return List.of("store.user=" + USER, "store.password-file=" + passwordFile());
    }

    /**
     * Returns its first process.
     *
     * @return the id; of the last one once it has ended
     */
    public long pid() {
        return pid;
    }

    /**
     * Returns the shell that it ends with.
     *
     * @return the child
     */
    public Child child() {
        if (shell == null) {
            throw new IllegalStateException("PostgreSQL is not running");
        }
        return shell;
    }

    /**
     * Asks the program for its version.
     *
     * @return such as {@code 15.13}
     * @throws IOException when it cannot be started
     */
    public String version() throws IOException {
        Process process = new ProcessBuilder(program("postgres"), "--version").start();
        try (var lines = process.inputReader()) {
            String line = String.valueOf(lines.readLine());
            return Pattern.compile("[0-9][0-9.]*")
                    .matcher(line)
                    .results()
                    .findFirst()
                    .map(found -> found.group())
                    .orElse(line);
        }
    }

    private void makeData() throws IOException, InterruptedException {
        Files.createDirectories(home);
        Files.writeString(passwordFile(), password + "\n");
        Files.setPosixFilePermissions(passwordFile(), PosixFilePermissions.fromString("rw-------"));
        if (isRoot()) {
            Files.setPosixFilePermissions(logs, PosixFilePermissions.fromString("rwx--x--x"));
            var owner = home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(SYSTEM_USER);
            Files.setOwner(passwordFile(), owner);
            Files.setOwner(home, owner);
        }
        List<String> words = new ArrayList<>(asSystemUser());
        words.addAll(List.of(program("initdb"), "-D", data().toString(), "-U", USER, "--pwfile=" + passwordFile()));
        words.addAll(List.of("--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-instructions"));
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(Path.of("/").toFile());
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        if (builder.start().waitFor() != 0) {
            throw new IOException("initdb failed; its log " + log() + " ends:\n" + Files.readString(log()));
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + START.toNanos();
        while (!isReady()) {
            if (!isAlive() || System.nanoTime() > giveUp) {
                throw new IOException("PostgreSQL " + (isAlive() ? "is not ready after " + START : "ended")
                        + "; its log is " + log());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** The file that it writes its state into, as pg_ctl reads it; that of a killed one names another process. */
    private boolean isReady() {
        try {
            List<String> lines = Files.readAllLines(data().resolve("postmaster.pid"));
            return lines.size() > STATUS_LINE
                    && lines.getFirst().equals(Long.toString(pid))
                    && lines.get(STATUS_LINE).startsWith("ready");
        } catch (IOException _) {
            // It has not written it yet, or is just doing so.
            return false;
        }
    }

    /** Who is an orphan now may stay a zombie where nobody collects them; that one holds nothing any more. */
    private static void awaitEnd(List<ProcessHandle> processes, Duration patience) {
        CompletableFuture.allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
    }

    private Path data() {
        return home.resolve("data");
    }

    private Path log() {
        return logs.resolve("postgres.log");
    }

    private String program(String name) {
        return programs.resolve(name).toString();
    }

    private static List<String> asSystemUser() {
        return isRoot()
                ? List.of("setpriv", "--reuid=" + SYSTEM_USER, "--regid=" + SYSTEM_USER, "--init-groups", "--")
                : List.of();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Where initdb and postgres are: the newest of Debian's, which are not on the PATH, or what is there. */
    private static Optional<Path> programs() {
        return Stream.concat(ofDebian(), ofPath())
                .filter(folder ->
                        Files.isExecutable(folder.resolve("initdb")) && Files.isExecutable(folder.resolve("postgres")))
                .findFirst();
    }

    private static Stream<Path> ofDebian() {
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions
                    .filter(version -> number(version) >= OLDEST)
                    .sorted((left, right) -> Integer.compare(number(right), number(left)))
                    .map(version -> version.resolve("bin"))
                    .toList()
                    .stream();
        } catch (IOException _) {
            return Stream.of();
        }
    }

    private static Stream<Path> ofPath() {
        return Arrays.stream(Pattern.compile(":").split(System.getenv().getOrDefault("PATH", "")))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
    }

    private static int number(Path version) {
        String name = String.valueOf(version.getFileName());
        return name.matches("[0-9]{1,4}") ? Integer.parseInt(name) : 0;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
