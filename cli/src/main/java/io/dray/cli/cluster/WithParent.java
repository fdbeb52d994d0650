package io.dray.cli.cluster;

import io.dray.core.lifecycle.ReloadSignal;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * The main class of every child: runs the main class that its words name and ends this process when the pipe on
 * standard input closes, so that no child outlives a parent that was killed. The line {@code detach} lets it live on,
 * and it answers when neither pipe nor terminal ends it any more.
 */
public final class WithParent {
    /** Written by a parent that leaves its children running. */
    static final String DETACH = "detach\n";
    /** The line that answers it on standard output. */
    static final String DETACHED = "DETACHED";

    private WithParent() {}

    /**
     * Runs another main class.
     *
     * @param words the name of a main class and its words
     * @throws ReflectiveOperationException if there is no such class with a main method
     */
    public static void main(String[] words) throws ReflectiveOperationException {
        Thread.ofPlatform().daemon().name("parent").start(() -> awaitParent(System.in));
        var main = Class.forName(words[0]).getMethod("main", String[].class);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(words, 1, words.length));
        } catch (InvocationTargetException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void awaitParent(InputStream parent) {
        if (!isDetached(parent)) {
            System.exit(0);
        }
        ReloadSignal.outliveTerminal();
        System.out.println(DETACHED);
    }

    /** Blocks until the parent is gone (false) or has let go of this process (true). */
    static boolean isDetached(InputStream parent) {
        try {
            int read = parent.read();
            return read == DETACH.charAt(0);
        } catch (IOException e) {
            return false;
        }
    }
}
