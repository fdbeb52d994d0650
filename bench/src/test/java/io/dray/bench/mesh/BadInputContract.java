package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.Hello;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Version;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a client does wrong is answered with its code, alone, and counted. */
interface BadInputContract extends OnMesh {
    int MAX_ENVELOPE_BYTES = 4 * 1024 * 1024 - 64 * 1024;

    @Test
    default void aFrameBeforeHelloEndsTheStream() {
        RawAgent agent = RawAgent.open(mesh().ownChannel("a"));

        agent.send(AttachRequest.newBuilder().setGoodbye(true).build());

        assertThat(endOf(agent).getCode()).isEqualTo(Code.CODE_HELLO_EXPECTED);
    }

    @Test
    default void anUnknownMajorVersionEndsTheStream() {
        RawAgent agent = RawAgent.open(mesh().ownChannel("a"));
        Hello hello = RawAgent.hello(mesh().name("future"))
                .setVersion(Version.newBuilder().setMajor(2))
                .build();

        agent.send(AttachRequest.newBuilder().setHello(hello).build());

        Error error = endOf(agent);
        assertThat(error.getCode()).isEqualTo(Code.CODE_UNSUPPORTED_VERSION);
        assertThat(error.getValue()).contains("2");
        assertThat(error.getExpected()).contains("1");
    }

    @Test
    default void aBadNameInHelloEndsTheStream() {
        RawAgent agent = RawAgent.open(mesh().ownChannel("a"));

        agent.send(AttachRequest.newBuilder()
                .setHello(RawAgent.hello("Not A Name"))
                .build());

        assertThat(endOf(agent).getCode()).isEqualTo(Code.CODE_BAD_NAME);
    }

    @Test
    default void aTakenInstanceNameIsRefusedAndItsHolderStays() {
        String name = mesh().name("holder");
        RawAgent holder = attach(RawAgent.hello(name).setSuffix("one").build());

        RawAgent second = RawAgent.open(mesh().ownChannel("a"));
        second.send(AttachRequest.newBuilder()
                .setHello(RawAgent.hello(name).setSuffix("one"))
                .build());

        assertThat(endOf(second).getCode()).isEqualTo(Code.CODE_NAME_TAKEN);
        assertThatItWorks(holder);
    }

    @Test
    default void anEnvelopeThatIsNotProtobufIsRefusedOrEndsItsStreamAlone() {
        RawAgent bystander = attach(RawAgent.hello(mesh().name("bystander")).build());
        RawAgent agent = attach(RawAgent.hello(mesh().name("liar")).build());

        agent.send("this is not protobuf at all".getBytes(StandardCharsets.UTF_8));

        assertThat(endOf(agent).getCode()).isEqualTo(Code.CODE_BAD_FRAME);
        assertThatItWorks(bystander);
    }

    @Test
    default void forgedFromAndSessionAreRefusedAlone() {
        RawAgent agent = attach(RawAgent.hello(mesh().name("forger")).build());
        Address self = Addresses.instance(agent.welcome().getInstance());

        refused(agent, agent.envelope(self).setFrom("other/x@a"), Code.CODE_FORGED_SENDER);
        Envelope.Builder session = agent.envelope(self);
        refused(agent, session.setSession(session.getSession() + 1), Code.CODE_FORGED_SENDER);

        assertThatItWorks(agent);
    }

    @Test
    default void whatAnEnvelopeGetsWrongIsSaidAndOnlyItIsRefused() {
        RawAgent agent = attach(RawAgent.hello(mesh().name("clumsy")).build());
        Address self = Addresses.instance(agent.welcome().getInstance());
        ByteString large = ByteString.copyFrom(new byte[40 * 1024]);

        refused(agent, agent.envelope(Addresses.agent(mesh().name("nobody"))), Code.CODE_NO_SUCH_DESTINATION);
        refused(agent, agent.envelope(Addresses.agent("Bad Name")), Code.CODE_BAD_NAME);
        refused(agent, agent.envelope(Addresses.topic("a..b")), Code.CODE_BAD_NAME);
        refused(agent, agent.envelope(self).setDeadlineUnixMicros(1), Code.CODE_EXPIRED);
        refused(agent, agent.envelope(self).setHops(17), Code.CODE_HOP_LIMIT);
        refused(agent, agent.envelope(self).putHeaders("h", large.toStringUtf8()), Code.CODE_HEADER_TOO_LARGE);
        refused(
                agent,
                agent.envelope(self).setDeliveryClass(DeliveryClass.DELIVERY_CLASS_DURABLE),
                Code.CODE_UNIMPLEMENTED);
        refused(agent, agent.envelope(self).setBlob(7), Code.CODE_MISSING_FIELD);
        refused(agent, agent.envelope(self).setBlob(7).setBlobBytes((256L << 20) + 1), Code.CODE_TOO_LARGE);
        refused(
                agent,
                agent.envelope(self).setPayload(ByteString.copyFrom(new byte[MAX_ENVELOPE_BYTES + 1])),
                Code.CODE_TOO_LARGE);

        assertThatItWorks(agent);
    }

    private RawAgent attach(Hello hello) {
        return RawAgent.attach(mesh().ownChannel("a"), hello);
    }

    private void refused(RawAgent agent, Envelope.Builder envelope, Code expected) {
        double before = mesh().meter("a", "dray_refused_total");

        agent.send(envelope.build());

        Error error = agent.awaitRefusal(envelope.getSequence());
        assertThat(error.getCode()).as(error.toString()).isEqualTo(expected);
        assertThat(error.getMessage()).isNotBlank();
        assertThat(mesh().meter("a", "dray_refused_total")).as(expected.name()).isGreaterThan(before);
    }

    private static void assertThatItWorks(RawAgent agent) {
        Address self = Addresses.instance(agent.welcome().getInstance());
        agent.send(agent.envelope(self).setType("proof").build());
        agent.await(
                "its own message",
                frame -> frame.getEnvelopesList().stream()
                        .anyMatch(envelope -> envelope.getType().equals("proof")));
        assertThat(agent.isAttached()).isTrue();
    }

    private static Error endOf(RawAgent agent) {
        Throwable end = agent.awaitEnd();
        assertThat(end).isNotNull();
        return MeshError.from(end == null ? new IllegalStateException() : end);
    }
}
