package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.door.Pages;
import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.router.v1.Agent;
import io.dray.router.v1.ListAgentsRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray agents}: the attached instances that the router knows. */
@Command(
        name = "agents",
        description = "List the agents that are attached, on all nodes.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray agents", "  dray agents digester --node node-2 --json"})
final class AgentsCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Only agents of this name.")
    private String agent = "";

    @Option(names = "--node", paramLabel = "NODE", description = "Only agents on this node.")
    private String node = "";

    @Mixin
    private final RouterOption router = new RouterOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    AgentsCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        ListAgentsRequest request =
                ListAgentsRequest.newBuilder().setAgent(agent).setNode(node).build();
        try (Door door = router.open()) {
            print(Pages.agents(door.admin(RouterOption.TIMEOUT), request));
        }
    }

    private void print(List<Agent> agents) {
        if (json.wanted()) {
            var array = Json.array();
            agents.forEach(one -> {
                var object = array.addObject()
                        .put("instance", one.getInstance())
                        .put("agent", one.getAgent())
                        .put("node", one.getNode())
                        .put("task_slots", one.getTaskSlots());
                var capabilities = object.putArray("capabilities");
                one.getCapabilitiesList().forEach(capabilities::add);
                var labels = object.putObject("labels");
                one.getLabelsMap().forEach(labels::put);
            });
            Json.print(console.out(), array);
            return;
        }
        Table table = new Table("INSTANCE", "NODE", "SLOTS", "CAPABILITIES");
        agents.forEach(one -> table.row(
                one.getInstance(), one.getNode(), one.getTaskSlots(), String.join(",", one.getCapabilitiesList())));
        table.print(console.out());
    }
}
