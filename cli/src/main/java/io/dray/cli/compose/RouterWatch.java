package io.dray.cli.compose;

import io.dray.cli.door.Door;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the router of a project again and again by one connection: each has memory of its own that outlives it for a while.
 * A router that was started again is at another port. Not thread-safe; whoever made it closes it.
 */
public final class RouterWatch implements AutoCloseable {
    private static final int ROUTER_PORT = 7400;

    private String endpoint = "";
    private @Nullable Door door;

    /** Where the router of these services is to be asked from this host. */
    static Optional<String> endpointOf(List<Service> services) {
        return services.stream()
                .flatMap(service -> Optional.ofNullable(service.ports().get(ROUTER_PORT)).stream())
                .findFirst();
    }

    /** The connection to the router of these services; empty while its port is not published. */
    public Optional<Door> door(List<Service> services) {
        Optional<String> now = endpointOf(services);
        if (now.isPresent() && !now.get().equals(endpoint)) {
            close();
            endpoint = now.get();
            door = Door.to(endpoint);
        }
        return now.isPresent() ? Optional.ofNullable(door) : Optional.empty();
    }

    /** What the router of these services sees now. */
    MeshSeen see(List<Service> services) {
        return door(services).map(MeshSeen::by).orElse(MeshSeen.NOTHING);
    }

    @Override
    public void close() {
        if (door != null) {
            door.close();
        }
    }
}
