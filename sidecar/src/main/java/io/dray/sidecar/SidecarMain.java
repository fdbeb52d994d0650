package io.dray.sidecar;

import io.dray.core.config.ConfigException;
import io.dray.core.config.Loaded;
import io.dray.core.config.Setting;
import io.dray.core.config.StartOptions;
import io.dray.core.lifecycle.ListenRefusedException;
import io.dray.core.lifecycle.ReloadSignal;
import io.dray.core.lifecycle.StopSignal;
import io.dray.core.telemetry.Logging;
import io.dray.types.v1.Code;
import java.io.IOException;
import java.io.PrintStream;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The main class of a sidecar: reads its words and configuration, serves until it is told to stop. */
public final class SidecarMain {
    private static final Logger log = LoggerFactory.getLogger(SidecarMain.class);
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
        Loaded<SidecarConfig> loaded;
        try {
            options = StartOptions.parse(words);
            loaded = SidecarConfig.read(options.file(), System.getenv(), options.settings());
        } catch (ConfigException | IllegalArgumentException bad) {
            System.err.println(StartOptions.complaint(bad));
            return USAGE;
        }
        Logging.setLevel(loaded.config().log().level());
        sayPresets(loaded);
        return serve(loaded, options, out);
    }

    /** Takes 18 ms, which the other core has while this one reads the configuration and loads Netty. */
    private static void describeContract() {
        var _ = Code.getDescriptor();
    }

    private static void sayPresets(Loaded<SidecarConfig> loaded) {
        String chosen = loaded.settings().stream()
                .filter(Setting::isPreset)
                .map(setting -> setting.key() + "=" + setting.value())
                .collect(Collectors.joining(" "));
        log.info(
                "profile {}, tier {}: {}",
                loaded.config().profile().word(),
                Tier.ofThisHost().word(),
                chosen);
    }

    private static int serve(Loaded<SidecarConfig> loaded, StartOptions options, PrintStream out) {
        try (StopSignal stop = StopSignal.install();
                Sidecar sidecar = Sidecar.start(loaded.config(), options.insecure())) {
            var reload = new Reload(options, System.getenv(), loaded.settings(), sidecar::change);
            var _ = ReloadSignal.install(reload::run);
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
