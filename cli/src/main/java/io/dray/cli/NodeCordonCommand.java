package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.router.v1.CordonNodeRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dray node cordon}: nothing new for a node. */
@Command(
        name = "cordon",
        description = "Give a node no new tasks; what runs there goes on.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray node cordon node-2"})
final class NodeCordonCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "NODE", converter = MeshWord.Name.class, description = "Name of the node.")
    private String node = "";

    @Mixin
    private final RouterOption router = new RouterOption();

    NodeCordonCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        CordonNodeRequest request =
                CordonNodeRequest.newBuilder().setNode(node).setCordoned(true).build();
        try (Door door = router.open()) {
            int attempts = door.admin(RouterOption.TIMEOUT).cordonNode(request).getAttempts();
            console.out().println(node + " gets nothing new; it holds " + attempts + " attempts");
        }
    }
}
