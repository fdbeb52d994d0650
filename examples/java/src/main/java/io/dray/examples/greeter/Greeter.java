package io.dray.examples.greeter;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;

/** An agent that greets whoever asks: {@code dray request greeter Ada --type greet}. */
public final class Greeter {
    private Greeter() {}

    /**
     * Attaches and answers until the process is stopped.
     *
     * @param args none
     * @throws InterruptedException never
     */
    public static void main(String[] args) throws InterruptedException {
        var greeter = AgentSpec.named("greeter").onRequest("greet", message -> "Hello " + message.text());
        try (var mesh = Mesh.connect(greeter)) {
            System.out.println(mesh.instance() + " is attached");
            Thread.currentThread().join();
        }
    }
}
