package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.door.LargeDoor;
import java.time.Duration;
import picocli.CommandLine.Mixin;

/** How a command with a deadline asks a sidecar and prints the answer. */
final class DoorOptions {
    @Mixin
    private final TimeoutOption timeout = new TimeoutOption();

    @Mixin
    private final SidecarOption sidecar = new SidecarOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    Door open() {
        return sidecar.open();
    }

    LargeDoor attach() {
        return sidecar.attach();
    }

    /** The deadline that is put into the request. */
    Duration timeout() {
        return timeout.timeout();
    }

    /** The deadline of the call itself. */
    Duration patience() {
        return timeout.patience();
    }

    boolean isJsonWanted() {
        return json.wanted();
    }
}
