package io.dray.bench.messaging;

import io.dray.bench.mesh.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The systems that Dray is compared with: their words, their programs and what installs those. */
public final class OtherSystems {
    /** The words of {@code --against} for messages. */
    public static final List<String> WORDS = List.of("grpc", "nats", "nginx", "haproxy");
    /** The words of {@code --against} for tasks. */
    public static final List<String> TASK_WORDS = List.of("db-scheduler", "nats");
    /** The database that tasks may be kept in; db-scheduler has no other. */
    public static final String POSTGRESQL = "postgresql";

    private static final String POSTGRES = "postgres";
    private static final Map<String, String> PROGRAMS = Map.of(
            "nats",
            "nats-server",
            "nginx",
            "nginx",
            "haproxy",
            "haproxy",
            "db-scheduler",
            POSTGRES,
            POSTGRESQL,
            POSTGRES);
    private static final List<Path> USUAL =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/usr/local/bin"));

    private OtherSystems() {}

    /**
     * Returns which systems are not installed.
     *
     * @param words of systems
     * @return those that are missing, each with the command that installs it
     */
    public static Map<String, String> missing(List<String> words) {
        Map<String, String> missing = new LinkedHashMap<>();
        for (String word : words) {
            String program = PROGRAMS.get(word);
            if (program != null && !isInstalled(program)) {
                missing.put(word, install(program));
            }
        }
        return missing;
    }

    /** Returns the word that asks for a system: that of both gRPC ones is grpc. */
    static String wordOf(String system) {
        return system.startsWith("grpc") ? "grpc" : system;
    }

    /**
     * Returns where a system's program is.
     *
     * @param word of the system
     * @return an executable
     */
    public static Path program(String word) {
        String program = PROGRAMS.getOrDefault(word, word);
        return find(program)
                .orElseThrow(() -> new IllegalStateException(program + " is not installed (" + install(program) + ")"));
    }

    private static String install(String program) {
        return program.equals(POSTGRES) ? PostgresServer.INSTALL : "apt-get install " + program;
    }

    private static boolean isInstalled(String program) {
        return program.equals(POSTGRES)
                ? PostgresServer.isInstalled()
                : find(program).isPresent();
    }

    private static Optional<Path> find(String program) {
        Stream<Path> path = Arrays.stream(
                        Pattern.compile(":").split(System.getenv().getOrDefault("PATH", "")))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
        return Stream.concat(path, USUAL.stream())
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
