package io.dray.sidecar.blob;

/**
 * What names one sending of a large payload in the whole mesh.
 *
 * @param session of its sender
 * @param blob number within the session
 */
record BlobKey(long session, long blob) {
    @Override
    public String toString() {
        return Long.toHexString(session) + "-" + Long.toUnsignedString(blob);
    }
}
