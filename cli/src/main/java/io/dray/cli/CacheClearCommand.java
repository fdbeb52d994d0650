package io.dray.cli;

import io.dray.agent.v1.ClearReplyCacheRequest;
import io.dray.agent.v1.GetStatusRequest;
import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dray cache clear}: forgets what the reply cache of a sidecar holds. */
@Command(
        name = "clear",
        description = "Forget all replies that a sidecar keeps; the next requests go to their agents again.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray cache clear", "  dray cache clear --sidecar 127.0.0.1:7401"})
final class CacheClearCommand implements Runnable {
    private final Console console;

    @Mixin
    private final DoorOptions options = new DoorOptions();

    CacheClearCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        String node;
        long removed;
        try (Door door = options.open()) {
            node = door.status(options.timeout())
                    .getStatus(GetStatusRequest.getDefaultInstance())
                    .getNode();
            removed = door.status(options.timeout())
                    .clearReplyCache(ClearReplyCacheRequest.getDefaultInstance())
                    .getRemoved();
        }
        if (options.isJsonWanted()) {
            Json.print(console.out(), Json.object().put("node", node).put("removed", removed));
        } else {
            console.out()
                    .println(Table.printable(
                            "%s: forgot %,d %s".formatted(node, removed, removed == 1 ? "reply" : "replies")));
        }
    }
}
