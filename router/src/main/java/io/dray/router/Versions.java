package io.dray.router;

import io.dray.core.telemetry.BuildInfo;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Version;
import java.util.Optional;

/** Which versions of the contract a router speaks. Stateless. */
final class Versions {
    private static final int MAJOR = 1;
    private static final Version OURS = Version.newBuilder()
            .setMajor(MAJOR)
            .setSoftware(BuildInfo.software("router"))
            .build();

    private Versions() {}

    static Version ours() {
        return OURS;
    }

    /** Returns why the other side cannot be served; empty when it can. */
    static Optional<Error> check(Version theirs) {
        if (theirs.getMajor() == MAJOR) {
            return Optional.empty();
        }
        return Optional.of(MeshError.of(
                Code.CODE_UNSUPPORTED_VERSION,
                "The contract's major version is another one.",
                Integer.toUnsignedString(theirs.getMajor()),
                Integer.toString(MAJOR)));
    }
}
