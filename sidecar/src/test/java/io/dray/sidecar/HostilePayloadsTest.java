package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.AttachRequest;
import io.dray.types.v1.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What clients may do with large payloads to harm others, and what stops them. */
class HostilePayloadsTest extends LargePayloads {
    @Test
    void whoAsksForEverMoreThatIsOverAndReadsNothingIsEnded() {
        AgentClient hostile = doors.large("a");
        hostile.call.ready = false;
        AgentClient other = doors.large("b");

        for (int frame = 0; frame < 3 && hostile.call.isOpen(); frame++) {
            hostile.say(windows(hostile, frame * 2_000, 2_000));
        }

        assertThat(hostile.error().getCode()).isEqualTo(Code.CODE_TOO_MANY);
        assertThat(hostile.error().getExpected()).isEqualTo("at most 4096 unread answers");
        assertThat(other.call.isOpen()).isTrue();
    }

    @Test
    void whoDoesNotReadThatPayloadsAreOverIsNotReadOnUntilItDoes() {
        AgentClient slow = doors.large("a");
        slow.call.ready = false;
        int requested = slow.call.requested();

        slow.say(windows(slow, 0, 1_024));
        slow.say(windows(slow, 0, 1_024));

        assertThat(slow.call.requested()).as("the same again is no more").isEqualTo(requested);
        slow.call.ready = true;
        wake(slow);
        assertThat(slow.call.requested()).isEqualTo(requested + 2);
        assertThat(slow.frames().stream().mapToInt(frame -> frame.getChunksCount()))
                .filteredOn(count -> count > 0)
                .hasSize(1_024);
    }

    @Test
    void aSenderThatDoesNotReadItsWindowsIsNotReadOn() {
        AgentClient sender = doors.large("a");
        AgentClient receiver = doors.large("b");
        sender.call.ready = false;
        int requested = sender.call.requested();
        int sent = 0;

        while (sent < 200_000 && sender.call.requested() == requested + sent) {
            begin(receiver, sender, ++sent, 1);
            say(sender, piece(new byte[1], 0, 1).setBlob(sent));
            requested++;
        }

        assertThat(sent).isLessThan(100_000);
        assertThat(sender.call.isOpen()).isTrue();
    }

    @Test
    void aPayloadThatTricklesIsOverThoughItNeverRests() {
        AgentClient sender = doors.large("a");
        AgentClient receiver = doors.large("b");
        AgentClient other = doors.large("a2");
        AgentClient plain = doors.agent("c");
        byte[] payload = payload(500_000);
        begin(receiver, sender, BLOB, payload.length);
        other.send(announced(other, "c", payload.length));
        int piece = 4 * 1024;

        for (int sent = 0; sent < 3 * piece; sent += piece) {
            chunk(sender, payload, sent, sent + piece);
            chunk(other, payload, sent, sent + piece);
            sweepAfter(Duration.ofSeconds(25));
        }

        assertThat(sender.told()).containsExactly("1 REFUSED EXPIRED");
        assertThat(other.told()).containsExactly("1 REFUSED EXPIRED");
        assertThat(plain.received()).isEmpty();
        assertThatNothingIsLeft();
    }

    @Test
    void aPayloadAtALeastPaceMayTakeItsTime() {
        AgentClient sender = doors.large("a");
        AgentClient receiver = doors.large("b");
        byte[] payload = payload(1_000_000);
        begin(receiver, sender, BLOB, payload.length);

        for (int sent = 0; sent < payload.length; sent += 50_000) {
            chunk(sender, payload, sent, sent + 50_000);
            sweepAfter(Duration.ofSeconds(6));
        }

        assertThat(dataOf(receiver)).isEqualTo(payload);
        assertThatNothingIsLeft();
    }

    private static AttachRequest windows(AgentClient agent, int first, int count) {
        var frame = AttachRequest.newBuilder();
        for (int blob = first; blob < first + count; blob++) {
            frame.addBlobWindows(window(agent, 1).setBlob(blob));
        }
        return frame.build();
    }
}
