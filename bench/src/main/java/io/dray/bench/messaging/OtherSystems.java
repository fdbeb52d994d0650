package io.dray.bench.messaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
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

    private static final Map<String, String> PROGRAMS = Map.of(
            "nats",
            "nats-server",
            "nginx",
            "nginx",
            "haproxy",
            "haproxy",
            "db-scheduler",
            "postgres",
            POSTGRESQL,
            "postgres");
    /** Where a program has another name than what is installed. */
    private static final Map<String, String> PACKAGES = Map.of("postgres", POSTGRESQL);

    private static final List<Path> USUAL =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/usr/local/bin"));
    /** Debian keeps each version's programs in a folder of its own, and only links to those for clients. */
    private static final Path POSTGRESQL_VERSIONS = Path.of("/usr/lib/postgresql");

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
            if (program != null && find(program).isEmpty()) {
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
        return "apt-get install " + PACKAGES.getOrDefault(program, program);
    }

    private static Optional<Path> find(String program) {
        Stream<Path> path = Arrays.stream(
                        Pattern.compile(":").split(System.getenv().getOrDefault("PATH", "")))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
        return Stream.of(path, USUAL.stream(), versions())
                .flatMap(folders -> folders)
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The newest first. */
    private static Stream<Path> versions() {
        try (Stream<Path> versions = Files.list(POSTGRESQL_VERSIONS)) {
            return versions
                    .sorted(Comparator.comparing(
                                    (Path version) -> version.getFileName().toString())
                            .reversed())
                    .map(version -> version.resolve("bin"))
                    .toList()
                    .stream();
        } catch (IOException _) {
            return Stream.empty();
        }
    }
}
