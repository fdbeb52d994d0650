package io.dray.bench.mesh;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * Main class of a child that must not outlive its parent: runs another main class and ends the process when standard
 * input closes, which the kernel does even when the parent was killed. Answers {@code gc} with its pauses, and
 * {@code memory}, after a collection, with what it holds.
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

    /** Heap and direct memory in use, file descriptors and threads, as JSON. */
    private static String memory() {
        // Twice: what the first one finds to be finished, the second one frees.
        System.gc();
        System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
        return String.format(
                Locale.ROOT,
                "{\"heap\":%d,\"direct\":%d,\"files\":%d,\"threads\":%d}",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                Math.max(direct, PlatformDependent.usedDirectMemory()),
                files,
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static void haltWhenInputCloses() {
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                // Whatever else is written to a tethered child means nothing.
                if (line.equals("memory")) {
                    System.out.println(memory());
                }
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
