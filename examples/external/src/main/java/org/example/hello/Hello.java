package org.example.hello;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.Message;
import java.time.Duration;

/** Attaches an agent that greets, asks it once through the mesh, prints the answer and leaves. */
public final class Hello {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Hello() {}

    public static void main(String[] args) {
        var greeter = AgentSpec.named("hello").onRequest("greet", message -> "Hello " + message.text());
        try (var mesh = Mesh.connect(greeter);
                var visitor = Mesh.connect("visitor")) {
            var reply = visitor.requestBlocking(Message.to("hello").type("greet").payload("Ada"), PATIENCE);
            System.out.println(reply.text() + " from " + reply.from());
        }
    }
}
