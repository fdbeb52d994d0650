package io.dray.sidecar;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.Hello;
import io.dray.types.v1.Address;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Played agents on one node whose sidecar keeps replies. */
abstract class RepliesOfAgents {
    static final int TTL_MILLIS = 1_000;
    /** Some 33 of them fill a mailbox. */
    static final String LARGE = "X".repeat(30_000);

    @TempDir
    Path folder;

    Doors doors;
    AgentClient asker;
    AgentClient other;
    AgentClient answerer;

    @BeforeEach
    void open() throws IOException {
        doors = new Doors(folder);
        asker = doors.agent("a");
        other = doors.agent("o");
        answerer = doors.agent("b");
    }

    @AfterEach
    void close() {
        doors.close();
    }

    /** The sidecar learns that replies of this type are marked. */
    void learn() {
        ask(asker, "first");
        reply(0, "FIRST", TTL_MILLIS);
    }

    AgentClient attach(Hello.Builder hello) {
        AgentClient client = doors.connect();
        client.say(AttachRequest.newBuilder().setHello(hello).build());
        return client;
    }

    Envelope.Builder dueIn(AgentClient from, Duration time) {
        return request(from, "x").setDeadlineUnixMicros(doors.context.nowMicros() + time.toNanos() / 1_000);
    }

    static Envelope.Builder cancel(AgentClient from, AgentClient requester, long sequence) {
        return from.envelope("b")
                .setKind(Kind.KIND_CANCEL)
                .setCauseSession(requester.welcome().getSession())
                .setCauseSequence(sequence);
    }

    static void ask(AgentClient from, String text) {
        from.send(request(from, text));
    }

    static Envelope.Builder request(AgentClient from, String text) {
        return from.envelope("b").setKind(Kind.KIND_REQUEST).setType("upper").setPayload(ByteString.copyFromUtf8(text));
    }

    void reply(int index, String text, int ttlMillis) {
        answerer.send(replyTo(index, text, ttlMillis));
    }

    Envelope.Builder replyTo(int index, String text, int ttlMillis) {
        Envelope request = answerer.received().get(index);
        return answerer.envelope(instance(request.getFrom()))
                .setKind(Kind.KIND_REPLY)
                .setCauseSession(request.getSession())
                .setCauseSequence(request.getSequence())
                .setCacheTtlMillis(ttlMillis)
                .setPayload(ByteString.copyFromUtf8(text));
    }

    static Address instance(String name) {
        return Address.newBuilder().setInstance(name).build();
    }

    static List<HopNote> notes(AgentClient agent) {
        return agent.frames().stream()
                .flatMap(frame -> frame.getNotesList().stream())
                .toList();
    }
}
