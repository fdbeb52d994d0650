package io.dray.router;

import io.dray.core.config.ConfigException;
import io.dray.core.config.ConfigLoader;
import io.dray.core.config.StartOptions;
import io.dray.core.lifecycle.ListenRefusedException;
import io.dray.core.lifecycle.ReloadSignal;
import io.dray.core.lifecycle.StopSignal;
import io.dray.core.telemetry.Logging;
import io.dray.router.store.StoreException;
import java.io.IOException;
import java.io.PrintStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The main class of a router: reads its words and configuration, serves until it is told to stop. */
public final class RouterMain {
    private static final Logger log = LoggerFactory.getLogger(RouterMain.class);
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int INTERRUPTED = 130;

    private RouterMain() {}

    public static void main(String[] words) {
        Logging.setUp();
        System.exit(run(words, System.out));
    }

    /** Serves until the process is told to stop; prints one READY line. Returns the exit code; 2 means bad usage. */
    public static int run(String[] words, PrintStream out) {
        try {
            StartOptions options = StartOptions.parse(words);
            RouterConfig config = ConfigLoader.load(
                    RouterConfig.class, options.file(), System.getenv(), "DRAY_ROUTER", options.settings());
            return serve(config, options.insecure(), out);
        } catch (ConfigException | IllegalArgumentException bad) {
            System.err.println(StartOptions.complaint(bad));
            return USAGE;
        }
    }

    /** SIGHUP is what a sidecar reloads by: whoever sends it to all must not end the router. */
    private static void sayNothingReloads() {
        log.warn("SIGHUP: a router has nothing to reload; restart it to change its configuration");
    }

    private static int serve(RouterConfig config, boolean insecure, PrintStream out) {
        // Closed in reverse: the process may end only when the router has.
        try (StopSignal stop = StopSignal.install();
                Router router = Router.start(config, insecure)) {
            var _ = ReloadSignal.install(RouterMain::sayNothingReloads);
            out.println("READY " + router.readyJson());
            out.flush();
            stop.await();
            return DONE;
        } catch (ListenRefusedException refused) {
            System.err.println(StartOptions.complaint(refused));
            return USAGE;
        } catch (StoreException | IOException failure) {
            System.err.println(StartOptions.complaint(failure));
            return FAILED;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        }
    }
}
