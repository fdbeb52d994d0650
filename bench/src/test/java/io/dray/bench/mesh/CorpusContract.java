package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.dray.core.testing.Await;
import io.dray.core.testing.Vectors;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The corpus of bad bytes, and random damage, sent to a live sidecar beside agents that go on undisturbed. */
interface CorpusContract extends OnMesh {
    int ENVELOPES_FIELD = 1;
    int MUTATIONS = 2_000;
    long SEED = 20_261_121;

    @Test
    default void theCorpusIsRefusedWithItsCodesAndHurtsNobody() {
        RawAgent bystander = attach("bystander");
        List<Vectors.Bad> corpus = Vectors.bad().stream()
                .filter(bad -> !bad.kind().equals("compressed"))
                .toList();
        assertThat(corpus).isNotEmpty();

        for (Vectors.Bad bad : corpus) {
            double before = refusals();
            RawAgent agent = attach("vandal");
            agent.send(bad.kind().equals("frame") ? bad.bytes() : frame(bad.bytes()));
            assertThat(codeOf(agent)).as(bad.name()).isEqualTo(bad.code());
            assertThat(refusals()).as("the counter after " + bad.name()).isGreaterThan(before);
            agent.close();
        }

        assertThatItWorks(bystander);
    }

    @Test
    default void damagedFramesHurtNobodyElse() {
        RawAgent bystander = attach("bystander");
        Random random = new Random(SEED);
        RawAgent agent = attach("damager");
        for (int i = 0; i < MUTATIONS; i++) {
            if (!agent.isAttached()) {
                agent = attach("damager");
            }
            agent.send(damaged(agent, random));
        }

        assertThatItWorks(bystander);
        assertThat(mesh().processes().sidecar("a").isAlive()).as("seed " + SEED).isTrue();
    }

    private byte[] damaged(RawAgent agent, Random random) {
        Envelope valid = agent.envelope(Addresses.agent("nobody-at-all"))
                .setType("t")
                .putHeaders("key", "value")
                .setPayload(ByteString.copyFrom(new byte[random.nextInt(64)]))
                .build();
        byte[] bytes = frame(valid.toByteArray());
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private RawAgent attach(String stem) {
        return RawAgent.attach(
                mesh().channel("a"), RawAgent.hello(mesh().name(stem)).build());
    }

    private double refusals() {
        return mesh().meter("a", "dray_refused_total");
    }

    /** The code of the refusal in a receipt, or of the stream's end. */
    private static Code codeOf(RawAgent agent) {
        Await.until(
                "a refusal",
                MeshFixture.PATIENCE,
                () -> !agent.isAttached() || !agent.refusals().isEmpty());
        if (!agent.refusals().isEmpty()) {
            return agent.refusals().getFirst().getCode();
        }
        Throwable end = agent.awaitEnd();
        return end == null ? Code.CODE_UNSPECIFIED : MeshError.from(end).getCode();
    }

    private static void assertThatItWorks(RawAgent agent) {
        Address self = Addresses.instance(agent.welcome().getInstance());
        agent.send(agent.envelope(self).setType("proof").build());
        agent.await("its own message", frame -> frame.getEnvelopesCount() > 0);
        assertThat(agent.isAttached()).isTrue();
    }

    /** A frame whose one envelope has these bytes. */
    private static byte[] frame(byte[] envelope) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeByteArray(ENVELOPES_FIELD, envelope);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
