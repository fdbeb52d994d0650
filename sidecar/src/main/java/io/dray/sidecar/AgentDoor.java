package io.dray.sidecar;

import io.dray.agent.v1.AgentServiceGrpc;
import io.dray.core.net.EventLoops;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FrameMarshallers;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.frame.OutboundFrame;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Serves AgentService: Attach as bytes, the unary door by generated stubs. Thread-safe. */
final class AgentDoor implements BindableService {
    private final UnaryDoor unary;
    private final Attaching attaching;
    private final EventLoops loops;
    private final FramePool pool;
    private final Set<AttachStream> streams = ConcurrentHashMap.newKeySet();

    AgentDoor(UnaryDoor unary, Attaching attaching, EventLoops loops, FramePool pool) {
        this.unary = unary;
        this.attaching = attaching;
        this.loops = loops;
        this.pool = pool;
    }

    @Override
    public ServerServiceDefinition bindService() {
        MethodDescriptor<Frame, OutboundFrame> attach =
                FrameMarshallers.server(AgentServiceGrpc.getAttachMethod(), pool);
        ServerServiceDefinition generated = unary.bindService();
        return withFrames(generated, ServerMethodDefinition.create(attach, (call, _) -> open(call)));
    }

    /** Tells every attached agent that the sidecar is about to stop. */
    void draining() {
        streams.forEach(AttachStream::draining);
    }

    /** Replaces one generated method by one that carries frames as bytes, keeping what reflection shows. */
    static ServerServiceDefinition withFrames(ServerServiceDefinition generated, ServerMethodDefinition<?, ?> method) {
        String name = method.getMethodDescriptor().getFullMethodName();
        var descriptor = ServiceDescriptor.newBuilder(
                        generated.getServiceDescriptor().getName())
                .setSchemaDescriptor(generated.getServiceDescriptor().getSchemaDescriptor())
                .addMethod(method.getMethodDescriptor());
        for (ServerMethodDefinition<?, ?> other : generated.getMethods()) {
            if (!other.getMethodDescriptor().getFullMethodName().equals(name)) {
                descriptor.addMethod(other.getMethodDescriptor());
            }
        }
        var service = ServerServiceDefinition.builder(descriptor.build()).addMethod(method);
        for (ServerMethodDefinition<?, ?> other : generated.getMethods()) {
            if (!other.getMethodDescriptor().getFullMethodName().equals(name)) {
                service.addMethod(other);
            }
        }
        return service.build();
    }

    /** The loop that runs the present callback: the one of the connection, since executors are direct. */
    static EventLoop currentLoop(EventLoops loops) {
        for (EventExecutor loop : loops.group()) {
            if (loop.inEventLoop()) {
                return (EventLoop) loop;
            }
        }
        return loops.loop();
    }

    private ServerCall.Listener<Frame> open(ServerCall<Frame, OutboundFrame> call) {
        var stream = new AttachStream(call, currentLoop(loops), attaching, streams::remove);
        streams.add(stream);
        return stream;
    }
}
