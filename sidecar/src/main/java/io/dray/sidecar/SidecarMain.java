package io.dray.sidecar;

import io.dray.core.config.ConfigException;
import io.dray.core.config.ConfigLoader;
import io.dray.core.config.StartOptions;
import io.dray.core.lifecycle.ListenRefusedException;
import io.dray.core.lifecycle.StopSignal;
import io.dray.core.telemetry.Logging;
import io.dray.types.v1.Code;
import java.io.IOException;
import java.io.PrintStream;

/** The main class of a sidecar: reads its words and configuration, serves until it is told to stop. */
public final class SidecarMain {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int INTERRUPTED = 130;

    private SidecarMain() {}

    /** Starts a sidecar by words, see {@link #run}. */
    public static void main(String[] words) {
        Logging.setUp();
        System.exit(run(words, System.out));
    }

    /** Serves until the process is told to stop; prints one READY line. Returns the exit code; 2 means bad usage. */
    public static int run(String[] words, PrintStream out) {
        Thread.ofPlatform().daemon().name("head-start").start(SidecarMain::describeContract);
        StartOptions options;
        SidecarConfig config;
        try {
            options = StartOptions.parse(words);
            config = ConfigLoader.load(
                    SidecarConfig.class, options.file(), System.getenv(), "DRAY_SIDECAR", options.settings());
        } catch (ConfigException | IllegalArgumentException bad) {
            System.err.println(StartOptions.complaint(bad));
            return USAGE;
        }
        return serve(config, options.insecure(), out);
    }

    /** Takes 18 ms, which the other core has while this one reads the configuration and loads Netty. */
    private static void describeContract() {
        var _ = Code.getDescriptor();
    }

    private static int serve(SidecarConfig config, boolean insecure, PrintStream out) {
        try (StopSignal stop = StopSignal.install();
                Sidecar sidecar = Sidecar.start(config, insecure)) {
            out.println("READY " + sidecar.readyJson());
            out.flush();
            stop.await();
            return DONE;
        } catch (ListenRefusedException refused) {
            System.err.println(StartOptions.complaint(refused));
            return USAGE;
        } catch (IOException | IllegalArgumentException failure) {
            System.err.println(StartOptions.complaint(failure));
            return FAILED;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        }
    }
}
