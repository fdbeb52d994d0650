package io.dray.router;

import io.dray.core.net.CallRelay;
import io.dray.core.wire.MeshError;
import io.dray.router.store.PoolOwner;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.BindableService;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts services behind the router that owns the pool: where it is this one they serve, else each call goes on to the
 * owner, once. Runs on the callers' event loops and never blocks. Thread-safe.
 */
final class Forwarding {
    /** Names the router that forwarded a call: it is not forwarded again, so that no two can send it to and fro. */
    static final Metadata.Key<String> FORWARDED_BY =
            Metadata.Key.of("dray-forwarded-by", Metadata.ASCII_STRING_MARSHALLER);

    private final String router;
    private final Leadership leadership;
    private final OwnerLines lines;
    private final Counter forwarded;
    private final Counter refused;

    Forwarding(String router, Leadership leadership, OwnerLines lines, MeterRegistry meters) {
        this.router = router;
        this.leadership = leadership;
        this.lines = lines;
        this.forwarded = counter("sent", meters);
        this.refused = counter("refused", meters);
    }

    private static Counter counter(String result, MeterRegistry meters) {
        return Counter.builder("dray_calls_forwarded")
                .description("Calls for the router that owns the pool")
                .tag("result", result)
                .register(meters);
    }

    /**
     * Returns a service whose calls go to the owner.
     *
     * @param own methods that this router answers whoever owns the pool
     */
    BindableService behind(BindableService service, Set<String> own) {
        return () -> {
            ServerServiceDefinition given = service.bindService();
            ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(given.getServiceDescriptor());
            given.getMethods().forEach(method -> definition.addMethod(behind(method, own)));
            return definition.build();
        };
    }

    private <Q, R> ServerMethodDefinition<Q, R> behind(ServerMethodDefinition<Q, R> method, Set<String> own) {
        if (own.contains(String.valueOf(method.getMethodDescriptor().getBareMethodName()))) {
            return method;
        }
        ServerCallHandler<Q, R> here = method.getServerCallHandler();
        return method.withServerCallHandler((call, headers) -> {
            if (leadership.isHere()) {
                return here.startCall(call, headers);
            }
            return forward(call, headers.get(FORWARDED_BY));
        });
    }

    private <Q, R> ServerCall.Listener<Q> forward(ServerCall<Q, R> call, @Nullable String forwardedBy) {
        if (forwardedBy != null) {
            return refuse(call, leadership.notHere(forwardedBy));
        }
        Optional<PoolOwner> known = leadership.elsewhere();
        if (known.isEmpty()) {
            return refuse(call, leadership.nobody());
        }
        PoolOwner owner = known.get();
        Optional<ClientCall<Q, R>> toOwner = lines.call(owner.address(), call.getMethodDescriptor());
        if (toOwner.isEmpty()) {
            return refuse(
                    call,
                    MeshError.of(
                            Code.CODE_QUEUE_FULL,
                            "This router forwards as many calls as it may; try again, or ask the owner of the pool.",
                            router,
                            owner.router() + " at " + owner.address()));
        }
        forwarded.increment();
        Metadata marked = new Metadata();
        marked.put(FORWARDED_BY, router);
        return new CallRelay<>(call, toOwner.get(), UnaryOperator.identity(), failure -> told(owner, failure))
                .start(marked);
    }

    private <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, Error error) {
        refused.increment();
        CallRelay.refuse(call, MeshError.toStatus(error));
        return new ServerCall.Listener<>() {};
    }

    /** Passes on what the owner said; that it said nothing becomes a code of its own. */
    private static StatusRuntimeException told(PoolOwner owner, StatusRuntimeException failure) {
        Error error = MeshError.from(failure);
        if (error.getCode() != Code.CODE_UNREACHABLE) {
            return MeshError.toStatus(error);
        }
        String why = failure.getStatus().getDescription();
        return MeshError.toStatus(Leadership.silent(owner, why == null ? "the connection failed" : why));
    }
}
