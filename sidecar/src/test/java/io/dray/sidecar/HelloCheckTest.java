package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.agent.v1.Hello;
import io.dray.agent.v1.Subscription;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Encoding;
import io.dray.types.v1.Error;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HelloCheckTest {
    @ParameterizedTest
    @MethodSource("largest")
    void takesWhatIsAtTheLimit(Hello.Builder hello) {
        assertThatCode(() -> HelloCheck.check(hello.build())).doesNotThrowAnyException();
    }

    static List<Hello.Builder> largest() {
        return List.of(
                labels(64),
                hello().putLabels("k".repeat(256), "v".repeat(256)),
                hello().addAllSubscriptions(subscriptions(0, 1_024)),
                hello().addAllAcceptEncodings(Collections.nCopies(64, Encoding.ENCODING_ZSTD)),
                hello().addAllRunning(Collections.nCopies(10_000, AttemptUpdate.getDefaultInstance())),
                hello().addAllCapabilities(Collections.nCopies(64, "c")),
                hello().setTaskSlots(10_000));
    }

    @ParameterizedTest
    @MethodSource("tooLarge")
    void refusesWhatIsOverTheLimitAndNamesIt(Hello.Builder hello, Code code, String value, String expected) {
        Error error = MeshError.from(catchThrowable(() -> HelloCheck.check(hello.build())));

        assertThat(error.getCode()).isEqualTo(code);
        assertThat(error.getValue()).startsWith(value);
        assertThat(error.getExpected()).isEqualTo(expected);
    }

    static List<Arguments> tooLarge() {
        return List.of(
                tooMany(labels(65), "labels 65", 64),
                Arguments.of(
                        hello().putLabels("k".repeat(257), ""), Code.CODE_TOO_LARGE, "kkk", "at most 256 characters"),
                Arguments.of(
                        hello().putLabels("k", "v".repeat(257)),
                        Code.CODE_TOO_LARGE,
                        "k=vvv",
                        "at most 256 characters"),
                tooMany(hello().addAllSubscriptions(subscriptions(0, 1_025)), "subscriptions 1025", 1_024),
                tooMany(
                        hello().addAllAcceptEncodings(Collections.nCopies(65, Encoding.ENCODING_ZSTD)),
                        "accept_encodings 65",
                        64),
                tooMany(
                        hello().addAllRunning(Collections.nCopies(10_001, AttemptUpdate.getDefaultInstance())),
                        "running 10001",
                        10_000),
                tooMany(hello().addAllCapabilities(Collections.nCopies(65, "c")), "capabilities 65", 64),
                tooMany(hello().setTaskSlots(-1), "task_slots 4294967295", 10_000));
    }

    @Test
    void anInstanceHasAtMost4096SubscriptionsHoweverManyFramesAddThem(@TempDir Path folder) throws Exception {
        try (var doors = new Doors(folder)) {
            AgentClient agent = doors.agent("a");
            for (int i = 0; i < 4; i++) {
                agent.say(frame(subscriptions(i * 1_024, 1_024)));
            }
            // The same again, and another instead of one, are no more than there were.
            agent.say(frame(subscriptions(0, 1_024)));
            agent.say(frame(List.of(
                    Subscription.newBuilder().setPattern("t.0").setRemove(true).build(),
                    Subscription.newBuilder().setPattern("one").build())));
            assertThat(agent.call.isOpen()).isTrue();
            assertThat(doors.agents.subscriptions().all()).hasSize(4_096);

            agent.say(frame(
                    List.of(Subscription.newBuilder().setPattern("another").build())));

            assertThat(agent.error().getCode()).isEqualTo(Code.CODE_TOO_MANY);
            assertThat(agent.error().getExpected()).isEqualTo("at most 4096");
        }
    }

    private static Arguments tooMany(Hello.Builder hello, String value, int most) {
        return Arguments.of(hello, Code.CODE_TOO_MANY, value, "at most " + most);
    }

    private static AttachRequest frame(List<Subscription> subscriptions) {
        return AttachRequest.newBuilder().addAllSubscriptions(subscriptions).build();
    }

    private static List<Subscription> subscriptions(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> Subscription.newBuilder().setPattern("t." + i).build())
                .toList();
    }

    private static Hello.Builder labels(int count) {
        Hello.Builder hello = hello();
        IntStream.range(0, count).forEach(i -> hello.putLabels("k" + i, "v"));
        return hello;
    }

    private static Hello.Builder hello() {
        return Doors.hello("a");
    }
}
