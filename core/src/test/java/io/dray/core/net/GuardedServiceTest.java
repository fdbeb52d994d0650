package io.dray.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuardedServiceTest {
    private final List<Error> refused = new CopyOnWriteArrayList<>();
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name)
                .directExecutor()
                .addService(GuardedService.of(new Health(), refused::add))
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void bytesThatAreNoRequestGetBadFrame() {
        Throwable thrown = catchThrowable(
                () -> ClientCalls.blockingUnaryCall(channel, raw(), CallOptions.DEFAULT, new byte[] {-1, -1, -1}));

        assertThat(thrown).isInstanceOf(StatusRuntimeException.class);
        Error error = MeshError.from(thrown);
        assertThat(error.getCode()).isEqualTo(Code.CODE_BAD_FRAME);
        assertThat(error.getExpected()).isNotEmpty();
        assertThat(refused).containsExactly(error);
    }

    @Test
    void aRequestThatIsEmptyIsNotTakenForUnreadable() {
        HealthCheckResponse response = ClientCalls.blockingUnaryCall(channel, raw(), CallOptions.DEFAULT, new byte[0]);

        assertThat(response.getStatus()).isEqualTo(ServingStatus.SERVING);
        assertThat(refused).isEmpty();
    }

    @Test
    void aHandlerThatThrowsGetsInternal() {
        var request = HealthCheckRequest.newBuilder().setService("defect").build();

        Throwable thrown =
                catchThrowable(() -> HealthGrpc.newBlockingStub(channel).check(request));

        Error error = MeshError.from(thrown);
        assertThat(error.getCode()).isEqualTo(Code.CODE_INTERNAL);
        assertThat(error.getValue()).contains("planted");
        assertThat(refused).containsExactly(error);
    }

    @Test
    void keepsWhatReflectionTellsOfAService() {
        var guarded = GuardedService.of(new Health(), refused::add).getServiceDescriptor();

        assertThat(guarded.getSchemaDescriptor())
                .isNotNull()
                .isEqualTo(HealthGrpc.getServiceDescriptor().getSchemaDescriptor());
    }

    private static MethodDescriptor<byte[], HealthCheckResponse> raw() {
        return HealthGrpc.getCheckMethod().toBuilder(
                        new Bytes(), HealthGrpc.getCheckMethod().getResponseMarshaller())
                .build();
    }

    private static final class Bytes implements Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException("only sent");
        }
    }

    private static final class Health extends HealthGrpc.HealthImplBase {
        @Override
        public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> responses) {
            if (request.getService().equals("defect")) {
                throw new IllegalStateException("planted");
            }
            responses.onNext(HealthCheckResponse.newBuilder()
                    .setStatus(ServingStatus.SERVING)
                    .build());
            responses.onCompleted();
        }
    }
}
