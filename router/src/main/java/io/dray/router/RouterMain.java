package io.dray.router;

import io.dray.core.config.ConfigException;
import io.dray.core.config.ConfigLoader;
import io.dray.core.telemetry.Logging;
import io.dray.router.store.StoreException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The main class of a router: reads its words and configuration, serves until it is told to stop. */
public final class RouterMain {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int INTERRUPTED = 130;
    private static final String HELP = "usage: router [--config FILE] [--set key=value]... [--insecure]";

    private RouterMain() {}

    public static void main(String[] words) {
        Logging.setUp();
        System.exit(run(words, System.out));
    }

    /** Serves until the process is told to stop; prints one READY line. Returns the exit code; 2 means bad usage. */
    public static int run(String[] words, PrintStream out) {
        Options options;
        RouterConfig config;
        try {
            options = Options.parse(words);
            config = ConfigLoader.load(
                    RouterConfig.class, options.file(), System.getenv(), "DRAY_ROUTER", options.settings());
        } catch (ConfigException | IllegalArgumentException bad) {
            System.err.println(bad.getMessage());
            return USAGE;
        }
        return serve(config, options.insecure(), out);
    }

    private static int serve(RouterConfig config, boolean insecure, PrintStream out) {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = Thread.ofPlatform().unstarted(() -> {
            stop.countDown();
            awaitQuietly(stopped);
        });
        try (Router router = Router.start(config, insecure)) {
            Runtime.getRuntime().addShutdownHook(hook);
            out.println("READY " + router.readyJson());
            out.flush();
            stop.await();
            return DONE;
        } catch (StoreException | IOException | IllegalArgumentException failure) {
            System.err.println(failure.getMessage());
            return FAILED;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        } finally {
            stopped.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The words of the command line. */
    private record Options(@Nullable Path file, Map<String, String> settings, boolean insecure) {
        static Options parse(String[] words) {
            Path file = null;
            Map<String, String> settings = new TreeMap<>();
            boolean insecure = false;
            for (int i = 0; i < words.length; i++) {
                switch (words[i]) {
                    case "--insecure" -> insecure = true;
                    case "--config" -> file = Path.of(following(words, i++));
                    case "--set" -> set(settings, following(words, i++));
                    default -> throw new IllegalArgumentException("word: " + words[i] + " (expected: " + HELP + ")");
                }
            }
            return new Options(file, settings, insecure);
        }

        private static String following(String[] words, int i) {
            if (i + 1 == words.length) {
                throw new IllegalArgumentException(words[i] + ": nothing follows (expected: " + HELP + ")");
            }
            return words[i + 1];
        }

        private static void set(Map<String, String> settings, String pair) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("--set " + pair + " (expected: key=value)");
            }
            settings.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
    }
}
