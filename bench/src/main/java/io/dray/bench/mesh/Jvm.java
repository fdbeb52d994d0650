package io.dray.bench.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How children are started: this JVM's own java and class path, with the flags that the launcher gives every JVM. */
public final class Jvm {
    /** As the launcher sets it, so that measured memory is the product's. */
    private static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "1");

    /**
     * What an agent's JVM does without our flags. The young generation is that of a larger machine: else load would mostly
     * measure how often the small heap of a sidecar is cleaned. Reflection by the JVM's own code is what a sidecar starts
     * faster by: gRPC counts each call and message through it, 5 % of an event loop with such calls. The threshold of
     * the compilers stays as the launcher sets it: with the JVM's own they were busy for longer than the warm-up.
     */
    private static final List<String> AGENT_FLAGS =
            List.of("-Xms128m", "-Xmn64m", "-Djdk.reflect.useNativeAccessorOnly=false");

    private Jvm() {}

    /**
     * Starts a main class that reads commands on its standard input and ends when that closes.
     *
     * @param name what to call the child in messages; its log is {@code logs/name.log}
     * @param main the main class
     * @param args its arguments
     * @param logs an existing folder
     * @return the running child
     * @throws IOException when it cannot be started
     */
    public static Child start(String name, Class<?> main, List<String> args, Path logs) throws IOException {
        return start(name, main.getName(), args, logs);
    }

    /**
     * Starts a main class that puts load on, as users start their agents: without what the launcher's flags save a
     * sidecar.
     *
     * @param name what to call the child in messages; its log is {@code logs/name.log}
     * @param main the main class
     * @param args its arguments
     * @param variables of its environment
     * @param logs an existing folder
     * @return the running child
     * @throws IOException when it cannot be started
     */
    public static Child startAgent(
            String name, Class<?> main, List<String> args, Map<String, String> variables, Path logs)
            throws IOException {
        List<String> words = new ArrayList<>(AGENT_FLAGS);
        words.add(main.getName());
        words.addAll(args);
        return start(name, words, variables, logs);
    }

    /**
     * Starts a main class by its name.
     *
     * @param name what to call the child in messages; its log is {@code logs/name.log}
     * @param main name of the main class
     * @param args its arguments
     * @param logs an existing folder
     * @return the running child
     * @throws IOException when it cannot be started
     */
    public static Child start(String name, String main, List<String> args, Path logs) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(main);
        words.addAll(args);
        return start(name, words, Map.of(), logs);
    }

    private static Child start(String name, List<String> words, Map<String, String> variables, Path logs)
            throws IOException {
        List<String> command = new ArrayList<>(command());
        command.addAll(words);
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.putAll(variables);
        return Child.start(name, command, environment, logs.resolve(name + ".log"));
    }

    /**
     * Starts a main class that knows nothing of its parent, tethered to it.
     *
     * @param name what to call the child in messages; its log is {@code logs/name.log}
     * @param main name of the main class
     * @param args its arguments
     * @param logs an existing folder
     * @return the running child
     * @throws IOException when it cannot be started
     */
    public static Child tethered(String name, String main, List<String> args, Path logs) throws IOException {
        return tethered(name, List.of(), main, args, logs);
    }

    /**
     * The same with flags of the JVM on top of the launcher's.
     *
     * @param name what to call the child in messages; its log is {@code logs/name.log}
     * @param flags such as {@code -Xmx1g}
     * @param main name of the main class
     * @param args its arguments
     * @param logs an existing folder
     * @return the running child
     * @throws IOException when it cannot be started
     */
    public static Child tethered(String name, List<String> flags, String main, List<String> args, Path logs)
            throws IOException {
        List<String> words = new ArrayList<>(flags);
        words.add(Tether.class.getName());
        words.add(main);
        words.addAll(args);
        return start(name, words, Map.of(), logs);
    }

    /**
     * Returns the source tree that this bench was built from: it is never installed.
     *
     * @return its root; the working directory when nothing tells
     */
    public static Path repository() {
        String root = System.getProperty("dray.root");
        String home = System.getProperty("dray.home");
        if (root != null || home == null) {
            return Path.of(root == null ? "." : root).toAbsolutePath().normalize();
        }
        // The product stands in cli/target/dray.
        return Path.of(home).resolve("../../..").toAbsolutePath().normalize();
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path flags = flags();
        if (Files.exists(flags)) {
            command.add("@" + flags);
        }
        command.add("-Ddray.root=" + repository());
        String extra = System.getProperty("dray.bench.jvm", "");
        if (!extra.isBlank()) {
            command.addAll(List.of(extra.split(" ")));
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        return command;
    }

    private static Path flags() {
        String home = System.getProperty("dray.home");
        if (home != null) {
            return Path.of(home, "lib", "jvm.options");
        }
        return repository().resolve("cli/src/main/launcher/jvm.options");
    }
}
