package io.dray.bench.mesh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Main class of a child that must not outlive its parent: runs another main class and ends the process when standard
 * input closes, which the kernel does even when the parent was killed. Answers {@code gc} with its pauses.
 */
public final class Tether {
    private static final String PAUSES = "gcMs";

    private Tether() {}

    /**
     * Runs {@code args[0]} with the arguments after it.
     *
     * @param args name of a class with a public main method, then its arguments
     * @throws Throwable whatever that main method throws
     */
    public static void main(String[] args) throws Throwable {
        Thread.ofPlatform().daemon().name("tether").start(Tether::haltWhenInputCloses);
        MethodHandle main = MethodHandles.lookup()
                .findStatic(Class.forName(args[0]), "main", MethodType.methodType(void.class, String[].class));
        main.invoke(Arrays.copyOfRange(args, 1, args.length));
    }

    /**
     * Returns how long garbage collections have stopped this process.
     *
     * @return milliseconds, under a name for JSON
     */
    public static Map<String, Long> pauses() {
        long millis = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        return Map.of(PAUSES, millis);
    }

    private static void haltWhenInputCloses() {
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                // Whatever else is written to a tethered child means nothing.
                if (line.equals("gc")) {
                    System.out.println("{\"" + PAUSES + "\":" + pauses().get(PAUSES) + "}");
                }
            }
        } catch (IOException _) {
            // An input that cannot be read is as good as closed.
        }
        Runtime.getRuntime().halt(0);
    }
}
