package io.dray.router.fleet;

import java.util.List;

/** An instance that handles tasks, as its node announced it. Immutable. */
public record Worker(String instance, List<String> capabilities, int slots) {
    public Worker {
        capabilities = List.copyOf(capabilities);
    }
}
