package io.dray.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.agent.v1.Hello;
import io.dray.agent.v1.Welcome;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/** What a {@link SidecarStream} tells its owner, on the loop. */
interface StreamOwner {
    /** Introduces the agent on a stream of this number; {@code resumed} is the session to go on with. */
    Hello hello(int stream, @Nullable Session resumed);

    void onAttached(Session session, boolean isResumed, Welcome welcome);

    /**
     * Takes a frame, which is valid during the call only.
     *
     * @throws InvalidProtocolBufferException when it cannot be read to its end
     */
    void onFrame(ReceivedFrame frame) throws InvalidProtocolBufferException;

    /** The stream takes frames again. */
    void onReady();

    void onDetached(Error reason);

    /** The stream will not be opened again. */
    void onEnded(Error reason);
}
