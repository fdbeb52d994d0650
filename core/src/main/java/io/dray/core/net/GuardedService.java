package io.dray.core.net;

import com.google.protobuf.MessageLite;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every failed call of generated stubs its own code: BAD_FRAME where the bytes are not the method's message,
 * INTERNAL where a handler threw. Without it gRPC ends such a call with UNKNOWN and says nothing. Stateless.
 */
public final class GuardedService {
    private static final Logger LOGGER = LoggerFactory.getLogger(GuardedService.class);

    private GuardedService() {}

    /**
     * Wraps a service whose requests are protobuf messages.
     *
     * @param refused is told each error with which a call ended
     */
    public static ServerServiceDefinition of(BindableService service, Consumer<Error> refused) {
        ServerServiceDefinition given = service.bindService();
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
        given.getMethods().forEach(method -> methods.add(guarded(method, refused)));
        // Reflection tells of services by their schema.
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(
                        given.getServiceDescriptor().getName())
                .setSchemaDescriptor(given.getServiceDescriptor().getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder guarded = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(guarded::addMethod);
        return guarded.build();
    }

    private static <Q, R> ServerMethodDefinition<Q, R> guarded(
            ServerMethodDefinition<Q, R> method, Consumer<Error> refused) {
        MethodDescriptor<Q, R> descriptor = method.getMethodDescriptor();
        Marshaller<Q> requests = descriptor.getRequestMarshaller();
        Q unreadable = unreadable(requests);
        if (unreadable == null) {
            return method;
        }
        MethodDescriptor<Q, R> readable = descriptor.toBuilder(
                        new Reading<>(requests, unreadable), descriptor.getResponseMarshaller())
                .build();
        ServerCallHandler<Q, R> handler = method.getServerCallHandler();
        return ServerMethodDefinition.create(readable, (call, headers) -> {
            Ending<Q, R> ending = new Ending<>(call, refused);
            return new Guard<>(handler.startCall(ending, headers), ending, unreadable);
        });
    }

    /** A message that stands for unreadable bytes: told from an empty one by identity. */
    @SuppressWarnings("unchecked") // a builder of a message builds messages of its own class
    private static <Q> @Nullable Q unreadable(Marshaller<Q> marshaller) {
        if (marshaller instanceof PrototypeMarshaller<Q> known
                && known.getMessagePrototype() instanceof MessageLite prototype) {
            return (Q) prototype.newBuilderForType().buildPartial();
        }
        return null;
    }

    private record Reading<Q>(Marshaller<Q> marshaller, Q unreadable) implements Marshaller<Q> {
        @Override
        public InputStream stream(Q value) {
            return marshaller.stream(value);
        }

        @Override
        public Q parse(InputStream bytes) {
            try {
                return marshaller.parse(bytes);
            } catch (StatusRuntimeException _) {
                return unreadable;
            }
        }
    }

    /** Ends a call once, and tells of the error that it ended with. */
    private static final class Ending<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final Consumer<Error> refused;
        private boolean ended;

        Ending(ServerCall<Q, R> call, Consumer<Error> refused) {
            super(call);
            this.refused = refused;
        }

        @Override
        public void sendMessage(R message) {
            synchronized (this) {
                if (ended) {
                    return;
                }
            }
            super.sendMessage(message);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
            }
            if (!status.isOk()) {
                refused.accept(MeshError.from(status.asRuntimeException(trailers)));
            }
            super.close(status, trailers);
        }

        void end(Error error) {
            StatusRuntimeException status = MeshError.toStatus(error);
            Metadata trailers = status.getTrailers();
            close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        }
    }

    private static final class Guard<Q, R> extends SimpleForwardingServerCallListener<Q> {
        private final Ending<Q, R> call;
        private final Q unreadable;

        Guard(ServerCall.Listener<Q> listener, Ending<Q, R> call, Q unreadable) {
            super(listener);
            this.call = call;
            this.unreadable = unreadable;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // this very message stands for unreadable bytes
        public void onMessage(Q message) {
            if (message != unreadable) {
                guard(() -> super.onMessage(message));
                return;
            }
            String method = call.getMethodDescriptor().getFullMethodName();
            call.end(MeshError.of(
                    Code.CODE_BAD_FRAME,
                    "The bytes are not the request of " + method + ".",
                    "not protobuf",
                    "the request message of the contract"));
            // The service is told as if the client had gone, so that it lets go of what it holds for the call.
            guard(super::onCancel);
        }

        @Override
        public void onHalfClose() {
            guard(super::onHalfClose);
        }

        private void guard(Runnable handler) {
            try {
                handler.run();
            } catch (StatusRuntimeException e) {
                call.end(MeshError.from(e));
            } catch (RuntimeException e) {
                LOGGER.atError()
                        .setCause(e)
                        .addKeyValue("method", call.getMethodDescriptor().getFullMethodName())
                        .log("A handler failed");
                call.end(MeshError.of(
                        Code.CODE_INTERNAL, "The handler failed; the log of the process tells why.", e.toString(), ""));
            }
        }
    }
}
