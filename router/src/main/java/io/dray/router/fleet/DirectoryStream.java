package io.dray.router.fleet;

import io.dray.types.v1.Error;

/** The way to one sidecar's directory stream. Thread-safe; never blocks; what is sent after the end is dropped. */
public interface DirectoryStream {
    /** Answers the first announcement. */
    void welcome();

    void send(DirectoryNews news);

    /** Ends the stream. */
    void end(Error reason);
}
