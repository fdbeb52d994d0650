package io.dray.bench.mesh;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * Main class of a child that must not outlive its parent: runs another main class and ends the process when standard
 * input closes, which the kernel does even when the parent was killed.
 */
public final class Tether {
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

    private static void haltWhenInputCloses() {
        try {
            while (System.in.read() >= 0) {
                // Whatever is written to a tethered child means nothing.
            }
        } catch (IOException _) {
            // An input that cannot be read is as good as closed.
        }
        Runtime.getRuntime().halt(0);
    }
}
