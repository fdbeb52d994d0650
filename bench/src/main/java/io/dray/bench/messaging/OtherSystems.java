package io.dray.bench.messaging;

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
    /** The words of {@code --against}. */
    public static final List<String> WORDS = List.of("grpc", "nats", "nginx", "haproxy");

    private static final Map<String, String> PROGRAMS =
            Map.of("nats", "nats-server", "nginx", "nginx", "haproxy", "haproxy");
    private static final List<Path> USUAL =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/usr/local/bin"));

    private OtherSystems() {}

    /**
     * Returns which systems are not installed.
     *
     * @return their words, each with the command that installs it
     */
    public static Map<String, String> missing() {
        Map<String, String> missing = new LinkedHashMap<>();
        for (String word : WORDS) {
            String program = PROGRAMS.get(word);
            if (program != null && find(program).isEmpty()) {
                missing.put(word, "apt-get install " + program);
            }
        }
        return missing;
    }

    /** Returns the word that asks for a system: that of both gRPC ones is grpc. */
    static String wordOf(String system) {
        return system.startsWith("grpc") ? "grpc" : system;
    }

    static Path program(String word) {
        String program = PROGRAMS.getOrDefault(word, word);
        return find(program)
                .orElseThrow(() ->
                        new IllegalStateException(program + " is not installed (apt-get install " + program + ")"));
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
