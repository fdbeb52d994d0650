package io.dray.core.telemetry;

import java.util.Optional;

/** Says whether a process can do its work now. Called on virtual threads. */
@FunctionalInterface
public interface Readiness {
    /** Always ready. */
    Readiness ALWAYS = Optional::empty;

    /** Returns why not, in words; empty when ready. */
    Optional<String> reasonNotReady();
}
