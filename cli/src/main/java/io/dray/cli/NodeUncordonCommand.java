package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.router.v1.CordonNodeRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dray node uncordon}: tasks for a node again. */
@Command(
        name = "uncordon",
        description = "Give a node tasks again.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray node uncordon node-2"})
final class NodeUncordonCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "NODE", converter = MeshWord.Name.class, description = "Name of the node.")
    private String node = "";

    @Mixin
    private final RouterOption router = new RouterOption();

    NodeUncordonCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        CordonNodeRequest request = CordonNodeRequest.newBuilder().setNode(node).build();
        try (Door door = router.open()) {
            var _ = door.admin(RouterOption.TIMEOUT).cordonNode(request);
            console.out().println(node + " gets tasks again");
        }
    }
}
