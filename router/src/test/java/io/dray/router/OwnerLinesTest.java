package io.dray.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Await;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.GetTaskResponse;
import io.dray.router.v1.TaskServiceGrpc;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnerLinesTest {
    private final List<String> opened = new ArrayList<>();
    private final OwnerLines lines = new OwnerLines(address -> {
        opened.add(address);
        return InProcessChannelBuilder.forName("nobody at " + address).build();
    });

    @AfterEach
    void close() {
        lines.close();
    }

    private Optional<ClientCall<GetTaskRequest, GetTaskResponse>> call(String owner) {
        return lines.call(owner, TaskServiceGrpc.getGetTaskMethod());
    }

    private static AtomicReference<Status> start(ClientCall<GetTaskRequest, GetTaskResponse> call) {
        AtomicReference<Status> end = new AtomicReference<>();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.set(status);
                    }
                },
                new Metadata());
        return end;
    }

    @Test
    void callsShareAFewConnectionsUpToWhatServersTake() {
        for (int i = 0; i < 4_000; i++) {
            assertThat(call("a")).isPresent();
        }

        assertThat(opened).hasSize(4).containsOnly("a");
        assertThat(call("a")).isEmpty();
        assertThat(call("b")).isPresent();
        assertThat(opened).hasSize(8);
    }

    @Test
    void aCallThatHasEndedMakesRoom() {
        ClientCall<GetTaskRequest, GetTaskResponse> first = call("a").orElseThrow();
        for (int i = 1; i < 4_000; i++) {
            assertThat(call("a")).isPresent();
        }
        assertThat(call("a")).isEmpty();

        AtomicReference<Status> end = start(first);
        Await.until("the end of the call", () -> end.get() != null);

        assertThat(call("a")).isPresent();
    }

    @Test
    void connectionsToTheOwnerStayAndOthersEnd() {
        assertThat(call("a")).isPresent();

        lines.close("a");
        assertThat(call("a")).isPresent();
        assertThat(opened).hasSize(4);

        lines.close("");
        assertThat(call("a")).isPresent();
        assertThat(opened).hasSize(8);
    }

    @Test
    void afterTheEndNobodyIsCalled() {
        assertThat(call("a")).isPresent();

        lines.close();

        assertThat(call("a")).isEmpty();
        assertThat(call("b")).isEmpty();
    }
}
