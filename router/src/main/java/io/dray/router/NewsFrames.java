package io.dray.router;

import io.dray.router.v1.JoinResponse;
import io.dray.router.v1.Members;
import io.dray.router.v1.NodeGone;
import io.dray.router.v1.NodeInterest;
import io.dray.router.v1.NodeLocation;
import io.dray.router.v1.PoolOwner;
import java.util.ArrayList;
import java.util.List;

/** Directory news, put into frames of about one mebibyte at most. Confined to one thread. */
final class NewsFrames {
    /** A frame is closed before it passes this; far below the largest message that gRPC takes by default. */
    static final int MAX_BYTES = 1024 * 1024;

    private final List<JoinResponse> full = new ArrayList<>();
    private JoinResponse.Builder frame = JoinResponse.newBuilder();
    private int bytes;

    void add(NodeLocation location) {
        room(location.getSerializedSize()).addNodes(location);
    }

    void add(NodeGone gone) {
        room(gone.getSerializedSize()).addGone(gone);
    }

    void add(Members members) {
        room(members.getSerializedSize()).addMembers(members);
    }

    void add(NodeInterest interest) {
        room(interest.getSerializedSize()).addInterests(interest);
    }

    void add(PoolOwner owner) {
        room(owner.getSerializedSize()).setOwner(owner);
    }

    private JoinResponse.Builder room(int more) {
        if (bytes > 0 && bytes + more > MAX_BYTES) {
            full.add(frame.build());
            frame = JoinResponse.newBuilder();
            bytes = 0;
        }
        bytes += more;
        return frame;
    }

    /** Returns all frames; the last one says whether the directory is complete. */
    List<JoinResponse> end(boolean complete) {
        full.add(frame.setDirectoryComplete(complete).build());
        return List.copyOf(full);
    }
}
