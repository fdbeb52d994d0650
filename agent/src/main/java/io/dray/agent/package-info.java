/**
 * The Java SDK: attach to the sidecar of this host, send and receive messages, submit and handle tasks.
 *
 * <p>A first agent, which answers greetings until its process is stopped:
 *
 * <pre>{@code
 * import io.dray.agent.AgentSpec;
 * import io.dray.agent.Mesh;
 *
 * public class Greeter {
 *     public static void main(String[] args) throws InterruptedException {
 *         var spec = AgentSpec.named("greeter").onRequest("greet", message -> "Hello " + message.text());
 *         try (var mesh = Mesh.connect(spec)) {
 *             Thread.currentThread().join();
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>and somebody who asks it:
 *
 * <pre>{@code
 * try (var mesh = Mesh.connect("visitor")) {
 *     var reply = mesh.requestBlocking(Message.to("greeter").type("greet").payload("Ada"), Duration.ofSeconds(5));
 *     System.out.println(reply.text());
 * }
 * }</pre>
 *
 * <p>Start with {@link io.dray.agent.Mesh}; describe what your agent offers with {@link io.dray.agent.AgentSpec}; tune
 * with {@link io.dray.agent.MeshConfig}; test without any process with {@link io.dray.agent.testing.FakeMesh}. The enums
 * of the contract ({@code Priority}, {@code DeliveryClass}, {@code ReceiptLevel}, {@code Code}) are used as they are, so
 * that each concept has one name in every language.
 */
@NullMarked
package io.dray.agent;

import org.jspecify.annotations.NullMarked;
