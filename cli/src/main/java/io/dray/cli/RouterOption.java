package io.dray.cli;

import io.dray.cli.door.Door;
import java.time.Duration;
import picocli.CommandLine.Option;

/** {@code --router}: which router a command asks. */
final class RouterOption {
    /** How long a router may take to answer a read. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** How long what goes through all of a store may take. */
    static final Duration WHOLE_STORE = Duration.ofDays(1);

    private static final String DEFAULT = "127.0.0.1:7400";

    @Option(
            names = "--router",
            paramLabel = "ENDPOINT",
            description = "host:port; else DRAY_ROUTER, else " + DEFAULT + ".")
    private String router = "";

    Door open() {
        return Door.to(router.isEmpty() ? System.getenv().getOrDefault("DRAY_ROUTER", DEFAULT) : router);
    }

    /** Whether somebody named a router, here or in the environment. */
    boolean isNamed() {
        return !router.isEmpty() || System.getenv().containsKey("DRAY_ROUTER");
    }
}
