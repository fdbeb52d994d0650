package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.door.Pages;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.ProgressBar;
import io.dray.router.v1.CordonNodeRequest;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray node drain}: moves the tasks of a node elsewhere. */
@Command(
        name = "drain",
        description = "Give a node no new tasks, and move what runs there to other nodes. That counts as no attempt.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray node drain node-2", "  dray node drain node-2 --wait --timeout 5m"})
final class NodeDrainCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 200;

    private final Console console;

    @Parameters(index = "0", paramLabel = "NODE", converter = MeshWord.Name.class, description = "Name of the node.")
    private String node = "";

    @Option(names = "--wait", description = "Return when nothing runs there any more, at most after --timeout.")
    private boolean wait;

    @Mixin
    private final TimeoutOption timeout = new TimeoutOption();

    @Mixin
    private final RouterOption router = new RouterOption();

    NodeDrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        CordonNodeRequest request = CordonNodeRequest.newBuilder()
                .setNode(node)
                .setCordoned(true)
                .setDrain(true)
                .build();
        try (Door door = router.open()) {
            int attempts = door.admin(RouterOption.TIMEOUT).cordonNode(request).getAttempts();
            if (!wait) {
                console.out().println(node + " gets nothing new; " + attempts + " attempts are moved");
                return ExitCode.DONE.number();
            }
            waitUntilEmpty(door, attempts);
        }
        console.out().println(node + " is drained");
        return ExitCode.DONE.number();
    }

    private void waitUntilEmpty(Door door, int all) throws InterruptedException {
        long end = System.nanoTime() + timeout.timeout().toNanos();
        ProgressBar bar = new ProgressBar(console);
        int left = all;
        while (true) {
            bar.show("drained", Math.max(0, all - left), all);
            if (left == 0) {
                bar.end();
                return;
            }
            if (System.nanoTime() - end >= 0) {
                bar.end();
                throw new CommandException(
                        ExitCode.TIMED_OUT,
                        node + " still holds " + left + " attempts (expected: 0 within --timeout); their handlers do"
                                + " not stop, it stays cordoned");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            left = attempts(door);
        }
    }

    private int attempts(Door door) {
        return Pages.nodes(door.admin(RouterOption.TIMEOUT)).stream()
                .filter(each -> each.getNode().equals(node))
                .mapToInt(io.dray.router.v1.Node::getAttempts)
                .sum();
    }
}
